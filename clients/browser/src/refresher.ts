// SPDX-License-Identifier: Apache-2.0
import type { Credential } from './credential.js';
import { renewIn } from './renewal.js';
import type { Fields } from './wire.js';

/**
 * How long before the end of a token another one is asked for, at most; short ones are given the last fifth of their
 * life.
 */
const LEAD = 60_000;

/** Brings a newer token before the one in use ends, so that the connection need not (docs/protocol.md, `refresh`). */
export class Refresher {
  readonly #credential: Credential;
  readonly #refresh: (token: string) => Promise<Fields>;
  readonly #fail: (error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param refresh brings a token to the server
   * @param fail what to do when no token came, or the server refused it
   */
  constructor(credential: Credential, refresh: (token: string) => Promise<Fields>, fail: (error: unknown) => void) {
    this.#credential = credential;
    this.#refresh = refresh;
    this.#fail = fail;
  }

  /**
   * @param expiresAt when the credential ends, in seconds since 1970 by the server's clock; null: never
   * @param now what that clock shows
   */
  watch(expiresAt: unknown, now: unknown): void {
    this.stop();
    if (this.#credential.canBeNew && typeof expiresAt === 'number' && typeof now === 'number') {
      const life = Math.max(0, expiresAt - now) * 1000;
      const wait = renewIn(life, LEAD);
      this.#timer = setTimeout(() => void this.#bring(now + wait / 1000), wait);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** If it fails, the server ends the connection in time, and the next one begins with a new token. */
  async #bring(now: number): Promise<void> {
    try {
      const answer = await this.#refresh(await this.#credential.token());
      this.watch(answer.expiresAt, now);
    } catch (error) {
      this.#fail(error);
    }
  }
}
