// SPDX-License-Identifier: Apache-2.0
// What this side sends: the camera or the generated picture, and the microphone once it is switched on.

import { anyName } from '/names.js';
import { Picture } from '/picture.js';

const CAMERA_PATIENCE_MS = 4000;
const CAMERA = { video: { width: { ideal: 1280 }, height: { ideal: 720 } } };

export class LocalMedia extends EventTarget {
  /** What is sent now; events `video` and `microphone` report its changes. */
  stream = new MediaStream();
  #name = anyName();
  #picture = null;
  #camera = null;
  #wantsCamera = true;
  #stopped = false;

  /** What this side is called; written on the picture. */
  get name() {
    return this.#name;
  }

  set name(name) {
    this.#name = name;
    if (this.#picture) {
      this.#picture.name = name;
    }
  }

  get hasCamera() {
    return this.#camera !== null;
  }

  get video() {
    return this.stream.getVideoTracks()[0];
  }

  get microphone() {
    return this.stream.getAudioTracks()[0];
  }

  get isMuted() {
    return !this.microphone?.enabled;
  }

  /** Fulfilled when there is something to send: the picture for now if nobody answers the browser's question. */
  async open() {
    this.#followPermission();
    const patience = new Promise((resolve) => setTimeout(resolve, CAMERA_PATIENCE_MS));
    await Promise.race([this.useCamera(), patience]);
    if (!this.video) {
      this.#sendPicture();
    }
  }

  /** False when there is no camera to use. */
  async useCamera() {
    this.#wantsCamera = true;
    const stream = await capture(CAMERA);
    const camera = stream?.getVideoTracks()[0];
    if (!camera) {
      return false;
    }
    if (this.#stopped || !this.#wantsCamera || this.#camera) {
      camera.stop();
      return true;
    }
    this.#camera = camera;
    camera.onended = () => this.usePicture();
    this.#send(camera);
    this.#picture?.stop();
    this.#picture = null;
    return true;
  }

  usePicture() {
    this.#wantsCamera = false;
    this.#sendPicture();
    this.#camera?.stop();
    this.#camera = null;
    this.dispatchEvent(new Event('video'));
  }

  /** False when there is no microphone to use. It is not opened before it is first switched on. */
  async useMicrophone() {
    if (!this.microphone) {
      const stream = await capture({ audio: true });
      const microphone = stream?.getAudioTracks()[0];
      if (!microphone) {
        return false;
      }
      if (this.#stopped) {
        microphone.stop();
        return false;
      }
      this.stream.addTrack(microphone);
      microphone.onended = () => {
        this.stream.removeTrack(microphone);
        this.dispatchEvent(new Event('microphone'));
      };
    }
    this.microphone.enabled = true;
    this.dispatchEvent(new Event('microphone'));
    return true;
  }

  mute() {
    this.microphone.enabled = false;
    this.dispatchEvent(new Event('microphone'));
  }

  stop() {
    this.#stopped = true;
    this.#picture?.stop();
    this.stream.getTracks().forEach((track) => track.stop());
  }

  #sendPicture() {
    if (!this.#stopped && !this.#picture) {
      this.#picture = new Picture(this.#name);
      this.#send(this.#picture.track);
    }
  }

  #send(track) {
    const before = this.video;
    if (before) {
      this.stream.removeTrack(before);
    }
    this.stream.addTrack(track);
    this.dispatchEvent(new Event('video'));
  }

  /** The browser asks in the tab in front only; its answer is good for the tab behind, too. */
  async #followPermission() {
    try {
      const permission = await navigator.permissions.query({ name: 'camera' });
      permission.onchange = () => {
        if (permission.state === 'granted' && this.#wantsCamera && !this.#stopped) {
          this.useCamera();
        }
      };
    } catch {
      // Not every browser knows this permission.
    }
  }
}

async function capture(constraints) {
  try {
    // Absent on pages that are neither local nor served by https.
    return await navigator.mediaDevices?.getUserMedia(constraints);
  } catch {
    return null;
  }
}
