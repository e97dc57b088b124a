// SPDX-License-Identifier: Apache-2.0
import type { ParleyClient } from '../client.js';
import { isPassing } from '../errors.js';
import { renewIn } from '../renewal.js';

/**
 * How long before the first credential ends other ones are asked for: a fifth of their life, at most so many
 * milliseconds.
 */
const LEAD = 10 * 60_000;

/** After a failure it is tried again so much later, in milliseconds. */
const AGAIN = 30_000;

/** Credentials of TURN servers made for the occasion begin with the second, since 1970, in which they end. */
const EXPIRY = /^(\d{9,11}):/;

/** The part of a client that has ICE servers. */
type IceSource = Pick<ParleyClient, 'serverTime' | 'iceServers' | 'refreshIceServers'>;

/** Brings fresh ICE servers before the credentials of those in use end, for the next search for a path. */
export class IceRefresher {
  readonly #client: IceSource;
  readonly #use: () => void;
  readonly #fail: (error: unknown) => void;
  #hasFailed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param use what to do when there are new ones
   * @param fail what to do when none came, the first time in succession
   */
  constructor(client: IceSource, use: () => void, fail: (error: unknown) => void) {
    this.#client = client;
    this.#use = use;
    this.#fail = fail;
  }

  /** Waits for the end of the servers that the client has now. */
  watch(): void {
    const ends = this.#client.iceServers.map(
      ({ username }) => Number(EXPIRY.exec(username ?? '')?.[1] ?? Infinity) * 1000,
    );
    this.#waitFor(Math.min(Infinity, ...ends));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #waitFor(end: number): void {
    this.stop();
    if (Number.isFinite(end)) {
      const life = Math.max(0, end - this.#client.serverTime);
      this.#timer = setTimeout(() => void this.#renew(), Math.max(AGAIN, renewIn(life, LEAD)));
    }
  }

  async #renew(): Promise<void> {
    try {
      const end = await this.#client.refreshIceServers();
      this.#hasFailed = false;
      this.#use();
      this.#waitFor(end ?? Infinity);
    } catch (error) {
      if (!this.#hasFailed && !isPassing(error)) {
        this.#hasFailed = true;
        this.#fail(error);
      }
      this.#timer = setTimeout(() => void this.#renew(), AGAIN);
    }
  }
}
