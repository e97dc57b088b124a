// SPDX-License-Identifier: Apache-2.0
// Names of the people in a call: typed by the user, or drawn from a list.

const NAMES = [
  'Avocet', 'Bittern', 'Curlew', 'Dipper', 'Egret', 'Fulmar', 'Godwit', 'Heron',
  'Jackdaw', 'Kestrel', 'Linnet', 'Merlin', 'Nuthatch', 'Osprey', 'Plover', 'Wren',
];

const LONGEST = 40;

/** Returns one of the names at random that is not among those taken, if there is one. */
export function anyName(taken = []) {
  const free = NAMES.filter((name) => !taken.includes(name));
  const choice = free.length > 0 ? free : NAMES;
  return choice[Math.floor(Math.random() * choice.length)];
}

/** Returns a name without spaces around it and not longer than a caption; empty for anything that is no text. */
export function cleanName(name) {
  return typeof name === 'string' ? name.replace(/\s+/g, ' ').trim().slice(0, LONGEST) : '';
}

/** Returns the first letters of the first and the last word. */
export function initials(name) {
  const words = name.split(' ').filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ''));
  return letters.join('').toUpperCase();
}

/** The name of this user: the typed one, or one drawn at random until something is typed. */
export class OwnName {
  #typed;
  #drawn = anyName();

  constructor(typed) {
    this.#typed = cleanName(typed);
  }

  /** The name that others see. */
  get shown() {
    return this.#typed || this.#drawn;
  }

  /** What was typed; empty if nothing was. */
  get typed() {
    return this.#typed;
  }

  set typed(name) {
    this.#typed = cleanName(name);
  }

  /** Draws another name if this one was drawn and somebody else has it; returns whether it did. */
  avoid(taken) {
    const mustChange = this.#typed === '' && taken.includes(this.#drawn);
    if (mustChange) {
      this.#drawn = anyName(taken);
    }
    return mustChange;
  }
}
