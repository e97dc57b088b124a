// SPDX-License-Identifier: Apache-2.0
import { type Frame, LONGEST_MESSAGE } from './frame.js';

/** A message as it arrived. */
export type ChannelMessage = string | ArrayBuffer;

/** What one side of a channel receives: each frame once and in order, put together to messages. */
export class Inbox {
  #parts: Uint8Array[] = [];
  #size = 0;
  #next = 0;

  /** The number of the frame that comes next. */
  get next(): number {
    return this.#next;
  }

  /** Bytes of a message that is not complete. */
  get held(): number {
    return this.#size;
  }

  /** The next frame is the one of this number; what is incomplete stays so. */
  begin(first: number): void {
    this.#next = first;
    this.#forget();
  }

  /**
   * Takes a frame. One that came before, and one behind a gap, is ignored: it will be sent again.
   *
   * @returns the message that it completes
   * @throws RangeError if the message is too long
   */
  take({ seq, payload, isLast, isText }: Frame): ChannelMessage | undefined {
    if (seq !== this.#next) {
      return undefined;
    }
    this.#next++;
    this.#parts.push(payload);
    this.#size += payload.length;
    if (this.#size > LONGEST_MESSAGE) {
      throw new RangeError('the message is too long');
    }
    if (!isLast) {
      return undefined;
    }
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#forget();
    return isText ? new TextDecoder().decode(bytes) : bytes.buffer;
  }

  #forget(): void {
    this.#parts = [];
    this.#size = 0;
  }
}
