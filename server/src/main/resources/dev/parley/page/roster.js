// SPDX-License-Identifier: Apache-2.0
// The list of who is here, each with the states of its connections.

import { setText } from '/dom.js';
import { MEDIA_WORDS, mediaOf, SIGNALING_WORDS, signalingOf } from '/words.js';

const NO_NUMBERS = { route: '', picture: '' };

/** Writes it anew into `list`, this user first; `numbers` has by id what was measured of a connection. */
export function showRoster(list, template, { name, signaling, people, numbers }) {
  const own = mediaOf(people);
  const rows = [
    { id: 'own', name: `${name} (you)`, signaling, media: own.state, mediaWords: own.words, ...NO_NUMBERS },
    ...people.map((person) => ({
      id: person.id,
      name: person.name,
      signaling: signalingOf(person, signaling),
      media: person.state,
      mediaWords: MEDIA_WORDS[person.state],
      ...(numbers.get(person.id) ?? NO_NUMBERS),
    })),
  ];
  list.replaceChildren(...rows.map((it) => row(template, it)));
}

/** Writes what was measured of a connection into the list as it is. */
export function showNumbers(list, id, { route, picture }) {
  const item = [...list.children].find(({ dataset }) => dataset.person === id);
  if (item) {
    setText(item.querySelector('.route'), route);
    setText(item.querySelector('.numbers'), picture);
  }
}

function row(template, { id, name, signaling, media, mediaWords, route, picture }) {
  const item = template.content.cloneNode(true).firstElementChild;
  item.dataset.person = id;
  item.querySelector('.name').textContent = name;
  show(item.querySelector('.signaling'), signaling, SIGNALING_WORDS[signaling]);
  show(item.querySelector('.media'), media, mediaWords);
  item.querySelector('.route').textContent = route;
  item.querySelector('.numbers').textContent = picture;
  return item;
}

function show(place, state, words) {
  place.dataset.state = state;
  place.querySelector('.word').textContent = words;
}
