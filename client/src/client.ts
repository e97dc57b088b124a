// SPDX-License-Identifier: Apache-2.0
import { Credential, type Credentials } from './credential.js';
import { Dialer } from './dialer.js';
import { ParleyError } from './errors.js';
import { Events } from './events.js';
import { Refresher } from './refresher.js';
import { type Request, Requests } from './requests.js';
import { type JoinOptions, Room } from './room.js';
import { Session } from './session.js';
import { Socket, type WebSocketLike } from './socket.js';
import { type ClientState, FINAL, type Reason, type StateChange } from './states.js';
import { bytes, count, type Fields, fields, json, list, type Metadata, text } from './wire.js';

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

/**
 * Why a session ended (docs/continuity.md, `reason`). `plain`: the server keeps none, and the connection was lost.
 * `broken`: it said what no server says.
 */
export type LossReason = 'expired' | 'overflow' | 'state_lost' | 'replaced' | 'revoked' | 'unknown' | 'new' | 'plain' | (string & {});

/** A session ended, and another one has begun. What was said and not answered fails with `session_lost`. */
export interface SessionLoss {
  readonly reason: LossReason;

  /** Whether the peer id is the same. */
  readonly keptPeerId: boolean;
}

/** Events of a client. */
export interface ClientEvents {
  'state-change': StateChange;
  'direct': DirectMessage;

  /** What this client said to a peer, and the server acknowledged, may not have arrived (docs/continuity.md, `undelivered`). */
  'undelivered': { readonly to: string; readonly reason: string };
  'session-lost': SessionLoss;

  /** The server stops; the client comes back by itself. */
  'going-away': { readonly retryAfterMs: number };

  /** The application's provider of tokens failed; it is asked again. */
  'token-error': { readonly error: unknown };
}

const LONGEST_GOING_AWAY = 30_000;
const LEAST_AFTER_FAULT = 2000;
const LEAST_WHEN_FULL = 10_000;

/**
 * A peer of a Parley server: connects, stays connected, and loses nothing that is said while it is not.
 *
 * All methods may be called in any state. What is said before the client is connected, or while it reconnects, is kept, up to 1,000
 * messages, and said in order.
 */
export class ParleyClient extends Events<ClientEvents> {
  readonly #url: URL;
  readonly #options: ClientOptions;
  readonly #credential: Credential;
  readonly #requests = new Requests();
  readonly #rooms = new Map<string, Room>();
  readonly #dialer: Dialer;
  readonly #refresher: Refresher;
  #state: ClientState = 'idle';
  #socket: Socket | undefined;
  #session: Session | undefined;
  #welcome: Fields | undefined;
  #retryAfterMs: number | undefined;
  #dials = 0;
  #ready: Promise<void> | undefined;
  #settle: { resolve: () => void; reject: (error: ParleyError) => void } | undefined;

  /** @throws TypeError if there is not exactly one of `key`, `token` and `tokenProvider`, or no URL */
  constructor(options: ClientOptions) {
    super();
    this.#options = options;
    this.#credential = new Credential(options);
    this.#url = new URL('/v1', options.url ?? location.href);
    this.#url.protocol = this.#url.protocol.replace('http', 'ws');
    this.#dialer = new Dialer(() => void this.#dial(), () => this.#socket?.ask());
    this.#refresher = new Refresher(this.#credential, (token) => this.#ask({ head: { type: 'refresh', token } }));
  }

  get state(): ClientState {
    return this.#state;
  }

  /** What others know this client by; undefined before it was first connected. Kept over everything but some losses of a session. */
  get peerId(): string | undefined {
    return this.#welcome && text(this.#welcome.peerId);
  }

