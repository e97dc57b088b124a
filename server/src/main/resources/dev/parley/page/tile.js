// SPDX-License-Identifier: Apache-2.0

import { all, setText } from '/dom.js';
import { initials } from '/names.js';
import { connectionWords, MEDIA_WORDS, pictureWords, QUALITY_WORDS } from '/words.js';

/** The largest part of a picture that may be cut off to fill a tile: of two people, and of more. */
const MOST_CUT = { pair: 0.15, group: 0.4 };

/** The picture of another participant on the stage, with its sound. */
export class Tile {
  element;
  #video;
  #playback;
  #tracks = [];
  #person = null;

  /** Whether a picture of these tracks has arrived: before, the video is black. */
  #hasPicture = false;

  constructor(template, playback) {
    this.element = template.content.cloneNode(true).firstElementChild;
    this.#video = this.element.querySelector('video');
    this.#playback = playback;
    this.#video.onresize = () => {
      this.#hasPicture ||= this.#video.videoWidth > 0;
      this.show(this.#person);
      this.element.dispatchEvent(new Event('picture-resize', { bubbles: true }));
    };
  }

  /** Shows a person as it is now. */
  show(person) {
    this.#person = person;
    const { element } = this;
    const { about, name, state } = person;
    const tracks = person.tracks;
    const sendsPicture = tracks.some(({ kind }) => kind === 'video');
    this.#hasPicture &&= sendsPicture;
    const isSeen = ['connected', 'reconnecting'].includes(state) && this.#hasPicture;
    const trouble = state === 'connected' ? '' : MEDIA_WORDS[state];
    const waits = state === 'connected' && sendsPicture && !isSeen;
    Object.assign(element.dataset, { person: person.id, media: state, shows: isSeen ? 'video' : 'avatar' });
    setText(element.querySelector('.name'), name);
    setText(element.querySelector('.initials'), initials(name));
    setText(element.querySelector('.message'), waits ? pictureWords(person) : connectionWords(person));
    setText(element.querySelector('.trouble'), isSeen ? trouble : '');
    element.querySelector('.muted').toggleAttribute('hidden', about.microphone);
    element.toggleAttribute('data-speaks', person.isSpeaking && about.microphone);
    this.#showQuality(person.quality);
    this.#play(tracks);
  }

  /** Plays on another loudspeaker. */
  useLoudspeaker(deviceId) {
    this.#video.setSinkId?.(deviceId).catch(() => undefined); // unplugged meanwhile
  }

  /** Chooses whether the picture fills the tile or is whole in it. */
  fit(layout) {
    fitPicture(this.#video, layout);
  }

  remove() {
    this.#playback.forget(this.#video);
    this.#video.onresize = null;
    this.#video.srcObject = null;
    this.element.remove();
  }

  #play(tracks) {
    if (tracks.length === this.#tracks.length && tracks.every((track) => this.#tracks.includes(track))) {
      return;
    }
    this.#tracks = tracks;
    this.#video.srcObject = new MediaStream(tracks);
    this.#playback.play(this.#video);
  }

  #showQuality(quality) {
    const place = this.element.querySelector('.quality');
    place.dataset.quality = quality;
    place.setAttribute('aria-label', QUALITY_WORDS[quality]);
  }
}

/** The screen that a participant shares. */
export class ScreenTile {
  element;
  #video;
  #playback;

  constructor(template, playback) {
    this.element = template.content.cloneNode(true).firstElementChild;
    this.element.className = 'tile screen';
    this.element.dataset.shows = 'video';
    all('.muted, .quality, .avatar, .trouble', this.element).forEach((part) => part.remove());
    this.#video = this.element.querySelector('video');
    this.#playback = playback;
  }

  show(person) {
    this.element.dataset.person = person.id;
    setText(this.element.querySelector('.name'), `${person.name}’s screen`);
    if (this.#video.srcObject !== person.screen) {
      this.#video.srcObject = person.screen;
      this.#playback.play(this.#video);
    }
  }

  useLoudspeaker(deviceId) {
    this.#video.setSinkId?.(deviceId).catch(() => undefined);
  }

  remove() {
    this.#playback.forget(this.#video);
    this.#video.srcObject = null;
    this.element.remove();
  }
}

/** Lets a picture fill its element if no more is cut off than the layout allows; else it is whole, between bars. */
export function fitPicture(video, layout) {
  const { videoWidth, videoHeight, clientWidth, clientHeight } = video;
  const [picture, place] = [videoWidth / videoHeight, clientWidth / clientHeight];
  const cut = 1 - Math.min(picture / place, place / picture);
  video.dataset.fit = cut <= MOST_CUT[layout] ? 'cover' : 'contain';
}
