// SPDX-License-Identifier: Apache-2.0
import type { Call } from '../index.js';
import { LocalMedia, MediaError, type Source } from '../media/index.js';
import { Store } from './store.js';

/** Camera, microphone and screen of a component at one moment. */
export interface LocalMediaStatus {
  /**
   * Camera and microphone, to show the user; undefined until the component is mounted. The same while sources are
   * switched.
   */
  readonly stream: MediaStream | undefined;

  /** What the camera sends; undefined while it is off. */
  readonly camera: MediaStreamTrack | undefined;

  /** What the microphone sends; undefined while it is off. */
  readonly microphone: MediaStreamTrack | undefined;

  /** The screen that is shared, if one is. */
  readonly screen: MediaStream | undefined;

  /**
   * The cameras, microphones and loudspeakers that are there: choose one by `start('camera', {deviceId: {exact: id}})`.
   * They have names once the user has allowed one of them. The same list until it changes.
   */
  readonly devices: readonly MediaDeviceInfo[];

  /** Why a source is off that was to be on; until it is started or stopped. */
  readonly errors: { readonly [source in Source | 'screen']?: MediaError };
}

const OFF: LocalMediaStatus = {
  stream: undefined,
  camera: undefined,
  microphone: undefined,
  screen: undefined,
  devices: [],
  errors: {},
};

/** Camera, microphone and screen of a component in a call. */
export class LocalMediaStore extends Store<LocalMediaStatus> {
  readonly #call: Call;
  readonly #wanted: Map<Source, MediaTrackConstraints>;

  /** Sources that were started or stopped since the devices were last closed. */
  readonly #touched = new Set<Source>();
  #media: LocalMedia | undefined;

  /** Whether the component is mounted. */
  #isOpen = false;

  /**
   * @param wanted the sources that are on, with what is asked of them. The store keeps it up to date; the next store
   *     starts them.
   */
  constructor(call: Call, wanted: Map<Source, MediaTrackConstraints>) {
    super(OFF);
    this.#call = call;
    this.#wanted = wanted;
  }

  /**
   * Starts the wanted sources in the next microtask, so that StrictMode does not open the devices twice; returns what
   * switches all sources off.
   */
  readonly open = (): (() => void) => {
    this.#isOpen = true;
    this.#show(this.#use());
    queueMicrotask(() => {
      if (this.#isOpen) {
        [...this.#wanted].filter(([source]) => !this.#touched.has(source)).forEach((it) => void this.start(...it));
      }
    });
    return () => {
      this.#isOpen = false;
      this.#close();
    };
  };

  /** Switches a source on, or to another device. Fulfilled also if it fails: see `errors`. */
  readonly start = async (source: Source, constraints: MediaTrackConstraints = {}): Promise<void> => {
    const before = this.#wanted.get(source);
    this.#touched.add(source);
    this.#wanted.set(source, constraints);
    await this.#try(
      source,
      (media) => media.start(source, constraints),
      () => (before && this.get()[source] ? this.#wanted.set(source, before) : this.#wanted.delete(source)),
    );
  };

  /** Switches a source off. */
  readonly stop = async (source: Source): Promise<void> => {
    this.#touched.add(source);
    this.#wanted.delete(source);
    await this.#try(source, (media) => media.stop(source));
  };

  /**
   * Shares a screen that the user chooses. Call it in the handler of a click. Fulfilled also if it fails: see `errors`.
   */
  readonly shareScreen = async (options?: DisplayMediaStreamOptions): Promise<void> => {
    await this.#try('screen', (media) => media.shareScreen(options));
  };

  /** Shares no screen any more. */
  readonly stopScreen = (): void => this.#media?.stopScreen();

  async #try(source: Source | 'screen', step: (media: LocalMedia) => Promise<void>, undo?: () => void): Promise<void> {
    const media = this.#use();
    this.#show(media, { [source]: undefined });
    try {
      await step(media);
    } catch (error) {
      if (media === this.#media) {
        undo?.();
        this.#show(media, { [source]: error instanceof MediaError ? error : MediaError.of(source, error) });
      }
    }
  }

  /**
   * Effects of children, which React runs first, use the devices right before the component is mounted; others may
   * after its end.
   */
  #use(): LocalMedia {
    if (!this.#isOpen) {
      queueMicrotask(() => this.#isOpen || this.#close());
    }
    if (!this.#media) {
      const media = (this.#media = new LocalMedia(this.#call));
      media.on('change', () => {
        this.#show(media);
        void this.#listDevices(media); // they have names now
      });
      media.on('devices-change', ({ devices }) => this.#showDevices(media, devices));
      void this.#listDevices(media);
      media.on('error', ({ source, error }) => {
        this.#wanted.delete(source);
        this.#show(media, { [source]: error });
      });
    }
    return this.#media;
  }

  #close(): void {
    this.#media?.close();
    this.#media = undefined;
    this.#touched.clear();
    this.set(OFF);
  }

  async #listDevices(media: LocalMedia): Promise<void> {
    this.#showDevices(media, await media.devices().catch(() => []));
  }

  #showDevices(media: LocalMedia, devices: readonly MediaDeviceInfo[]): void {
    if (media === this.#media && namesOf(devices) !== namesOf(this.get().devices)) {
      this.set({ ...this.get(), devices });
    }
  }

  #show(media: LocalMedia, errors: { [source in Source | 'screen']?: MediaError | undefined } = {}): void {
    if (media === this.#media) {
      const all = Object.entries({ ...this.get().errors, ...errors }).filter(([, error]) => error);
      this.set({
        stream: media.stream,
        camera: media.track('camera'),
        microphone: media.track('microphone'),
        screen: media.screen,
        devices: this.get().devices,
        errors: Object.fromEntries(all),
      });
    }
  }
}

/** Returns what distinguishes lists of devices, as the browser makes new objects each time. */
function namesOf(devices: readonly MediaDeviceInfo[]): string {
  return JSON.stringify(devices.map(({ kind, deviceId, label }) => [kind, deviceId, label]));
}
