// SPDX-License-Identifier: Apache-2.0
import { count, type Fields, fields, text, UNNUMBERED } from './wire.js';

/** What arrived is told to the server after so many frames, or so many milliseconds. */
const FRAMES = 64;
const DELAY = 1000;

/** A session of `parley.v1`: what the server sends, which outlives sockets (docs/continuity.md). */
export class Session {
  /** The same over all resumes. */
  readonly id: string;

  readonly #windowMs: number;
  #token = '';
  #heard = 0;
  #told = 0;
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
   * Whether a frame is new (`act`), was heard before (`ignore`), or cannot be: one is missing.
   *
   * @param tell takes the message that tells the server what arrived
   */
  take(frame: Fields, tell: (message: string) => void): 'act' | 'ignore' | 'missing' {
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
    if (seq - this.#told >= FRAMES) {
      tell(this.received());
    } else {
      this.#timer ??= setTimeout(() => tell(this.received()), DELAY);
    }
    return 'act';
  }

  /** The message that tells the server what arrived. */
  received(): string {
    this.#stop();
    this.#told = this.#heard;
    return `{"type":"received","seq":${this.#heard}}`;
  }

  /** The socket is gone. */
  lose(): void {
    this.#stop();
    this.#lostAt ??= Date.now();
  }

  /** Whether the server still waits for this client, as far as known. */
  get isWaitedFor(): boolean {
    return this.#lostAt === undefined || Date.now() - this.#lostAt < this.#windowMs;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
