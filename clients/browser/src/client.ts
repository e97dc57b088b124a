// SPDX-License-Identifier: Apache-2.0
import { abortable, type AbortOptions } from './abort.js';
import { now } from './clock.js';
import { Conversation } from './conversation.js';
import { Credential, type Credentials } from './credential.js';
import type { ErrorEvent, ParleyError } from './errors.js';
import { Events } from './events.js';
import type { Request } from './requests.js';
import { type JoinOptions, Room } from './room.js';
import type { WebSocketLike } from './socket.js';
import type { ClientState, SessionLoss, StateChange } from './states.js';
import { count, type Fields, fields, json, list, type Metadata, readMessage, text } from './wire.js';

/** How a client is made. */
export interface ClientOptions extends Credentials {
  /** Where the server is, such as `https://parley.example.com`; by default where this page is from. */
  readonly url?: string | URL;

  /** Whether to ask for a session that outlives its sockets, which is so by default. */
  readonly continuity?: boolean;

  /** Makes a WebSocket; by default that of the browser. */
  readonly webSocket?: (url: string, protocols: string[]) => WebSocketLike;
}

/** What a peer said to this one alone. */
export interface DirectMessage {
  readonly from: string;
  readonly data: unknown;

  /** What the sender's token shows of it. */
  readonly metadata?: Metadata;
}

/** A call on this client. */
export interface ClientCall {
  /** The name of the room; undefined for a call that was left. */
  readonly room?: string;

  /** Receives each message to this client alone; returns whether it is a signal of calls, not for the application. */
  receive(message: DirectMessage): boolean;

  /** The client is about to close, and can still send. */
  close(): void;
}

/** Events of a client. */
export interface ClientEvents {
  'state-change': StateChange;
  direct: DirectMessage;

  /**
   * What this client said to a peer, and the server acknowledged, may not have arrived (docs/continuity.md,
   * `undelivered`).
   */
  undelivered: { readonly to: string; readonly reason: string };
  'session-lost': SessionLoss;

  /** The server stops; the client comes back by itself. */
  'going-away': { readonly retryAfterMs: number };

  /** Without a handler it is printed to the console. */
  error: ErrorEvent;
}

/**
 * A peer of a Parley server: connects, stays connected, and loses nothing that is said while it is not.
 *
 * All methods may be called in any state. What is said before the client is connected, or while it reconnects, is kept,
 * up to 1,000 messages, and said in order.
 */
export class ParleyClient extends Events<ClientEvents> {
  readonly #credential: Credential;
  readonly #conversation: Conversation;
  readonly #rooms = new Map<string, Room>();
  readonly #ready: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: ParleyError) => void;

  /** Those asked for since the last welcome. */
  #iceServers: RTCIceServer[] | undefined;

  /** How far the server's clock is ahead of {@link now}, in milliseconds. */
  #serverAhead = 0;

  /** @internal */
  readonly calls = new Set<ClientCall>();

  /** The instances of all calls of this client, also of those it has left. @internal */
  readonly instances = new Set<string | undefined>();

  /** @throws TypeError if there is not exactly one of `key`, `token` and `tokenProvider`, or no URL */
  constructor(options: ClientOptions) {
    super();
    this.#credential = new Credential(options);
    const url = socketUrl(options.url ?? globalThis.location?.href);
    const way = {
      url,
      credential: this.#credential,
      hasContinuity: options.continuity !== false,
      open: options.webSocket ?? ((url: string, protocols: string[]) => new WebSocket(url, protocols) as WebSocketLike),
    };
    this.#conversation = new Conversation(way, {
      onState: (change) => this.#follow(change),
      onSession: (loss) => this.#rooms.forEach((room) => room.enter(loss)),
      onLoss: (loss) => this.tell('session-lost', loss),
      onFrame: (frame) => this.#hear(frame),
      onGoingAway: (retryAfterMs) => this.tell('going-away', { retryAfterMs }),
      onError: (error) => this.fail({ error }),
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#ready.catch(() => undefined); // who does not wait for it hears of it by `state-change`
  }

  get state(): ClientState {
    return this.#conversation.state;
  }

  /**
   * What others know this client by; undefined before it was first connected. Kept over everything but some losses of a
   * session.
   */
  get peerId(): string | undefined {
    const { welcome } = this.#conversation;
    return welcome && text(welcome.peerId);
  }

