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
  show(peer) {
    const { element } = this;
    const remote = peer.link?.remote ?? null;
    const isSeen = ['connected', 'disconnected'].includes(peer.state);
    element.dataset.person = peer.tab;
    element.dataset.media = peer.state;
    element.dataset.shows = isSeen ? 'video' : 'placeholder';
    element.querySelectorAll('.name').forEach((place) => (place.textContent = peer.about.name));
    element.querySelector('.word').textContent = MEDIA_WORDS[peer.state];
    element.querySelector('.trouble').textContent = peer.state === 'disconnected' ? MEDIA_WORDS[peer.state] : '';
    element.querySelector('.muted').toggleAttribute('hidden', peer.about.microphone);
    if (this.#video.srcObject !== remote) {
      this.#video.srcObject = remote;
      this.#video.muted = true;
    }
    return peer.about.microphone && isSeen ? this.hear() : Promise.resolve(true);
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

  async showNumbers(peer) {
    const report = await peer.link?.stats();
    const video = [...(report?.values() ?? [])].find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    this.element.querySelector('.numbers').textContent = video?.frameWidth
      ? `${video.frameWidth} × ${video.frameHeight} · ${Math.round(video.framesPerSecond ?? 0)} fps`
      : '';
  }

  remove() {
    this.#video.srcObject = null;
    this.element.remove();
  }
}
