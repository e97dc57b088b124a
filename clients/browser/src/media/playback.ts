// SPDX-License-Identifier: Apache-2.0
import { Events } from '../events.js';

/** Events of the playback. */
export interface PlaybackEvents {
  /**
   * The browser allows no sound before the user has touched the page: offer a button that calls {@link Playback.start}.
   */
  blocked: undefined;
}

/** Plays received streams, without sound where the browser blocks sound, until the user allows it. */
export class Playback extends Events<PlaybackEvents> {
  readonly #muted = new Set<HTMLMediaElement>();

  /** Whether something plays without its sound. */
  get isBlocked(): boolean {
    return this.#muted.size > 0;
  }

  /** Plays an element; `blocked` reports if it has no sound. */
  async play(element: HTMLMediaElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      if ((error as Error).name !== 'NotAllowedError') {
        return; // there is something new to play, or the element is gone
      }
      const wasBlocked = this.isBlocked;
      this.#muted.add(element);
      element.muted = true;
      await element.play().catch(() => undefined);
      if (!wasBlocked) {
        this.tell('blocked', undefined);
      }
    }
  }

  /** Starts the sound of all elements. Call it in the handler of a click. */
  async start(): Promise<void> {
    const elements = [...this.#muted];
    this.#muted.clear();
    await Promise.all(
      elements.map((element) => {
        element.muted = false;
        return this.play(element);
      }),
    );
  }

  /** Forgets an element that is removed from the page. */
  forget(element: HTMLMediaElement): void {
    this.#muted.delete(element);
  }
}
