// SPDX-License-Identifier: Apache-2.0
// What this page sends: camera, microphone, screen, and a drawn picture while the camera is wanted and cannot be used.

import { LocalMedia } from '/parley-media.js';
import { Picture } from '/picture.js';

const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 } };

/** How long the browser may ask the user for the camera before the drawn picture is sent, in milliseconds. */
const PICTURE_AFTER_MS = 1500;

/** Of a screen with its sound: without the sound of this call, which would be an echo. */
const SCREEN = { video: true, audio: true, systemAudio: 'exclude' };

/** Events: `change`; `problem` with `source` and `error`, a `MediaError`; `devices`. */
export class OwnMedia extends EventTarget {
  /** Why a source that is wanted is off, by source. */
  problems = new Map();
  #call;
  #local;
  #name;
  #starting = new Set();
  #wantsCamera = false;
  #picture = null;
  #pictureStream = null;
  #pictureTimer = 0;
  #isClosed = false;

  constructor(call, name) {
    super();
    this.#call = call;
    this.#name = name;
    this.#local = new LocalMedia(call);
    this.#local.on('change', () => this.#changed());
    this.#local.on('error', ({ source, error }) => this.#fail(source, error));
    this.#local.on('devices-change', () => this.dispatchEvent(new Event('devices')));
  }

  get hasCamera() {
    return this.#local.track('camera') !== undefined;
  }

  /** Whether the user wants to be seen: by the camera, or by the drawn picture where the camera cannot be used. */
  get wantsCamera() {
    return this.#wantsCamera;
  }

  /** Whether the drawn picture is sent in place of the camera. */
  get isDrawn() {
    return this.#picture !== null;
  }

  get isMuted() {
    return !this.#local.track('microphone')?.enabled;
  }

  get isSharing() {
    return this.#local.screen !== undefined;
  }

  /** The tracks of the screen that is shared. */
  get screenTracks() {
    return this.#local.screen?.getTracks() ?? [];
  }

  /** Whether the camera looks away from the user: then the user sees the picture as it is, not mirrored. */
  get looksAway() {
    return this.#local.track('camera')?.getSettings().facingMode === 'environment';
  }

  /** What the user sees of oneself; null while the camera is off. */
  get ownView() {
    return this.hasCamera ? this.#local.stream : this.#pictureStream;
  }

  isStarting(source) {
    return this.#starting.has(source);
  }

  /** Returns the id of the device in use; undefined while the source is off. */
  deviceOf(source) {
    return this.#local.track(source)?.getSettings().deviceId;
  }

  devices() {
    return this.#local.devices();
  }

  /** The name on the drawn picture. */
  set name(name) {
    this.#name = name;
    if (this.#picture) {
      this.#picture.name = name;
    }
  }

  /**
   * Switches the camera on, or to another one.
   *
   * @param wish such as `{deviceId}` or `{facingMode}`
   */
  async startCamera(wish = {}) {
    this.#wantsCamera = true;
    clearTimeout(this.#pictureTimer);
    this.#pictureTimer = setTimeout(() => this.#placePicture(), PICTURE_AFTER_MS);
    await this.#start('camera', { ...CAMERA, ...wish });
  }

  async stopCamera() {
    this.#wantsCamera = false;
    this.problems.delete('camera');
    this.#placePicture();
    this.#changed();
    await this.#local.stop('camera');
  }

  flipCamera() {
    return this.startCamera({ facingMode: this.looksAway ? 'user' : 'environment' });
  }

  /**
   * Switches the microphone on. Once it was, it stays open while it is muted, so that no word is lost later.
   *
   * @param deviceId which one to open if none is
   */
  async unmute(deviceId) {
    const track = this.#local.track('microphone');
    if (track) {
      track.enabled = true;
      this.#changed();
    } else {
      await this.#start('microphone', { deviceId });
    }
  }

  mute() {
    const track = this.#local.track('microphone');
    if (track) {
      track.enabled = false;
    }
    this.#changed();
  }

  /** Uses another microphone, which is muted if the one before was. */
  async useMicrophone(deviceId) {
    const wasMuted = this.isMuted;
    await this.#start('microphone', { deviceId });
    if (wasMuted) {
      this.mute();
    }
  }

  /** Call it in the handler of a click or a key. */
  async shareScreen() {
    try {
      await this.#local.shareScreen(SCREEN);
      this.screenTracks.filter(({ kind }) => kind === 'video').forEach((track) => (track.contentHint = 'detail'));
    } catch (error) {
      if (error.code !== 'denied') {
        this.#fail('screen', error); // who chose no screen knows why none is shared
      }
    }
  }

  stopScreen() {
    this.#local.stopScreen();
  }

  /** Forgets the first problem, which the user has read. */
  dismiss() {
    const [source] = this.problems.keys();
    this.problems.delete(source);
    this.#changed();
  }

  /** Switches everything off for good. */
  close() {
    this.#isClosed = true;
    clearTimeout(this.#pictureTimer);
    this.#placePicture();
    this.#local.close();
  }

  async #start(source, constraints) {
    this.#starting.add(source);
    this.problems.delete(source);
    this.#changed();
    try {
      await this.#local.start(source, constraints);
    } catch (error) {
      this.#fail(source, error);
    } finally {
      this.#starting.delete(source);
      this.#placePicture();
      this.#changed();
    }
  }

  #fail(source, error) {
    if (this.#isClosed || (source === 'camera' && !this.#wantsCamera)) {
      return;
    }
    this.problems.set(source, error);
    this.#placePicture();
    this.#changed();
    this.dispatchEvent(new CustomEvent('problem', { detail: { source, error } }));
  }

  /** Sends the drawn picture if it has to stand for the camera, and no longer if not. */
  #placePicture() {
    const isNeeded = this.#wantsCamera && !this.hasCamera && !this.#isClosed;
    if (isNeeded && !this.#picture) {
      this.#picture = new Picture(this.#name);
      this.#pictureStream = new MediaStream([this.#picture.track]);
      this.#call.addStream(this.#pictureStream, { role: 'picture' });
      this.#changed();
    } else if (!isNeeded && this.#picture) {
      this.#call.removeStream(this.#pictureStream);
      this.#picture.stop();
      this.#picture = null;
      this.#pictureStream = null;
      this.#changed();
    }
  }

  #changed() {
    if (!this.#isClosed) {
      this.dispatchEvent(new Event('change'));
    }
  }
}