  /** What the token tells its holder. */
  get metadata(): Metadata {
    return fields(this.#welcome?.metadata) ?? {};
  }

  /** Servers that help to find a way between peers, for `RTCPeerConnection`. */
  get iceServers(): RTCIceServer[] {
    return list(this.metadata.iceServers) as RTCIceServer[];
  }

  /** The rooms this client is in, or is about to be in, by their names. */
  get rooms(): ReadonlyMap<string, Room> {
    return this.#rooms;
  }

  /**
   * Connects, if that has not begun. What else is asked for does so, too.
   *
   * @returns fulfilled when the server has welcomed this client; fails with a {@link ParleyError} if it will not
   */
  connect(): Promise<void> {
    if (!this.#ready) {
      this.#ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
      this.#ready.catch(() => undefined); // who does not wait for it hears of it by `state-change`
      if (this.#state === 'idle') {
        this.#change('connecting', 'called');
        this.#dialer.dial();
      }
    }
    return this.#ready;
  }

  /** Leaves for good. Others see it at once. */
  close(): void {
    this.#finish('called');
  }

  /**
   * Enters a room, which a v1 server calls a channel. Asked twice for one, it gives the same one.
   *
   * @returns fulfilled when the room knows who is in it; fails with a {@link ParleyError}
   */
  join(name: string, options: JoinOptions = {}): Promise<Room> {
    let room = this.#rooms.get(name);
    if (!room) {
      room = new Room(name, options, {
        ask: (request) => this.#ask(request),
        forget: () => this.#rooms.delete(name),
      });
      this.#rooms.set(name, room);
      room.enter();
    }
    return room.joined;
  }

  /**
   * Says something to everybody in a room, which this client need not be in.
   *
   * @param data anything that JSON can say
   * @returns fulfilled when the server has taken it; fails with a {@link ParleyError}
   */
  async publish(room: string, data: unknown): Promise<void> {
    await this.#ask({ head: { type: 'publish', channel: room }, data: json(data) });
  }

  /** Likewise, to one peer, wherever it is. */
  async send(to: string, data: unknown): Promise<void> {
    await this.#ask({ head: { type: 'send', to }, data: json(data) });
  }

  /**
   * Asks for ICE servers anew, as credentials of those of the welcome end after some time (docs/rest.md, ICE servers).
   *
   * @returns fulfilled with when the first of the credentials ends, in milliseconds since 1970, if any does
   */
  async refreshIceServers(): Promise<number | undefined> {
    const url = new URL(`/v1/ice-servers?${this.#credential.query}`, this.#url);
    url.protocol = url.protocol.replace('ws', 'http');
    const answer = await fetch(url, { cache: 'no-store' });
    if (!answer.ok) {
      throw new ParleyError('backend_error', `ICE servers: HTTP ${answer.status}`);
    }
    const body = fields(await answer.json());
    this.#welcome = { ...this.#welcome, metadata: { ...this.metadata, iceServers: list(body?.iceServers) } };
    const end = count(body?.expiresAt);
    return end === undefined ? undefined : end * 1000;
  }

  #ask(request: Request): Promise<Fields> {
    const { data } = request;
    if (this.#state === 'closed') {
      return Promise.reject(new ParleyError('closed', 'the client is closed'));
    }
    const most = count(this.#welcome?.maxMessageSize);
    if (data !== undefined && most !== undefined && data.length * 3 > most && bytes(data) > most) {
      return Promise.reject(new ParleyError('too_big', `the server takes ${most} bytes`));
    }
    void this.connect();
    const answer = this.#requests.add(request);
    this.#flush();
    return answer;
  }

  /** One try to connect, in place of the one under way if there is any. */
  async #dial(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
    const dial = ++this.#dials;
    const item = await this.#credential.item().catch((error: unknown) => {
      this.tell('token-error', { error });
      return undefined;
    });
    if (dial !== this.#dials || this.#state === 'closed') {
      return;
    }
    if (item === undefined) {
      this.#retry('token_failed');
      return;
    }
    const protocols = this.#options.continuity === false ? ['v1', item] : ['parley.v1', 'v1', item];
    if (this.#session) {
      protocols.push(this.#session.item);
    }
    const make = this.#options.webSocket ?? ((url: string, offer: string[]) => new WebSocket(url, offer) as WebSocketLike);
    const socket: Socket = new Socket(make(this.#url.href, protocols), {
      onFrame: (frame) => this.#hear(socket, frame),
      onEnd: (cause, code) => this.#lose(cause, code),
      isOwed: () => this.#requests.isOwed,
    });
    this.#socket = socket;
  }

  #hear(socket: Socket, frame: Fields | undefined): void {
    const isWelcome = frame?.type === 'welcome';
    const isFirst = this.#state !== 'connected';
    if (!frame || isWelcome !== isFirst || !(isFirst ? this.#enter(socket, frame) : this.#take(socket, frame))) {
      this.#giveUp(socket);
    }
  }

