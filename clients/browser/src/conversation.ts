// SPDX-License-Identifier: Apache-2.0
import type { Credential } from './credential.js';
import { Dialer } from './dialer.js';
import { isPassing, ParleyError } from './errors.js';
import { Refresher } from './refresher.js';
import { type Request, Requests } from './requests.js';
import { Session } from './session.js';
import { Socket, type WebSocketLike } from './socket.js';
import { type ClientState, FINAL, type Reason, type SessionLoss, type StateChange } from './states.js';
import { bytes, count, type Fields, text } from './wire.js';

/** The least pauses, in milliseconds: after a fault of the server, and where it has all the connections it may have. */
const LEAST_AFTER_FAULT = 2000;
const LEAST_WHEN_FULL = 10_000;

/** The longest pause a stopping server may ask for, in milliseconds. */
const LONGEST_GOING_AWAY = 30_000;

/**
 * Close codes that end the session: the server failed, or would not accept the requests that the client would repeat.
 */
const SESSION_IS_OVER = [1009, 1011];

/** The client that owns a conversation. */
export interface Party {
  onState(change: StateChange): void;

  /**
   * A session began; what is asked for now comes before all that was asked for. Not undefined if another one was lost
   * by it.
   */
  onSession(loss: SessionLoss | undefined): void;

  /** A session was lost. It is reported once the client is connected again. */
  onLoss(loss: SessionLoss): void;

  /** Whatever the server says that is no answer. */
  onFrame(frame: Fields): void;
  onGoingAway(retryAfterMs: number): void;

  /** What does not mend itself. */
  onError(error: ParleyError): void;
}

/** How to reach the server. */
export interface Way {
  readonly url: string;
  readonly credential: Credential;

  /** Whether to ask for a session that outlives its sockets. */
  readonly hasContinuity: boolean;
  readonly open: (url: string, protocols: string[]) => WebSocketLike;
}

/** What a client and the server say to each other, over all sockets: the states of docs/continuity.md. */
export class Conversation {
  readonly #way: Way;
  readonly #party: Party;
  readonly #requests = new Requests();
  readonly #dialer: Dialer;
  readonly #refresher: Refresher;
  #state: ClientState = 'idle';
  #socket: Socket | undefined;
  #session: Session | undefined;
  #welcome: Fields | undefined;
  #retryAfterMs: number | undefined;
  #dials = 0;
  #error: ParleyError | undefined;

