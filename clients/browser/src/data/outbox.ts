// SPDX-License-Identifier: Apache-2.0
import { type Frame, PART } from './frame.js';

/** The most that may be unacknowledged, in bytes of payload. Messages beyond it wait. */
const WINDOW = 1 << 20;

/** What a frame or a message counts in addition to its bytes, so that the number of small ones is bounded, too. */
export const OVERHEAD = 64;

/** A message of which not everything has become frames. */
interface Waiting {
  readonly isText: boolean;
  readonly bytes: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;

  /** Bytes that have become frames. */
  taken: number;
}

/** A frame that is not acknowledged, with the number of its message. */
export interface Sent extends Frame {
  readonly message: number;
}

const cost = ({ payload }: Frame): number => payload.length + OVERHEAD;

/** What one side of a channel sends: frames in order, kept until the other side has acknowledged them. */
export class Outbox {
  #frames: Sent[] = [];
  #waiting: Waiting[] = [];
  #bytes = 0;
  #seq = 0;
  #message = 0;

  /** Frames below this number may have arrived at the other side. */
  #given = 0;

  /** The message of which a frame, but not the last one, may have arrived. */
  #begun: number | undefined;

  /** The number of the oldest frame that is not acknowledged, or of the next one. */
  get first(): number {
    return this.#frames[0]?.seq ?? this.#seq;
  }

  /** Returns a promise that is fulfilled when all of the message is within the window. */
  add(bytes: Uint8Array, isText: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ isText, bytes, resolve, reject, taken: 0 });
      this.#fill();
    });
  }

  /** Returns a frame that is not acknowledged. */
  frame(seq: number): Sent | undefined {
    return this.#frames[seq - this.first];
  }

  /** Notes that a frame is sent on a path. */
  give({ seq, isLast, message }: Sent): void {
    if (seq >= this.#given) {
      this.#given = seq + 1;
      this.#begun = isLast ? undefined : message;
    }
  }

  /**
   * The other side has all frames below this number.
   *
   * @returns whether there was one among them that was not acknowledged
   */
  acknowledge(next: number): boolean {
    const count = Math.min(next, this.#given) - this.first;
    if (!(count > 0)) {
      return false;
    }
    this.#frames.splice(0, count).forEach((frame) => (this.#bytes -= cost(frame)));
    this.#fill();
    return true;
  }

  /**
   * Drops the messages of which a frame was sent: the other side has begun anew.
   *
   * @returns how many they were
   */
  dropGiven(): number {
    const messages = new Set(this.#frames.filter(({ seq }) => seq < this.#given).map(({ message }) => message));
    if (this.#begun !== undefined) {
      messages.add(this.#begun);
      this.#begun = undefined;
    }
    if (messages.has(this.#message)) {
      this.#message++;
      this.#waiting.shift()?.resolve();
    }
    this.#frames = this.#frames.filter(({ message }) => !messages.has(message));
    this.#bytes = this.#frames.reduce((sum, frame) => sum + cost(frame), 0);
    this.#fill();
    return messages.size;
  }

  /**
   * Drops everything, and rejects the messages that wait.
   *
   * @returns how many others were not acknowledged
   */
  end(error: Error): number {
    const { size } = new Set(this.#frames.map(({ message }) => message));
    this.#frames = [];
    this.#waiting.splice(0).forEach(({ reject }) => reject(error));
    return size;
  }

  #fill(): void {
    for (let next = this.#waiting[0]; next && this.#bytes < WINDOW; next = this.#waiting[0]) {
      const payload = next.bytes.subarray(next.taken, next.taken + PART);
      next.taken += payload.length;
      const isLast = next.taken === next.bytes.length;
      const frame = { seq: this.#seq++, isText: next.isText, isLast, payload, message: this.#message };
      this.#frames.push(frame);
      this.#bytes += cost(frame);
      if (isLast) {
        this.#message++;
        this.#waiting.shift();
        next.resolve();
      }
    }
  }
}