  /** The first frame of a socket. */
  #enter(socket: Socket, welcome: Fields): boolean {
    const isSession = socket.protocol === 'parley.v1';
    const isResumed = isSession && welcome.resumed === true;
    let loss: SessionLoss | undefined;
    if (isResumed) {
      if (!this.#session?.goOn(welcome) || !this.#requests.heard(count(welcome.received) ?? -1)) {
        return false;
      }
      socket.write(this.#session.received());
      this.#requests.unheard(true).forEach((message) => socket.write(message));
    } else {
      this.#session = isSession ? Session.begin(welcome) : undefined;
      if (isSession && !this.#session) {
        return false;
      }
      loss = this.#welcome && {
        reason: isSession ? text(welcome.reason) : 'plain',
        keptPeerId: this.peerId === welcome.peerId,
      };
    }
    this.#welcome = welcome;
    if (!isResumed) {
      this.#requests.renew(() => this.#rooms.forEach((room) => room.enter(loss)));
    }
    this.#retryAfterMs = undefined;
    this.#dialer.connected();
    this.#refresher.watch(welcome.expiresAt, welcome.serverTime);
    this.#change('connected', isResumed ? 'resumed' : 'welcome');
    if (loss) {
      this.tell('session-lost', loss);
    }
    this.#flush();
    this.#settle?.resolve();
    return true;
  }

  /** Says what is unsaid, if somebody is there to hear it. */
  #flush(): void {
    if (this.#state === 'connected') {
      this.#requests.unsaid(this.#session !== undefined).forEach((message) => this.#socket?.write(message));
    }
  }

  /** A frame of a server that has welcomed this client. */
  #take(socket: Socket, frame: Fields): boolean {
    const what = this.#session?.take(frame, (message) => socket.write(message)) ?? 'act';
    if (what === 'act') {
      return this.#act(frame);
    }
    return what === 'ignore';
  }

  #act(frame: Fields): boolean {
    const metadata = fields(frame.fromMetadata);
    switch (frame.type) {
      case 'ack':
        this.#requests.answer(frame);
        break;
      case 'error':
        this.#requests.answer(frame);
        if (frame.requestId === undefined) {
          this.#rooms.get(text(frame.channel))?.refused(text(frame.code));
        }
        break;
      case 'received':
        return this.#requests.heard(count(frame.seq) ?? -1);
      case 'direct':
        this.tell('direct', { from: text(frame.from), data: frame.data, ...(metadata && { metadata }) });
        break;
      case 'undelivered':
        this.tell('undelivered', { to: text(frame.to), reason: text(frame.reason) });
        break;
      case 'going_away':
        this.#retryAfterMs = Math.min(count(frame.retryAfterMs) ?? 0, LONGEST_GOING_AWAY);
        this.tell('going-away', { retryAfterMs: this.#retryAfterMs });
        break;
      default:
        this.#rooms.forEach((room) => room.hear(frame));
    }
    return true;
  }

  /** It said what cannot be: nothing is sure any more. */
  #giveUp(socket: Socket): void {
    if (this.#session && this.#state === 'connected') {
      socket.write(this.#session.received());
    }
    this.#session?.pause();
    this.#session = undefined;
    socket.close(1000);
    this.#retry('broken_server', LEAST_AFTER_FAULT);
  }

  #lose(cause: 'lost' | 'silent', code: number | undefined): void {
    const final = FINAL.get(code ?? 0);
    if (final || (code === 4002 && !this.#credential.canBeNew)) {
      this.#finish(final ?? 'token_expired', code);
    } else if (code === 1011) {
      this.#session = undefined;
      this.#retry('lost', LEAST_AFTER_FAULT, code);
    } else if (code === 4010) {
      this.#retry('over_concurrent_limit', LEAST_WHEN_FULL, code);
    } else if (code === 4002) {
      this.#retry('token_expired', 0, code);
    } else if (this.#retryAfterMs !== undefined) {
      this.#retry('going_away', this.#retryAfterMs, code);
    } else {
      this.#retry(this.#state === 'connected' ? cause : 'unreachable', 0, code);
    }
  }

  #retry(reason: Reason, least = 0, code?: number): void {
    this.#leave();
    const retryInMs = this.#dialer.redial(this.#session !== undefined, least);
    this.#change(this.#welcome ? 'reconnecting' : 'connecting', reason, { retryInMs, ...(code && { code }) });
  }

  #leave(): void {
    this.#session?.pause();
    this.#refresher.stop();
    this.#socket = undefined;
  }

  #finish(reason: Reason, code?: number): void {
    if (this.#state === 'closed') {
      return;
    }
    if (this.#state === 'connected' && this.#session) {
      this.#socket?.write(this.#session.received());
    }
    this.#socket?.close(1000);
    this.#leave();
    this.#dialer.stop();
    this.#change('closed', reason, code && { code });
    const error = new ParleyError('closed', `the client is closed: ${reason}`);
    this.#requests.fail(error);
    this.#rooms.forEach((room) => room.close(error));
    this.#rooms.clear();
    this.#settle?.reject(error);
  }

  #change(to: ClientState, reason: Reason, more: { code?: number; retryInMs?: number } | 0 | undefined = undefined): void {
    const from = this.#state;
    this.#state = to;
    this.tell('state-change', { from, to, reason, ...(more || {}) });
  }
}
