// SPDX-License-Identifier: Apache-2.0

import { $, setText } from '/dom.js';
import { numbersOf } from '/numbers.js';
import { showNumbers, showRoster } from '/roster.js';
import { mediaOf, SIGNALING_WORDS } from '/words.js';

const INTERVAL_MS = 1000;

/** The panel under the hood: the states of all connections, their paths, and a way to cut one's own to the server. */
export class Hood {
  #visit;
  #numbers = new Map();
  #timer = setInterval(() => this.#measure(), INTERVAL_MS);

  constructor(visit) {
    this.#visit = visit;
  }

  show(name) {
    const { group, server, signaling } = this.#visit;
    const { people } = group;
    const media = mediaOf(people);
    showState($('signaling'), signaling, SIGNALING_WORDS[signaling]);
    showState($('media'), media.state, media.words);
    showRoster($('roster'), $('person'), { name, signaling, people, numbers: this.#numbers });
    setText($('resumes'), resumesIn(server.resumes));
    $('cut').disabled = signaling !== 'connected';
  }

  close() {
    clearInterval(this.#timer);
  }

  async #measure() {
    if ($('hood').hidden) {
      return;
    }
    for (const person of this.#visit.group.people) {
      try {
        const numbers = await numbersOf(person.peer.connection);
        this.#numbers.set(person.id, numbers);
        showNumbers($('roster'), person.id, numbers);
      } catch {
        // the connection was closed meanwhile
      }
    }
  }
}

function showState(element, state, words) {
  element.dataset.state = state;
  setText(element.querySelector('.word'), words);
}

function resumesIn({ count, lastMs }) {
  if (count === 0) {
    return 'never';
  }
  return count === 1 ? `once, back after ${lastMs} ms` : `${count} times, the last time back after ${lastMs} ms`;
}