  /** What the token tells its holder. */
  get metadata(): Metadata {
    return fields(this.#conversation.welcome?.metadata) ?? {};
  }

  /** Servers that help to find a way between peers, for `RTCPeerConnection`. */
  get iceServers(): RTCIceServer[] {
    return this.#iceServers ?? (list(this.metadata.iceServers) as RTCIceServer[]);
  }

  /** What the server's clock shows, in milliseconds since 1970: that of the device may be set to anything. @internal */
  get serverTime(): number {
    return now() + this.#serverAhead;
  }

  /** The rooms this client is in, or is about to be in, by their names. */
  get rooms(): ReadonlyMap<string, Room> {
    return this.#rooms;
  }

  /**
   * Connects, if that has not begun. All other requests connect, too.
   *
   * @param options a signal that is aborted before the server has welcomed this client closes the client
   * @returns fulfilled when the server has welcomed this client for the first time; fails with a {@link ParleyError}
   *     whose code says why it will not, such as `invalid_token` or `cannot_connect`
   */
  connect({ signal }: AbortOptions = {}): Promise<void> {
    const conversation = this.#conversation;
    const begin = (): Promise<void> => {
      conversation.begin();
      return this.#ready;
    };
    return abortable(signal, begin, () => conversation.welcome || this.close());
  }

  /** Leaves for good. Others see it at once. */
  close(): void {
    this.calls.forEach((call) => call.close());
    this.#conversation.end('called');
  }

  /**
   * Enters a room, which a v1 server calls a channel. Returns the same room each time while the client is in it.
   *
   * @param options a signal that is aborted first leaves the room, unless another `join` asked for it, too
   * @returns fulfilled when the room knows who is in it; fails with a {@link ParleyError}
   */
  join(name: string, { signal, ...options }: JoinOptions = {}): Promise<Room> {
    const server = { rooms: this.#rooms, ask: (request: Request) => this.#conversation.ask(request) };
    const room = this.#rooms.get(name) ?? new Room(name, options, server);
    return abortable(
      signal,
      () => room.claim(),
      () => room.release(),
    );
  }

  /**
   * Says something to everybody in a room, which this client need not be in.
   *
   * @param data anything that JSON can say
   * @returns fulfilled when the server has taken it; fails with a {@link ParleyError}
   */
  async publish(room: string, data: unknown): Promise<void> {
    await this.#conversation.ask({ head: { type: 'publish', channel: room }, data: json(data) });
  }

  /**
   * Sends a message to one peer, wherever it is.
   *
   * @param data anything that JSON can say
   * @returns fulfilled when the server has accepted it, which takes up to a second while the peer is slow; fails with a
   *     {@link ParleyError}, of code `receiver_busy` if the peer still has too much to read: the message was not
   *     delivered, and the application may try again later
   */
  async send(to: string, data: unknown): Promise<void> {
    await this.#conversation.ask({ head: { type: 'send', to }, data: json(data) });
  }

  /**
   * Asks for ICE servers anew, as the credentials in the welcome expire after some time (docs/protocol.md,
   * `ice_servers`).
   *
   * @returns fulfilled with when the first of the credentials expires, in milliseconds since 1970 by the server's
   *     clock, if any does; fails with a {@link ParleyError}, of code `unknown_type` if the server is another one than
   *     Parley
   */
  async refreshIceServers(): Promise<number | undefined> {
    const answer = await this.#conversation.ask({ head: { type: 'ice_servers' } });
    this.#iceServers = list(answer.iceServers) as RTCIceServer[];
    const end = count(answer.expiresAt);
    return end === undefined ? undefined : end * 1000;
  }

  #follow(change: StateChange): void {
    if (change.to === 'connected') {
      this.#iceServers = undefined;
      this.#serverAhead = (count(this.#conversation.welcome?.serverTime) ?? 0) * 1000 - now();
      this.#resolve();
    }
    this.tell('state-change', change);
    if (change.to === 'closed') {
      const { error } = this.#conversation;
      this.#rooms.forEach((room) => room.close(error));
      this.#reject(error);
    }
  }

  #hear(frame: Fields): void {
    switch (frame.type) {
      case 'direct': {
        const message = readMessage(frame);
        if (![...this.calls].map((call) => call.receive(message)).includes(true)) {
          this.tell('direct', message);
        }
        break;
      }
      case 'undelivered':
        this.tell('undelivered', { to: text(frame.to), reason: text(frame.reason) });
        break;
      default:
        this.#rooms.get(text(frame.channel))?.hear(frame);
    }
  }
}

/** @throws TypeError if it has no host to connect to */
function socketUrl(from: string | URL): string {
  let url: URL;
  try {
    url = new URL('/v1', from);
  } catch {
    throw new TypeError(`url must be like https://example.com, not ${from}`);
  }
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}
