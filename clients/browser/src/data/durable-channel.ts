// SPDX-License-Identifier: Apache-2.0
import { OWN_LABEL } from '../call/own-label.js';
import { Events, ParleyError, type RemotePeer } from '../index.js';
import { count, type Fields, text } from '../wire.js';
import type { ChannelOptions, ChannelReason, ChannelState, DurableChannelEvents } from './channel-events.js';
import { type Frame, LONGEST_MESSAGE } from './frame.js';
import { type ChannelMessage, Inbox } from './inbox.js';
import { OVERHEAD, Outbox } from './outbox.js';
import { DirectPath, type Path, type PathParty, ServerPath } from './path.js';

/** A message that waits for a reader. */
interface Unread {
  readonly data: ChannelMessage;
  readonly bytes: number;

  /** The number of the frame behind it. */
  next: number;
}

/** What names one side of a channel, from when it is opened until it is closed. */
const ID = /^[\w-]{1,32}$/;

/** Received frames are acknowledged after so many bytes, or milliseconds. */
const ACKNOWLEDGE_BYTES = 128 << 10;
const ACKNOWLEDGE_MS = 50;

/** The most that a reader may leave unread, in bytes: more than a window and a message, which no other side sends. */
const MOST_UNREAD = LONGEST_MESSAGE + (2 << 20);

/** When to open another data channel in place of one that closed, in milliseconds. */
const REOPEN_MS = 1000;

/**
 * When to greet over the server again, in milliseconds: where the other side has not answered, after twice as long each
 * time, as it may not have opened the channel; and where nothing was acknowledged.
 */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 60_000;
const STUCK_MS = 5000;

/**
 * A channel to a participant of a call that outlives its connections: each message arrives once and in order, over any
 * number of resets.
 */
