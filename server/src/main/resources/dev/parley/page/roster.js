// SPDX-License-Identifier: Apache-2.0
// The list of who is here, each with the states of its connections.

import { MEDIA_WORDS, mediaOf, SIGNALING_WORDS, signalingOf } from '/words.js';

/** Writes it anew into `list`, ourselves first; `paths` says by id what is known of the path to somebody. */
export function showRoster(list, template, { name, signaling, people, paths }) {
  const own = mediaOf(people);
  const rows = [
    { id: 'own', name: `${name} (you)`, signaling, media: own.state, mediaWords: own.words, path: '' },
    ...people.map((person) => ({
      id: person.id,
      name: person.about.name,
      signaling: signalingOf(person, signaling),
      media: person.state,
      mediaWords: MEDIA_WORDS[person.state],
      path: paths.get(person.id) ?? '',
    })),
  ];
  list.replaceChildren(...rows.map((it) => row(template, it)));
}

/** Writes what is known of a path into the list as it is. */
export function showPath(list, id, words) {
  const place = [...list.children].find((item) => item.dataset.person === id)?.querySelector('.route');
  if (place) {
    place.textContent = words;
  }
}

function row(template, { id, name, signaling, media, mediaWords, path }) {
  const item = template.content.cloneNode(true).firstElementChild;
  item.dataset.person = id;
  item.querySelector('.name').textContent = name;
  show(item.querySelector('.signaling'), signaling, SIGNALING_WORDS[signaling]);
  show(item.querySelector('.media'), media, mediaWords);
  item.querySelector('.route').textContent = path;
  return item;
}

function show(place, state, words) {
  place.dataset.state = state;
  place.querySelector('.word').textContent = words;
}
