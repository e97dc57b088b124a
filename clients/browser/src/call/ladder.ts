// SPDX-License-Identifier: Apache-2.0
import { now } from '../clock.js';

/**
 * How long after the path between two peers was lost they look for another one, in milliseconds, and then again and
 * again.
 */
const LOST = 1000;
const NEXT = 4000;

/**
 * How long the first search may take. Now and then a browser never finds a path that is there, and would look for it
 * for half a minute.
 */
const SEARCH = 6000;

/** After so many tries they are further apart. */
const MANY = 30;
const THEN = 15_000;

/** A peer that would have the other one's offer thrown away leaves the first try to it. */
const POLITE = 1500;

/** When to restart ICE: independent of the connection to the server, until there is a path again. */
export class Ladder {
  readonly #restart: () => void;
  readonly #delay: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #tries = 0;

  constructor(isPolite: boolean, restart: () => void) {
    this.#restart = restart;
    this.#delay = isPolite ? POLITE : 0;
  }

  /** A path is being looked for. */
  search(): void {
    this.#by(SEARCH + this.#delay);
  }

  /** The path is lost. */
  climb(): void {
    this.#by(LOST + this.#delay);
  }

  /** Something happened that makes a try worth while now, if there is no path. */
  hurry(): void {
    if (this.#timer !== undefined) {
      this.#by(this.#delay);
    }
  }

  /** There is a path. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = Infinity;
    this.#tries = 0;
  }

  /** Makes a try in so many milliseconds, if none is due before. */
  #by(time: number): void {
    const due = now() + time;
    if (due < this.#due) {
      this.#due = due;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#due = Infinity;
        this.#by(++this.#tries < MANY ? NEXT : THEN);
        this.#restart();
      }, time);
    }
  }
}
