// SPDX-License-Identifier: Apache-2.0
import { isPassing } from '../errors.js';
import type { SignalQueue } from './signal-queue.js';
import { aboutUser } from './signals.js';
import type { UserState } from './user-state.js';

/**
 * After a failure it is tried again so much later, in milliseconds: the other participant may come back without a
 * notice.
 */
const AGAIN = 1000;

/**
 * Sends the state of this participant to another one: one signal at a time, and then the newest state if it has
 * changed.
 */
export class UserStateSender {
  readonly #signals: SignalQueue;
  readonly #state: () => UserState | undefined;
  readonly #canSend: () => boolean;
  #isDue = true;
  #isSending = false;

  /**
   * @param state returns the newest state; undefined as long as the application has set none
   * @param canSend returns whether a signal would arrive now
   */
  constructor(signals: SignalQueue, state: () => UserState | undefined, canSend: () => boolean) {
    this.#signals = signals;
    this.#state = state;
    this.#canSend = canSend;
  }

  /**
   * Sends the state if the other participant may not have it, now or when it can be sent.
   *
   * @param isDue whether the other participant may not have it although it was sent
   */
  async share(isDue: boolean): Promise<void> {
    this.#isDue ||= isDue;
    while (this.#isDue && !this.#isSending && this.#state() && this.#canSend()) {
      this.#isSending = true;
      const sent = this.#signals.add(() => {
        this.#isDue = false;
        return aboutUser(this.#state());
      });
      const error: unknown = await sent.catch((it: unknown) => it);
      this.#isSending = false;
      if (error && !this.#isDue) {
        this.#isDue = isPassing(error);
        setTimeout(() => void this.share(false), AGAIN);
        return;
      }
    }
  }
}
