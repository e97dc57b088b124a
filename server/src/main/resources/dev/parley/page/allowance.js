// SPDX-License-Identifier: Apache-2.0

/** How often something may happen: some times at once, and then so many times a second. */
export class Allowance {
  #most;
  #perSecond;
  #left;
  #at = performance.now();

  constructor({ atOnce, perSecond }) {
    this.#most = atOnce;
    this.#perSecond = perSecond;
    this.#left = atOnce;
  }

  /** Returns whether it may happen now, and counts it if so. */
  tryTake() {
    const now = performance.now();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) {
      return false;
    }
    this.#left--;
    return true;
  }
}
