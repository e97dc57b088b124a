// SPDX-License-Identifier: Apache-2.0
// The list of who is here, each with the states of its connections.

import { MEDIA_WORDS, mediaOf, SIGNALING_WORDS, signalingOf } from '/words.js';

/** Writes it anew into `list`, ourselves first. */
export function showRoster(list, template, { name, signaling, peers }) {
  const own = mediaOf(peers);
  const people = [
    { id: 'own', name: `${name} (you)`, signaling, media: own.state, mediaWords: own.words },
    ...peers.map((peer) => ({
      id: peer.tab,
      name: peer.about.name,
      signaling: signalingOf(peer, signaling),
      media: peer.state,
      mediaWords: MEDIA_WORDS[peer.state],
    })),
  ];
  list.replaceChildren(...people.map((person) => row(template, person)));
}

function row(template, { id, name, signaling, media, mediaWords }) {
  const item = template.content.cloneNode(true).firstElementChild;
  item.dataset.person = id;
  item.querySelector('.name').textContent = name;
  show(item.querySelector('.signaling'), signaling, SIGNALING_WORDS[signaling]);
  show(item.querySelector('.media'), media, mediaWords);
  return item;
}

function show(place, state, words) {
  place.dataset.state = state;
  place.querySelector('.word').textContent = words;
}