export class DurableChannel extends Events<DurableChannelEvents> {
  readonly label: string;
  readonly #peer: RemotePeer;
  readonly #id = crypto.getRandomValues(new Uint32Array(2)).join('-');
  readonly #outbox = new Outbox();
  readonly #inbox = new Inbox();
  readonly #ends: (() => void)[] = [];
  readonly #party: PathParty = {
    onOpen: (path) => this.#greet(path),
    onRoom: () => this.#pump(),
    onControl: (path, control) => this.#control(path, control),
    onFrame: (path, frame) => path.isReady && this.#receive(frame),
    onFail: (path) => this.#pathFailed(path),
  };

  /** The id of the other side; empty before it is known. */
  #other = '';
  #direct: DirectPath | undefined;
  #server: ServerPath | undefined;
  #state: ChannelState = 'connecting';

  /** Whether the other side has acknowledged something since the last look. */
  #isMoving = false;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #retrying: ReturnType<typeof setTimeout> | undefined;
  #acknowledging: ReturnType<typeof setTimeout> | undefined;

  /** Frames below this number were read by the application, and how many bytes of them are not acknowledged. */
  #read = 0;
  #readBytes = 0;

  /** Undefined while nobody reads. */
  #unread: Unread[] | undefined;
  #unreadBytes = 0;
  #wake: () => void = () => undefined;

  /** @internal */
  constructor(peer: RemotePeer, label: string, { overServer = false }: ChannelOptions) {
    super();
    this.label = label;
    this.#peer = peer;
    if (peer.state === 'closed') {
      this.#state = 'closed';
      return;
    }
    this.#ends.push(
      peer.on('own-channel', ({ channel }) => channel.label === OWN_LABEL + label && this.#use(channel)),
      peer.on('connection-reset', () => {
        peer.ownChannels.delete(OWN_LABEL + label);
        this.#reopen();
      }),
      peer.on('state-change', ({ to }) => (to === 'closed' ? this.#end('left') : this.#pathChanged())),
    );
    if (overServer) {
      const server = (this.#server = new ServerPath(peer, label, this.#party));
      this.#greet(server);
      this.#watch(server, FIRST_RETRY_MS);
    }
    this.#reopen();
  }

  get state(): ChannelState {
    return this.#state;
  }

  /**
   * Sends a message.
   *
   * @param data text, or bytes, which are copied
   * @returns fulfilled when there is room for the next one: at most 1 MiB is sent ahead of what the other side has
   *     acknowledged; fails with a `ParleyError`, of code `too_big` if the message is longer than 16 MiB, and `closed`
   *     if the channel is closed before, and with a TypeError if it is something else
   */
  async send(data: string | ArrayBuffer | ArrayBufferView): Promise<void> {
    const bytes = bytesOf(data);
    if (bytes.length > LONGEST_MESSAGE) {
      throw new ParleyError('too_big', `a message has at most ${LONGEST_MESSAGE} bytes, not ${bytes.length}`);
    }
    if (this.#state === 'closed') {
      throw closed();
    }
    const added = this.#outbox.add(bytes, typeof data === 'string');
    this.#pump();
    await added;
  }

  /** Closes this side. The other side stays `connecting` until it is opened here again. */
  close(): void {
    this.#end('called');
  }

  /**
   * Reads the messages one by one until the channel is closed. What is not read yet is not acknowledged, so that the
   * other side waits for a slow reader.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ChannelMessage, void, undefined> {
    const unread = (this.#unread ??= []);
    try {
      while (unread.length > 0 || this.#state !== 'closed') {
        const message = unread.shift();
        if (message) {
          this.#unreadBytes -= message.bytes;
          this.#acknowledge(unread.length > 0 ? message.next : this.#inbox.next, message.bytes);
          yield message.data;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.#unread = undefined;
      this.#unreadBytes = 0;
      this.#acknowledge(this.#inbox.next, ACKNOWLEDGE_BYTES);
    }
  }

  /** The impolite side opens the data channel. */
  #reopen(): void {
    this.#dropDirect();
    const label = OWN_LABEL + this.label;
    const opened = this.#peer.isPolite ? this.#peer.ownChannels.get(label) : this.#peer.createDataChannel(label);
    if (opened) {
      this.#use(opened);
    } else {
      this.#pathChanged();
    }
  }

  #use(channel: RTCDataChannel): void {
    this.#dropDirect();
    const direct = (this.#direct = new DirectPath(channel, this.#party));
    if (direct.isOpen) {
      this.#greet(direct);
    }
    this.#pathChanged();
  }

  #dropDirect(): void {
    clearTimeout(this.#reopening);
    this.#direct?.end();
    this.#direct = undefined;
  }

  #pathFailed(path: Path): void {
    path.isReady = false;
    if (path === this.#direct) {
      this.#dropDirect();
      this.#reopening = setTimeout(() => this.#peer.isPolite || this.#reopen(), REOPEN_MS);
      this.#pathChanged();
    } else {
      this.#look();
    }
  }

  /** Where frames go now. */
  get #path(): Path | undefined {
    const isDirect = this.#direct?.isReady === true && (this.#peer.state === 'connected' || !this.#server);
    return isDirect ? this.#direct : this.#server?.isReady ? this.#server : undefined;
  }

  #pathChanged(): void {
    if (this.#server && !this.#path) {
      this.#greet(this.#server);
    }
    this.#look();
  }

  #look(): void {
    const path = this.#path;
    if (this.#state !== 'closed') {
      this.#change(path ? 'open' : 'connecting', path ? 'path_found' : 'path_lost');
      this.#pump();
    }
  }

  /** Greets again where the server may have lost something, so that both sides say what they have received. */
  #watch(server: ServerPath, delay: number): void {
    this.#retrying = setTimeout(() => {
      const isStuck = !this.#isMoving && this.#outbox.frame(this.#outbox.first) !== undefined;
      this.#isMoving = false;
      if (this.#path === server ? isStuck : !this.#path) {
        server.isReady = false;
        this.#greet(server);
      }
      this.#watch(server, server.isReady ? STUCK_MS : Math.min(LAST_RETRY_MS, delay * 2));
    }, delay);
  }

  /** Sends the id of this side, the id it knows of the other one, and what it has received from that one. */
  #greet(path: Path): void {
    path.control({
      hello: this.#id,
      to: this.#other,
      first: this.#outbox.first,
      received: this.#inbox.next,
      read: this.#read,
      asks: !path.isReady,
    });
  }

  #control(path: Path, control: Fields): void {
    const read = count(control.read) ?? 0;
    if (ID.test(text(control.hello))) {
      this.#meet(path, text(control.hello), control);
    } else if (!path.isReady) {
      return;
    }
    if (path.isReady && this.#outbox.acknowledge(read)) {
      this.#isMoving = true;
    }
    this.#look();
  }

  /** The other side greets. */
  #meet(path: Path, id: string, { to, first, received, asks }: Fields): void {
    const isAnew = id !== this.#other;
    const lost = isAnew ? this.#outbox.dropGiven() : 0;
    if (isAnew) {
      this.#other = id;
      [this.#direct, this.#server].forEach((it) => it && (it.isReady = false));
    }
    const start = count(first) ?? 0;
    if (isAnew || start > this.#inbox.next) {
      this.#inbox.begin(start);
      this.#read = start;
      this.#unread?.forEach((it) => (it.next = start));
    }
    if (to === this.#id && lost === 0) {
      path.isReady = true;
      path.next = count(received) ?? 0;
    }
    if (asks === true || lost > 0) {
      this.#greet(path);
    }
    if (lost > 0) {
      this.tell('lost', { messages: lost });
    }
  }

  #pump(): void {
    const path = this.#path;
    if (!path) {
      return;
    }
    path.next = Math.max(path.next, this.#outbox.first);
    for (let frame = this.#outbox.frame(path.next); frame && path.send(frame); frame = this.#outbox.frame(path.next)) {
      this.#outbox.give(frame);
      path.next++;
    }
  }

  #receive(frame: Frame): void {
    const before = this.#inbox.next;
    let data: ChannelMessage | undefined;
    try {
      data = this.#inbox.take(frame);
    } catch {
      this.#end('broken_peer');
      return;
    }
    const { next, held } = this.#inbox;
    if (next === before) {
      return;
    }
    if (data !== undefined && this.#unread) {
      const bytes = OVERHEAD + (typeof data === 'string' ? data.length : data.byteLength);
      this.#unread.push({ data, next, bytes });
      this.#unreadBytes += bytes;
      this.#wake();
    } else if (!this.#unread?.length) {
      this.#acknowledge(next, frame.payload.length);
    }
    if (this.#unreadBytes + held > MOST_UNREAD) {
      this.#end('broken_peer');
    } else if (data !== undefined) {
      this.tell('message', { data });
    }
  }

  #acknowledge(next: number, bytes: number): void {
    this.#read = next;
    this.#readBytes += bytes;
    if (this.#state === 'closed') {
      return;
    }
    if (this.#readBytes >= ACKNOWLEDGE_BYTES) {
      this.#sayRead();
    } else {
      this.#acknowledging ??= setTimeout(() => this.#sayRead(), ACKNOWLEDGE_MS);
    }
  }

  #sayRead(): void {
    clearTimeout(this.#acknowledging);
    this.#acknowledging = undefined;
    this.#readBytes = 0;
    this.#path?.control({ read: this.#read });
  }

  #end(reason: ChannelReason): void {
    if (this.#state === 'closed') {
      return;
    }
    this.#ends.splice(0).forEach((end) => end());
    this.#peer.ownChannels.delete(OWN_LABEL + this.label);
    this.#dropDirect();
    this.#server?.end();
    clearTimeout(this.#acknowledging);
    clearTimeout(this.#retrying);
    const messages = this.#outbox.end(closed());
    this.#change('closed', reason);
    if (messages > 0 && reason !== 'called') {
      this.tell('lost', { messages });
    }
    this.#wake();
  }

  #change(to: ChannelState, reason: ChannelReason): void {
    const from = this.#state;
    if (from !== to) {
      this.#state = to;
      this.tell('state-change', { from, to, reason });
    }
  }
}

const closed = (): ParleyError => new ParleyError('closed', 'the channel is closed: open another one');

/**
 * Returns the bytes of a message, copied.
 *
 * @throws TypeError if it is neither text nor bytes
 */
function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') {
    return new TextEncoder().encode(data);
  }
  if (!ArrayBuffer.isView(data) && Object.prototype.toString.call(data) !== '[object ArrayBuffer]') {
    throw new TypeError(
      'a channel sends text, an ArrayBuffer or a view of one: use JSON.stringify, or arrayBuffer() of a Blob',
    );
  }
  const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}
