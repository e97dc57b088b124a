// SPDX-License-Identifier: Apache-2.0
import type { ParleyError } from '../errors.js';

/**
 * The first pause before a refused signal is sent again, in milliseconds. Each next one is twice as long, up to the
 * longest.
 */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;

/** Makes a signal when it is sent; undefined if it is out of date by then. */
export type SignalMaker = () => object | undefined;

interface Entry {
  readonly order: number;
  readonly make: SignalMaker;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends the signals of one connection to one peer, in order.
 *
 * Nothing is sent before the queue is opened. Then, as long as the server accepts them, each is sent at once. When the
 * server refuses one because the queue of the peer is full (`receiver_busy`), that one and all that follow wait, and
 * are sent again one by one, after a pause.
 */
export class SignalQueue {
  readonly #say: (signal: object) => Promise<void>;

  /** In order; not empty while the queue is held. */
  #waiting: Entry[] = [];

  #isOpen = false;
  #orders = 0;
  #refusals = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param say sends a signal to the peer; fails with a {@link ParleyError} */
  constructor(say: (signal: object) => Promise<void>) {
    this.#say = say;
  }

  /** Whether signals wait. */
  get isHeld(): boolean {
    return this.#waiting.length > 0;
  }

  /** Sends what was added before, and from now on each signal at once. */
  open(): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#waiting.splice(0).forEach((entry) => this.#start(entry));
    }
  }

  /**
   * Sends a signal.
   *
   * @returns fulfilled when the server has accepted it, or it was out of date; fails for any other reason than a busy
   *     peer
   */
  add(make: SignalMaker): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Entry = { order: ++this.#orders, make, resolve, reject };
      if (this.isHeld || !this.#isOpen) {
        this.#waiting.push(entry);
      } else {
        this.#start(entry);
      }
    });
  }

  /** Sends nothing any more, unless it is opened again. */
  stop(): void {
    this.#isOpen = false;
    this.#waiting = [];
    clearTimeout(this.#timer);
  }

  #start(entry: Entry): void {
    void this.#send(entry).then((isSettled) => isSettled || this.#hold(entry));
  }

  /** Returns false if the peer is busy. */
  async #send(entry: Entry): Promise<boolean> {
    try {
      const signal = entry.make();
      if (signal) {
        await this.#say(signal);
      }
      entry.resolve();
    } catch (error) {
      if ((error as ParleyError).code === 'receiver_busy') {
        return false;
      }
      entry.reject(error);
    }
    return true;
  }

  /**
   * Several may have been sent before the first of them was refused: they wait in the order in which they were added.
   */
  #hold(entry: Entry): void {
    if (this.#isOpen) {
      this.#waiting.push(entry);
      this.#waiting.sort((one, other) => one.order - other.order);
      this.#pause();
    }
  }

  #pause(): void {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#refusals);
    this.#timer ??= setTimeout(() => void this.#resend(), pause * (1 + Math.random() / 2));
  }

  /** One by one, each when the one before was accepted. The timer stays set meanwhile: one of these runs at a time. */
  async #resend(): Promise<void> {
    for (let entry = this.#waiting[0]; entry; entry = this.#waiting[0]) {
      if (!(await this.#send(entry))) {
        this.#refusals++;
        break;
      }
      this.#refusals = 0;
      this.#waiting = this.#waiting.filter((it) => it !== entry);
    }
    this.#timer = undefined;
    if (this.isHeld) {
      this.#pause();
    }
  }
}
