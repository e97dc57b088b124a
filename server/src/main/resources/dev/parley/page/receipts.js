// SPDX-License-Identifier: Apache-2.0

/** How long a receipt waits for further messages of the same sender, in milliseconds. */
const GATHER_MS = 100;

/** The most messages that one receipt acknowledges. */
const MOST_IDS = 20;

/**
 * Acknowledges messages of the chat: one receipt for all messages of a sender that wait, a few a second for all senders
 * together, in turns. So messages of others do not use up what this page may send.
 */
export class Receipts {
  #allowance;
  #send;

  /** The ids that are not acknowledged yet, by sender; the one that waits longest comes first. */
  #waiting = new Map();
  #timer = null;

  /**
   * @param allowance of all receipts together
   * @param send sends a receipt for some ids to a sender
   */
  constructor(allowance, send) {
    this.#allowance = allowance;
    this.#send = send;
  }

  add(sender, id) {
    const ids = this.#waiting.get(sender) ?? new Set();
    if (ids.size < MOST_IDS) {
      this.#waiting.set(sender, ids.add(id));
    }
    this.#timer ??= setTimeout(() => this.#sendSome(), GATHER_MS);
  }

  /** Sends what it may still send. */
  close() {
    clearTimeout(this.#timer);
    this.#sendAllowed();
    this.#waiting.clear();
  }

  #sendSome() {
    this.#sendAllowed();
    this.#timer = this.#waiting.size > 0 ? setTimeout(() => this.#sendSome(), GATHER_MS) : null;
  }

  #sendAllowed() {
    for (const [sender, ids] of this.#waiting) {
      if (!this.#allowance.tryTake()) {
        return;
      }
      this.#waiting.delete(sender);
      this.#send(sender, [...ids]);
    }
  }
}
