// SPDX-License-Identifier: Apache-2.0
import { now } from './clock.js';
import { count, type Fields, fields, text, UNNUMBERED } from './wire.js';

/** Received frames are acknowledged after this many frames, bytes or milliseconds, whichever comes first. */
const FRAMES = 64;
const BYTES = 256 * 1024;
const DELAY = 1000;

/**
 * The most bytes that UTF-8 needs for one UTF-16 unit. The server counts bytes, a browser shows only units: each counts
 * as this many, so that no frame has to be encoded again, and the acknowledgement is never late.
 */
const BYTES_PER_UNIT = 3;

/** A session of `parley.v1`: what the server sends, which outlives sockets (docs/continuity.md). */
export class Session {
  /** The same over all resumes. */
  readonly id: string;

  readonly #windowMs: number;
  #token = '';
  #heard = 0;
  #acknowledged = 0;
  #unacknowledgedBytes = 0;
  #lostAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(terms: Fields) {
    this.id = text(terms.id);
    this.#windowMs = count(terms.windowMs) ?? 0;
  }

  /** The session a `welcome` begins, undefined if it does not say what it must. */
  static begin(welcome: Fields): Session | undefined {
    const session = new Session(fields(welcome.session) ?? {});
    return session.goOn(welcome) ? session : undefined;
  }

  /** Takes the new resume token of a `welcome`, unless that is of another session. */
  goOn(welcome: Fields): boolean {
    const terms = fields(welcome.session);
    this.#token = text(terms?.resumeToken);
    this.#lostAt = undefined;
    return this.#token !== '' && text(terms?.id) === this.id;
  }

  /** What to offer the server to go on. */
  get item(): string {
    return `resume.${this.#token}.${this.#heard}`;
  }

  /**
   * Returns whether a frame is new (`act`), a repetition (`ignore`), or out of sequence (`missing`).
   *
   * @param units length of the frame in UTF-16 units
   * @param send sends an acknowledgement to the server
   */
  take(frame: Fields, units: number, send: (message: string) => void): 'act' | 'ignore' | 'missing' {
    if (UNNUMBERED.has(frame.type)) {
      return 'act';
    }
    const seq = count(frame.seq);
    if (seq === undefined || seq > this.#heard + 1) {
      return 'missing';
    }
    if (seq <= this.#heard) {
      return 'ignore';
    }
    this.#heard = seq;
    this.#unacknowledgedBytes += units * BYTES_PER_UNIT;
    if (seq - this.#acknowledged >= FRAMES || this.#unacknowledgedBytes >= BYTES) {
      send(this.received());
    } else {
      this.#timer ??= setTimeout(() => send(this.received()), DELAY);
    }
    return 'act';
  }

  /** Returns the message that acknowledges all received frames. */
  received(): string {
    this.#stop();
    this.#acknowledged = this.#heard;
    this.#unacknowledgedBytes = 0;
    return `{"type":"received","seq":${this.#heard}}`;
  }

  /** The socket is gone. */
  lose(): void {
    this.#stop();
    this.#lostAt ??= now();
  }

  /** Whether the server still waits for this client, as far as known. */
  get isWaitedFor(): boolean {
    return this.#lostAt === undefined || now() - this.#lostAt < this.#windowMs;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
