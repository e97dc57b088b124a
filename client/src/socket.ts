// SPDX-License-Identifier: Apache-2.0
import { type Fields, parse } from './wire.js';

/** How long it may take from the first packet to the `welcome`. A path that has come back is noticed by the next try. */
const WELCOME = 8000;

/** After so much silence the server is asked whether it is there; sooner while it owes an answer. */
const QUIET = 20_000;
const QUIET_WHILE_OWED = 4000;

/** How long it then may take to answer. */
const ANSWER = 5000;

/**
 * A browser reports a frame only when it has arrived whole. On a line of half a megabit per second, which has so many bytes a
 * millisecond, the largest one must not look like silence.
 */
const SLOWEST_LINE = 64;

/** How often all that is looked at. Looks that come much later say that this page was asleep: then silence says nothing. */
const LOOK = 1000;
const ASLEEP = 5000;

const PING = '{"type":"ping"}';

/** The part of a browser's WebSocket that is used. */
export interface WebSocketLike {
  readonly protocol: string;
  readonly bufferedAmount: number;
  onmessage: ((event: { readonly data: unknown }) => unknown) | null;
  onclose: ((event: { readonly code: number }) => unknown) | null;
  send(frame: string): void;
  close(code?: number): void;
}

/** Who hears what a socket says. */
export interface Listener {
  /**
   * A frame; undefined if it could not be read.
   *
   * @param units its length in UTF-16 units
   */
  onFrame(frame: Fields | undefined, units: number): void;

  /** Once, at the end, and nothing after it. */
  onEnd(cause: 'lost' | 'silent', code: number | undefined): void;

  /** Whether the server owes an answer. */
  isOwed(): boolean;
}

/** One WebSocket, and the watch over it: browsers show a page no pings, so this asks with its own. */
export class Socket {
  readonly #socket: WebSocketLike;
  readonly #listener: Listener;
  readonly #watch: ReturnType<typeof setInterval>;
  #hasEnded = false;
  #heardAt = Date.now();
  #lookedAt = Date.now();

  /** When it was asked what it has not answered yet; at first, to let us in. */
  #askedAt: number | undefined = Date.now();
  #patience = WELCOME;
  #answer = ANSWER;
  #unsent = 0;

  constructor(socket: WebSocketLike, listener: Listener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = ({ code }) => this.#end('lost', code);
    this.#watch = setInterval(() => this.#look(), LOOK);
  }

  /** The protocol the server chose. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  write(message: string): void {
    if (!this.#hasEnded) {
      this.#socket.send(message);
    }
  }

  /** The server lets others send so many bytes in a message. */
  allow(bytes: number): void {
    this.#answer = Math.max(ANSWER, bytes / SLOWEST_LINE);
  }

  /** Asks the server whether it is there, after something happened that may have cut it off. */
  ask(): void {
    if (this.#askedAt === undefined) {
      this.#askedAt = Date.now();
      this.#patience = this.#answer;
      this.write(PING);
    }
  }

  /** Closes it and hears no more of it, not even its end: with nobody there to answer that could be minutes away. */
  close(code?: number): void {
    this.#stop();
    this.#socket.close(code);
  }

  #hear(data: unknown): void {
    if (!this.#hasEnded) {
      this.#heardAt = Date.now();
      this.#askedAt = undefined;
      this.#listener.onFrame(parse(data), typeof data === 'string' ? data.length : 0);
    }
  }

  #look(): void {
    const now = Date.now();
    const wasAsleep = now - this.#lookedAt > ASLEEP;
    const isTaken = this.#socket.bufferedAmount < this.#unsent;
    this.#lookedAt = now;
    this.#unsent = this.#socket.bufferedAmount;
    if ((wasAsleep || isTaken) && this.#askedAt !== undefined) {
      this.#askedAt = now; // the answer may be among what is handed over now; or the question is still on its way
    } else if (this.#askedAt !== undefined) {
      if (now - this.#askedAt > this.#patience) {
        this.#socket.close();
        this.#end('silent', undefined);
      }
    } else if (wasAsleep || now - this.#heardAt > (this.#listener.isOwed() ? QUIET_WHILE_OWED : QUIET)) {
      this.ask();
    }
  }

  #end(cause: 'lost' | 'silent', code: number | undefined): void {
    if (!this.#hasEnded) {
      this.#stop();
      this.#listener.onEnd(cause, code);
    }
  }

  #stop(): void {
    this.#hasEnded = true;
    clearInterval(this.#watch);
    this.#socket.onmessage = this.#socket.onclose = null;
  }
}
