// SPDX-License-Identifier: Apache-2.0
import { now } from './clock.js';
import { everySecond } from './ticks.js';
import { type Fields, parse } from './wire.js';

/**
 * How long it may take from the first packet to the `welcome`. A path that has come back is noticed by the next try.
 */
const WELCOME = 8000;

/** After so much silence the server is asked whether it is there; sooner while it owes an answer. */
const QUIET = 20_000;
const QUIET_WHILE_OWED = 4000;

/** How long it then may take to answer. */
const ANSWER = 5000;

/**
 * A browser reports a frame only when it has arrived whole. On a line of half a megabit per second, which has so many
 * bytes a millisecond, the largest one must not look like silence.
 */
const SLOWEST_LINE = 64;

/**
 * A look that comes so much later than the one before says that this page could not act: what has arrived may not be
 * handed over yet.
 */
const LATE = 5000;

const PING = '{"type":"ping"}';

/** The part of a browser's WebSocket that is used. */
export interface WebSocketLike {
  readonly protocol: string;
  readonly bufferedAmount: number;

  /** Above 1 it takes no more frames. Without it, it takes them until `onclose`. */
  readonly readyState?: number;

  /** Set to a function that takes an event with `data`. */
  onmessage: ((event: never) => unknown) | null;

  /** Set to a function that takes an event with a `code`. */
  onclose: ((event: never) => unknown) | null;

  /** Set to a function that does nothing: the package `ws` throws errors that have no handler. */
  onerror?: unknown;
  send(frame: string): void;
  close(code?: number): void;
}

/** Receives the frames and the end of a socket. */
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
  readonly #stopLooking: () => void;
  #hasEnded = false;
  #heardAt = now();
  #lookedAt = now();

  /** When the question was asked that the server has not answered yet; the first one is for the welcome. */
  #askedAt: number | undefined = now();
  #patience = WELCOME;
  #answer = ANSWER;
  #unsent = 0;

  /** Whether a late look has extended the patience with the question that is open. */
  #isExtended = false;

  constructor(socket: WebSocketLike, listener: Listener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#hear(data);
    socket.onclose = ({ code }: { readonly code: number }) => this.#end('lost', code);
    socket.onerror = () => {};
    this.#stopLooking = everySecond(() => this.#look());
  }

  /** The protocol the server chose. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  write(message: string): void {
    if (!this.#hasEnded && (this.#socket.readyState ?? 1) < 2) {
      this.#socket.send(message);
    }
  }

  /** The server allows messages of so many bytes. */
  allow(bytes: number): void {
    this.#answer = Math.max(ANSWER, bytes / SLOWEST_LINE);
  }

  /** Asks the server whether it is there, after something happened that may have cut it off. */
  ask(): void {
    if (this.#askedAt === undefined) {
      this.#askedAt = now();
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
      this.#heardAt = now();
      this.#askedAt = undefined;
      this.#isExtended = false;
      this.#listener.onFrame(parse(data), typeof data === 'string' ? data.length : 0);
    }
  }

  /** An open question gets one more time after a late look, and not more: all looks of a hidden page may be late. */
  #look(): void {
    const time = now();
    const isLate = time - this.#lookedAt > LATE;
    const isTaken = this.#socket.bufferedAmount < this.#unsent;
    this.#lookedAt = time;
    this.#unsent = this.#socket.bufferedAmount;
    if (this.#askedAt === undefined) {
      if (isLate || time - this.#heardAt > (this.#listener.isOwed() ? QUIET_WHILE_OWED : QUIET)) {
        this.ask();
      }
    } else if (isTaken || (isLate && !this.#isExtended)) {
      this.#isExtended ||= isLate;
      this.#askedAt = time; // the question is still on its way, or the answer is about to be handed over
    } else if (time - this.#askedAt > this.#patience) {
      this.#socket.close();
      this.#end('silent', undefined);
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
    this.#stopLooking();
  }
}
