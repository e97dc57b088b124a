// SPDX-License-Identifier: Apache-2.0
// The picture of one other on the stage, and its sound.

import { MEDIA_WORDS } from '/words.js';

export class Tile {
  element;
  #video;

  constructor(template) {
    this.element = template.content.cloneNode(true).firstElementChild;
    this.#video = this.element.querySelector('video');
  }

  /** Fulfilled with whether it can be heard, if there is anything to hear. */
  show(person) {
    const { element } = this;
    const { about, state, stream } = person;
    const isSeen = ['connected', 'reconnecting'].includes(state) && stream !== null;
    element.dataset.person = person.id;
    element.dataset.media = state;
    element.dataset.shows = isSeen ? 'video' : 'placeholder';
    element.querySelectorAll('.name').forEach((place) => (place.textContent = about.name));
    element.querySelector('.word').textContent = MEDIA_WORDS[state];
    element.querySelector('.trouble').textContent = state === 'reconnecting' ? MEDIA_WORDS[state] : '';
    element.querySelector('.muted').toggleAttribute('hidden', about.microphone);
    if (this.#video.srcObject !== stream) {
      this.#video.srcObject = stream;
      this.#video.muted = true;
    }
    return about.microphone && isSeen ? this.hear() : Promise.resolve(true);
  }

  /** Browsers let a page make noise only after somebody touched it; the picture must go on all the same. */
  async hear() {
    const video = this.#video;
    if (!video.muted) {
      return true;
    }
    try {
      video.muted = false;
      await video.play();
      return true;
    } catch (error) {
      if (error.name !== 'NotAllowedError') {
        return true; // a new picture came in between, or the tile is gone
      }
      video.muted = true;
      await video.play();
      return false;
    }
  }

  /** Size and frames, of what `numbersOf` gives. */
  showNumbers({ width, height, framesPerSecond }) {
    this.element.querySelector('.numbers').textContent = width ? `${width} × ${height} · ${framesPerSecond} fps` : '';
  }

  remove() {
    this.#video.srcObject = null;
    this.element.remove();
  }
}
