// SPDX-License-Identifier: Apache-2.0
import { ParleyError } from './errors.js';
import { bytes, type Fields, text } from './wire.js';

/** More than this is not kept while the server does not hear it: neither so many, nor so many UTF-16 units. */
const MOST = 1000;
const MOST_UNITS = 4 << 20;

/** What a server takes around `data`, in bytes, less than it says. */
const AROUND = 4000;

/** What a client asks of the server. */
export interface Request {
  /** All of the message but `data` and what every request has. */
  readonly head: { readonly type: string; readonly [key: string]: unknown };

  /** JSON, if it has any. */
  readonly data?: string;

  /** Called when the server acknowledges it, before it is heard any further. */
  readonly acknowledged?: (answer: Fields) => void;
}

/** A request the server has not answered. */
interface Pending {
  /** The message, without its number. */
  readonly message: string;

  readonly resolve: (answer: Fields) => void;
  readonly reject: (error: ParleyError) => void;

  /** Whether it is about being in a channel: rooms say that anew by themselves in a new session. */
  readonly isOfRoom: boolean;

  /** Its number in this session. */
  seq: number;

  /** Whether the server may have heard it. */
  isSaid: boolean;
}

/**
 * What this client asked for and has no answer to; and of that, in order, what the server is not known to have heard.
 *
 * The requests of a session are numbered from 1 without a gap. What is not known to be heard when a socket ends is said
 * again on the next one, under the same number.
 */
export class Requests {
  readonly #pending = new Map<string, Pending>();
  #unheard: Pending[] = [];
  #units = 0;
  #ids = 0;
  #seq = 0;
  #said = 0;
  #heard = 0;

  /** Whether an answer is outstanding. */
  get isOwed(): boolean {
    return this.#pending.size > 0;
  }

  /** Takes a request, to be said by {@link unsaid}. The promise is that of its answer. */
  add({ head, data, acknowledged }: Request): Promise<Fields> {
    return new Promise((resolve, reject) => {
      const id = `${++this.#ids}`;
      const start = JSON.stringify({ ...head, requestId: id });
      const message = data === undefined ? start : `${start.slice(0, -1)},"data":${data}}`;
      if (this.#unheard.length >= MOST || this.#units + message.length > MOST_UNITS) {
        throw new ParleyError('queue_full', 'too many requests wait: slow down');
      }
      const isOfRoom = head.type.endsWith('subscribe');
      const acknowledge = (answer: Fields): void => {
        acknowledged?.(answer);
        resolve(answer);
      };
      this.#enqueue(id, { message, resolve: acknowledge, reject, isOfRoom, seq: 0, isSaid: false });
    });
  }

  /** What is to be said now, and from then on may have been heard. */
  unsaid(isNumbered: boolean): readonly string[] {
    return this.#say(
      isNumbered,
      this.#unheard.filter(({ isSaid }) => !isSaid),
    );
  }

  /** Returns the requests that the server may not have received, sent or not. */
  unheard(isNumbered: boolean): readonly string[] {
    return this.#say(isNumbered, this.#unheard);
  }

  /**
   * The server has heard all up to this number.
   *
   * @returns whether that can be
   */
  heard(through: number): boolean {
    if (through > this.#said || through < this.#heard) {
      return false;
    }
    this.#heard = through;
    while (this.#unheard[0] && this.#unheard[0].seq <= through) {
      this.#units -= this.#unheard.shift()?.message.length ?? 0;
    }
    return true;
  }

  /** The answer to a request, which says that it was heard, and all before it. */
  answer(frame: Fields): void {
    const id = text(frame.requestId);
    const pending = this.#pending.get(id);
    if (pending) {
      this.#pending.delete(id);
      this.heard(Math.max(pending.seq, this.#heard));
      if (frame.type === 'error') {
        pending.reject(new ParleyError(text(frame.code) || 'internal_error', text(frame.message) || undefined));
      } else {
        pending.resolve(frame);
      }
    }
  }

  /**
   * A new session: what the old one may have heard fails, and so does what rooms said, who say it anew. The rest is
   * numbered anew, behind what `first` adds.
   *
   * @param most bytes the server takes in `data`
   */
  renew(most: number | undefined, first: () => void): void {
    const before = [...this.#pending.entries()];
    this.#clear();
    first();
    for (const [id, pending] of before) {
      if (pending.isSaid || pending.isOfRoom) {
        pending.reject(new ParleyError('session_lost', 'the session ended before the server answered: ask again'));
      } else if (most !== undefined && bytes(pending.message) > most + AROUND) {
        pending.reject(new ParleyError('too_big', `data is longer than the ${most} bytes the server takes`));
      } else {
        this.#enqueue(id, pending);
      }
    }
  }

  /** Nothing will be answered any more. */
  fail(error: ParleyError): void {
    const before = [...this.#pending.values()];
    this.#clear();
    before.forEach(({ reject }) => reject(error));
  }

  /** Adds a request under the next number. */
  #enqueue(id: string, pending: Pending): void {
    pending.seq = ++this.#seq;
    this.#pending.set(id, pending);
    this.#unheard.push(pending);
    this.#units += pending.message.length;
  }

  #clear(): void {
    this.#pending.clear();
    this.#unheard = [];
    this.#units = 0;
    this.#seq = this.#said = this.#heard = 0;
  }

  #say(isNumbered: boolean, some: readonly Pending[]): readonly string[] {
    const frames = some.map(({ message, seq }) => (isNumbered ? `{"seq":${seq},${message.slice(1)}` : message));
    for (const pending of some) {
      pending.isSaid = true;
      this.#said = Math.max(this.#said, pending.seq);
    }
    if (!isNumbered) {
      this.#unheard = []; // nothing is ever said again
      this.#units = 0;
    }
    return frames;
  }
}