  constructor(way: Way, party: Party) {
    this.#way = way;
    this.#party = party;
    this.#dialer = new Dialer(
      () => void this.#dial(),
      () => this.#socket?.ask(),
    );
    this.#refresher = new Refresher(
      way.credential,
      (token) => this.ask({ head: { type: 'refresh', token } }),
      (error) => isPassing(error) || party.onError(failure('refresh_failed', error)),
    );
  }

  get state(): ClientState {
    return this.#state;
  }

  /** What everything fails with once the conversation is over. */
  get error(): ParleyError {
    return this.#error ?? closedBy('called');
  }

  /** The latest one; undefined before there was any. */
  get welcome(): Fields | undefined {
    return this.#welcome;
  }

  /** Begins it, if it has not begun. */
  begin(): void {
    if (this.#state === 'idle') {
      this.#change('connecting', 'called');
      this.#dialer.dial();
    }
  }

  /** The promise is that of the answer. */
  ask(request: Request): Promise<Fields> {
    const { data } = request;
    if (this.#state === 'closed') {
      return Promise.reject(this.error);
    }
    const most = count(this.#welcome?.maxMessageSize);
    if (data !== undefined && most !== undefined && data.length * 3 > most && bytes(data) > most) {
      return Promise.reject(new ParleyError('too_big', `data is longer than the ${most} bytes the server takes`));
    }
    this.begin();
    const answer = this.#requests.add(request);
    this.#flush();
    return answer;
  }

  /**
   * Ends it for good.
   *
   * @param code the close code of the socket, if it was one that ended
   * @param cause what the browser threw
   */
  end(reason: Reason, code?: number, cause?: unknown): void {
    if (this.#state === 'closed') {
      return;
    }
    this.#sayWhatArrived();
    this.#socket?.close(1000);
    this.#leave();
    this.#dialer.stop();
    this.#error = closedBy(reason, cause);
    this.#change('closed', reason, code === undefined ? {} : { code });
    this.#requests.fail(this.#error);
    if (reason !== 'called') {
      this.#party.onError(this.#error);
    }
  }

  /** One try to connect, in place of the one under way if there is any. */
  async #dial(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
    const dial = ++this.#dials;
    const item = await this.#way.credential.item().catch((error: unknown) => {
      this.#party.onError(failure('token_failed', error));
      return undefined;
    });
    if (dial !== this.#dials || this.#state === 'closed') {
      return;
    }
    if (item === undefined) {
      this.#retry('token_failed', 0);
      return;
    }
    const protocols = this.#way.hasContinuity ? ['parley.v1', 'v1', item] : ['v1', item];
    if (this.#session) {
      protocols.push(this.#session.item);
    }
    let opened: WebSocketLike;
    try {
      opened = this.#way.open(this.#way.url, protocols);
    } catch (error) {
      this.end('cannot_connect', undefined, error);
      return;
    }
    const socket: Socket = new Socket(opened, {
      onFrame: (frame, units) => this.#hear(socket, frame, units),
      onEnd: (cause, code) => this.#lose(cause, code),
      isOwed: () => this.#requests.isOwed,
    });
    this.#socket = socket;
  }

  #hear(socket: Socket, frame: Fields | undefined, units: number): void {
    const isWelcome = frame?.type === 'welcome';
    const isFirst = this.#state !== 'connected';
    if (!frame || isWelcome !== isFirst || !(isFirst ? this.#enter(socket, frame) : this.#take(socket, frame, units))) {
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
        keptPeerId: this.#welcome.peerId === welcome.peerId,
      };
    }
    this.#welcome = welcome;
    if (!isResumed) {
      this.#requests.renew(count(welcome.maxMessageSize), () => this.#party.onSession(loss));
    }
    socket.allow(count(welcome.maxMessageSize) ?? 0);
    this.#retryAfterMs = undefined;
    this.#dialer.connected();
    this.#refresher.watch(welcome.expiresAt, welcome.serverTime);
    this.#change('connected', isResumed ? 'resumed' : 'welcome');
    if (loss) {
      this.#party.onLoss(loss);
    }
    this.#flush();
    return true;
  }

  /** Says what is unsaid, if somebody is there to hear it. */
  #flush(): void {
    if (this.#state === 'connected') {
      this.#requests.unsaid(this.#session !== undefined).forEach((message) => this.#socket?.write(message));
    }
  }

  /** A frame of a server that has welcomed this client. */
  #take(socket: Socket, frame: Fields, units: number): boolean {
    const what = this.#session?.take(frame, units, (message) => socket.write(message)) ?? 'act';
    if (what === 'act') {
      return this.#act(frame);
    }
    return what === 'ignore';
  }

  #act(frame: Fields): boolean {
    switch (frame.type) {
      case 'ack':
        this.#requests.answer(frame);
        break;
      case 'error':
        if (frame.requestId === undefined) {
          this.#party.onFrame(frame);
        } else {
          this.#requests.answer(frame);
        }
        break;
      case 'received':
        return this.#requests.heard(count(frame.seq) ?? -1);
      case 'going_away':
        this.#retryAfterMs = Math.min(count(frame.retryAfterMs) ?? 0, LONGEST_GOING_AWAY);
        this.#party.onGoingAway(this.#retryAfterMs);
        break;
      case 'pong':
        break;
      default:
        this.#party.onFrame(frame);
    }
    return true;
  }

  /** It said what cannot be: nothing is sure any more. */
  #giveUp(socket: Socket): void {
    this.#sayWhatArrived();
    socket.close(1000);
    this.#leave();
    this.#session = undefined;
    this.#retry('broken_server', LEAST_AFTER_FAULT);
  }

  #lose(cause: 'lost' | 'silent', code: number | undefined): void {
    this.#leave();
    const final = FINAL.get(code ?? 0);
    if (final || (code === 4002 && !this.#way.credential.canBeNew)) {
      this.end(final ?? 'token_expired', code);
    } else if (SESSION_IS_OVER.includes(code ?? 0)) {
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

  #retry(reason: Reason, least: number, code?: number): void {
    const retryInMs = this.#dialer.redial(this.#session?.isWaitedFor ?? false, least);
    this.#change(this.#welcome ? 'reconnecting' : 'connecting', reason, {
      retryInMs,
      ...(code !== undefined && { code }),
    });
  }

  /** The socket is gone. */
  #leave(): void {
    this.#session?.lose();
    this.#refresher.stop();
    this.#socket = undefined;
  }

  /** Acknowledges all frames, so that no sender is notified of a signal that may not have arrived. */
  #sayWhatArrived(): void {
    if (this.#state === 'connected' && this.#session) {
      this.#socket?.write(this.#session.received());
    }
  }

  #change(to: ClientState, reason: Reason, more: Pick<StateChange, 'code' | 'retryInMs'> = {}): void {
    const from = this.#state;
    this.#state = to;
    this.#party.onState({ from, to, reason, ...more });
  }
}

/** What to do about an end that the application did not ask for. */
const REMEDIES: { readonly [reason: string]: string } = {
  cannot_connect: 'check the URL: a page over https needs a server with TLS, and Node before 22 the option webSocket',
  invalid_token: 'the key or token is wrong, or not allowed on this page: see the origins of the key',
  channel_not_authorized: 'the token allows nothing that its key allows',
  token_expired: 'use tokenProvider',
  account_suspended: 'the app is disabled on the server',
  admin_disconnect: 'a back end removed this peer',
  session_revoked: 'another client used its resume token',
  token_failed: 'tokenProvider is asked again',
  refresh_failed: 'the next connection asks tokenProvider again',
};

function closedBy(reason: Reason, cause?: unknown): ParleyError {
  return reason === 'called'
    ? new ParleyError('closed', 'the client is closed: make a new one')
    : failure(reason, cause, 'the client is closed: ');
}

function failure(code: string, cause: unknown, what = ''): ParleyError {
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  return new ParleyError(code, `${what}${code}${detail}; ${REMEDIES[code]}`, cause);
}
