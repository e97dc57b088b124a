// SPDX-License-Identifier: Apache-2.0

import { Allowance } from '/allowance.js';

/** A level of sound, from 0 to 1, above which somebody speaks. */
const SPEAKS = 0.02;

/** How long somebody speaks on after the last sound, in milliseconds: between two words nobody falls silent. */
const PAUSE_MS = 1000;

/** So many measurements in succession have to agree on a quality before it is shown. */
const STEADY = 4;

/** The messages of the chat that are shown of one person: more than anybody types. */
const CHAT_ALLOWANCE = { atOnce: 10, perSecond: 3 };

/** After so long without a connection, in milliseconds, the user sees what may be wrong. */
const LATE_MS = 8000;

/** Another participant of the call, as this page shows it. */
export class Person {
  /** Its user state: `name`, `microphone`, `camera`; null until it has published one. */
  about = null;

  /** The data channel of the chat to it; null before it is open. */
  chat = null;

  /** The messages of the chat that it may show here. */
  chatAllowance = new Allowance(CHAT_ALLOWANCE);

  /** Whether its arrival was announced, so that its departure is announced too. */
  isAnnounced = false;

  /** `good`, `fair`, `poor` or `unknown`. */
  quality = 'unknown';
  isSpeaking = false;

  /** Whether it has not been connected for some seconds. */
  isLate = false;
  #connectedAt = performance.now();
  #roles = new Map();
  #lastSound = -PAUSE_MS;
  #measured = { quality: 'unknown', times: 0 };

  /** @param wasHereFirst of two people with the same drawn name, the later one takes another */
  constructor(peer, wasHereFirst) {
    this.peer = peer;
    this.wasHereFirst = wasHereFirst;
  }

  get id() {
    return this.peer.id;
  }

  get name() {
    return this.about.name || 'Somebody';
  }

  /** Of sound and picture: `idle`, `connecting`, `connected`, `reconnecting` or `closed`. */
  get state() {
    return this.peer.state;
  }

  /** Whether to show it. Most peers that have lost both the server and this page have just closed a tab. */
  get isHere() {
    return this.about !== null && !(this.peer.isAway && this.state !== 'connected');
  }

  addStream(stream, role) {
    this.#roles.set(stream, role);
  }

  removeStream(stream) {
    this.#roles.delete(stream);
  }

  /** The screen that it shares; undefined while it shares none. */
  get screen() {
    return this.#streamOf('screen');
  }

  /** The picture of its camera, or the drawn one, with its sound. */
  get tracks() {
    const camera = this.#streamOf('camera');
    const drawn = this.#streamOf('picture');
    const pictures = this.about?.camera ? camera?.getVideoTracks() : drawn?.getVideoTracks();
    return [...(pictures?.slice(-1) ?? []), ...(camera?.getAudioTracks() ?? [])];
  }

  /**
   * Takes in a measurement of its connection.
   *
   * @returns whether `quality`, `isSpeaking` or `isLate` has changed
   */
  measure({ quality, audioLevel }) {
    const before = [this.quality, this.isSpeaking, this.isLate];
    const now = performance.now();
    this.#lastSound = audioLevel > SPEAKS ? now : this.#lastSound;
    this.isSpeaking = now - this.#lastSound < PAUSE_MS;
    this.#measured = { quality, times: quality === this.#measured.quality ? this.#measured.times + 1 : 1 };
    if (this.quality === 'unknown' || this.#measured.times >= STEADY) {
      this.quality = quality;
    }
    this.#connectedAt = this.state === 'connected' ? now : this.#connectedAt;
    this.isLate = now - this.#connectedAt > LATE_MS;
    return before[0] !== this.quality || before[1] !== this.isSpeaking || before[2] !== this.isLate;
  }

  #streamOf(role) {
    return [...this.#roles].findLast(([, of]) => of === role)?.[0];
  }
}
