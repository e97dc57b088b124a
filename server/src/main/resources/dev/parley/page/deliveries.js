// SPDX-License-Identifier: Apache-2.0
// The recipients of a message of the chat. Each page that receives one answers, as the server does not know.

/** How long an answer may take before the user sees who has not received a message, in milliseconds. */
const PATIENCE_MS = 4000;

/** One message of this user, and those who have not received it yet. */
class Delivery {
  #waiting;
  #missed = [];
  #isLate = false;
  #failure = '';
  #hadReaders;

  constructor(people) {
    this.#waiting = new Map(people.map(({ id, name }) => [id, name]));
    this.#hadReaders = people.length > 0;
  }

  get isOpen() {
    return this.#waiting.size > 0;
  }

  get hasFailed() {
    return this.#failure !== '';
  }

  received(id) {
    return this.#waiting.delete(id);
  }

  left(id) {
    const name = this.#waiting.get(id);
    if (name !== undefined) {
      this.#waiting.delete(id);
      this.#missed.push(name);
    }
    return name !== undefined;
  }

  late() {
    this.#isLate = true;
  }

  fail(code) {
    this.#failure = code;
    this.#waiting.clear();
  }

  /** What to say about it; empty if everybody has received it, or may still do so in time. */
  get words() {
    if (this.hasFailed) {
      return `Not sent: ${this.#failure}.`;
    }
    if (!this.#hadReaders) {
      return 'Nobody else is here to read this.';
    }
    const parts = [
      this.#missed.length > 0 ? `Did not reach ${this.#missed.join(', ')}.` : '',
      this.#isLate && this.isOpen ? `Not received yet by ${[...this.#waiting.values()].join(', ')}.` : '',
    ];
    return parts.filter(Boolean).join(' ');
  }
}

/** Event `change` gives the `id` of a message, `words` about it, and `hasFailed`: whether it may be sent again. */
export class Deliveries extends EventTarget {
  #deliveries = new Map();
  #timers = new Set();

  /** Begins to wait for the answers of these people. */
  expect(id, people) {
    const delivery = new Delivery(people);
    this.#deliveries.set(id, delivery);
    this.#tell(id);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      delivery.late();
      this.#tell(id);
    }, PATIENCE_MS);
    this.#timers.add(timer);
  }

  /** A person has answered. */
  received(id, personId) {
    if (this.#deliveries.get(id)?.received(personId)) {
      this.#tell(id);
    }
  }

  /** A person has left: it receives nothing any more. */
  left(personId) {
    for (const [id, delivery] of this.#deliveries) {
      if (delivery.left(personId)) {
        this.#tell(id);
      }
    }
  }

  /** The server refused the message. */
  fail(id, code) {
    this.#deliveries.get(id)?.fail(code);
    this.#tell(id);
  }

  /** Forgets a message that is no longer shown. */
  forget(id) {
    this.#deliveries.delete(id);
  }

  clear() {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#deliveries.clear();
  }

  #tell(id) {
    const delivery = this.#deliveries.get(id);
    if (delivery) {
      const { words, hasFailed } = delivery;
      this.dispatchEvent(new CustomEvent('change', { detail: { id, words, hasFailed } }));
    }
  }
}
