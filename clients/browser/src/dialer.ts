// SPDX-License-Identifier: Apache-2.0
import { pause } from './backoff.js';
import { now } from './clock.js';
import { onWakeup } from './wakeups.js';

/** After a connection that lasted so long, in milliseconds, the attempts are counted anew. */
const WELL_CONNECTED = 10_000;

/** A try that has lasted for so long, in milliseconds, when the network comes back is made anew. */
const FRESH = 1000;

/** When to connect: at once, after a pause, or early because something woke us. */
export class Dialer {
  readonly #dial: () => void;
  readonly #awake: () => void;
  readonly #stopListening: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  /** Undefined until the first try: nothing wakes a client that was never asked to connect. */
  #dialedAt: number | undefined;
  #connectedAt: number | undefined;

  /**
   * @param dial makes a try, in place of one that is under way
   * @param awake what to do instead while connected, when something may have cut the connection
   */
  constructor(dial: () => void, awake: () => void) {
    this.#dial = dial;
    this.#awake = awake;
    this.#stopListening = onWakeup(() => this.#hurry());
  }

  /** Makes a try now. */
  dial(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dialedAt = now();
    this.#dial();
  }

  /** The try came to something. */
  connected(): void {
    this.#connectedAt = now();
  }

  /**
   * Makes a try after a pause.
   *
   * @param hasSession whether there is a session to go on with
   * @param least the shortest pause, in milliseconds
   * @returns the pause, in milliseconds
   */
  redial(hasSession: boolean, least: number): number {
    if (this.#connectedAt !== undefined && now() - this.#connectedAt > WELL_CONNECTED) {
      this.#tries = 0;
    }
    this.#connectedAt = undefined;
    const wait = Math.max(pause(this.#tries++, hasSession, Math.random()), least * (1 + Math.random() / 4));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dial(), wait);
    return Math.round(wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopListening();
  }

  #hurry(): void {
    if (this.#connectedAt !== undefined) {
      this.#awake();
    } else if (this.#dialedAt !== undefined && now() - this.#dialedAt > FRESH) {
      this.dial();
    }
  }
}
