// SPDX-License-Identifier: Apache-2.0

import { $, all } from '/dom.js';
import { tileSize } from '/layout.js';
import { fitPicture, ScreenTile, Tile } from '/tile.js';

/**
 * The stage of the call. Of two people the other one fills it and oneself is small in a corner; of more, all have the
 * same size; a screen that is shared takes the stage, with the people beside it.
 */
export class Stage {
  #element = $('stage');
  #tilesPlace = $('tiles');
  #screensPlace = $('screens');
  #playback;
  #tiles = new Map();
  #screens = new Map();
  #loudspeaker = '';
  #resized = new ResizeObserver(() => this.#lay());
  #relay = () => this.#lay();

  constructor(playback) {
    this.#playback = playback;
    this.#resized.observe(this.#element);
    this.#element.addEventListener('picture-resize', this.#relay);
    $('own').querySelector('video').addEventListener('resize', this.#relay);
  }

  show(people) {
    const sharing = people.filter(({ screen }) => screen);
    const [template, playback] = [$('tile'), this.#playback];
    this.#match(this.#tiles, people, () => this.#add(new Tile(template, playback), this.#tilesPlace, $('own')));
    this.#match(this.#screens, sharing, () => this.#add(new ScreenTile(template, playback), this.#screensPlace, null));
    this.#lay();
  }

  useLoudspeaker(deviceId) {
    this.#loudspeaker = deviceId;
    [...this.#tiles.values(), ...this.#screens.values()].forEach((tile) => tile.useLoudspeaker(deviceId));
  }

  close() {
    this.#resized.disconnect();
    this.#element.removeEventListener('picture-resize', this.#relay);
    $('own').querySelector('video').removeEventListener('resize', this.#relay);
    [...this.#tiles.values(), ...this.#screens.values()].forEach((tile) => tile.remove());
  }

  #add(tile, place, before) {
    place.insertBefore(tile.element, before);
    if (this.#loudspeaker) {
      tile.useLoudspeaker(this.#loudspeaker);
    }
    return tile;
  }

  /** Keeps one tile for each of these people. */
  #match(tiles, people, make) {
    for (const [person, tile] of tiles) {
      if (!people.includes(person)) {
        tile.remove();
        tiles.delete(person);
      }
    }
    for (const person of people) {
      tiles.set(person, tiles.get(person) ?? make());
      tiles.get(person).show(person);
    }
  }

  #lay() {
    const layout = this.#screens.size > 0 ? 'screen' : this.#tiles.size > 1 ? 'group' : 'pair';
    this.#element.dataset.layout = layout;
    this.#screensPlace.hidden = layout !== 'screen';
    if (layout !== 'pair') {
      this.#giveSize();
    }
    this.#tiles.forEach((tile) => tile.fit(layout === 'pair' ? 'pair' : 'group'));
    this.#layOwn();
  }

  /** Gives the small picture the shape of the camera, so that nothing of it is cut off. */
  #layOwn() {
    const video = $('own').querySelector('video');
    const aspect = video.videoWidth > 0 ? video.videoWidth / video.videoHeight : 16 / 9;
    $('own').style.setProperty('--own-aspect', aspect);
    fitPicture(video, 'group');
  }

  /** Gives all people the largest size that fits. */
  #giveSize() {
    const place = this.#tilesPlace;
    const count = all(':scope > .tile:not([hidden])', place).length;
    const gap = parseFloat(getComputedStyle(place).rowGap);
    const box = place.getBoundingClientRect(); // clientWidth rounds up: a row of that width would not fit
    const { width, height } = tileSize(count, { width: Math.floor(box.width), height: Math.floor(box.height), gap });
    place.style.setProperty('--tile-width', `${width}px`);
    place.style.setProperty('--tile-height', `${height}px`);
  }
}
