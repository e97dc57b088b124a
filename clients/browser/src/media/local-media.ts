// SPDX-License-Identifier: Apache-2.0
import type { Call } from '../call/call.js';
import { Events } from '../events.js';
import { MediaError } from './errors.js';

export type Source = 'camera' | 'microphone';

/** Events of the local media. */
export interface LocalMediaEvents {
  /** A source was switched on or off, or sends from another device. */
  change: { readonly source: Source | 'screen' };

  /** A source that was on stopped by itself. It is off now. */
  error: { readonly source: Source; readonly error: MediaError };

  /** A device was plugged in or unplugged. */
  'devices-change': { readonly devices: readonly MediaDeviceInfo[] };
}

const KINDS = { camera: 'video', microphone: 'audio' } as const;

/**
 * The camera, the microphone and the screen of this client in a call.
 *
 * A source is switched on, off and to another device without negotiation: only its first start is negotiated.
 */
export class LocalMedia extends Events<LocalMediaEvents> {
  /** What is sent of camera and microphone, to show it to the user. */
  readonly stream = new MediaStream();

  readonly #call: Call;

  /** What the call knows each source by: the track it sent last. */
  readonly #sent = new Map<Source, MediaStreamTrack>();
  readonly #live = new Map<Source, MediaStreamTrack>();

  /** The end of what was begun with each source: one thing is done at a time. */
  readonly #turns = new Map<Source, Promise<unknown>>();
  readonly #listDevices = (): void => void this.devices().then((devices) => this.tell('devices-change', { devices }));
  #screen: MediaStream | undefined;
  #isClosed = false;

  constructor(call: Call) {
    super();
    this.#call = call;
    mediaDevices()?.addEventListener('devicechange', this.#listDevices);
  }

  /** What is sent from the source; undefined while it is off. */
  track(source: Source): MediaStreamTrack | undefined {
    return this.#live.get(source);
  }

  /** The screen that is shared; undefined while no screen is. */
  get screen(): MediaStream | undefined {
    return this.#screen;
  }

  /** Returns the cameras, microphones and loudspeakers. They have names once the user has allowed one of them. */
  async devices(): Promise<readonly MediaDeviceInfo[]> {
    return (await mediaDevices()?.enumerateDevices()) ?? [];
  }

  /**
   * Switches a source on, or to another device.
   *
   * @param constraints what is asked of it, such as `{deviceId: {exact: id}}`
   * @returns fulfilled when everybody in the call gets it; fails with a {@link MediaError}, and then what was on goes
   *     on. Its code is `closed` if this is closed, also when that happens before the device is open
   */
  start(source: Source, constraints: MediaTrackConstraints = {}): Promise<void> {
    return this.#inTurn(source, async () => {
      this.#requireOpen(source);
      const track = await this.#capture(source, constraints);
      this.#requireOpen(source, track);
      const before = this.#live.get(source);
      this.#listen(source, track);
      this.#live.set(source, track);
      this.stream.addTrack(track);
      if (before) {
        this.#release(before);
      }
      await this.#send(source, track);
      this.#requireOpen(source);
      this.tell('change', { source });
    });
  }

  /** Switches a source off: its device is free then. */
  stop(source: Source): Promise<void> {
    return this.#inTurn(source, () => this.#end(source));
  }

  /**
   * Shares a screen, a window or a tab, which the user chooses. Call it in the handler of a click.
   *
   * @returns fulfilled when it is sent; fails with a {@link MediaError}, of code `denied` if the user chose nothing, of
   *     code `closed` if this is closed
   */
  async shareScreen(options: DisplayMediaStreamOptions = { video: true }): Promise<void> {
    this.#requireOpen('screen');
    const devices = usable('screen');
    const stream = await devices.getDisplayMedia(options).catch((cause: unknown) => {
      throw MediaError.of('screen', cause);
    });
    this.#requireOpen('screen', ...stream.getTracks());
    this.stopScreen();
    this.#screen = stream;
    stream.getVideoTracks().forEach((track) => (track.onended = () => this.#screen === stream && this.stopScreen()));
    this.#call.addStream(stream, { role: 'screen' });
    this.tell('change', { source: 'screen' });
  }

  /** Shares no screen any more. The browser ends it too, by its own button, which `change` reports. */
  stopScreen(): void {
    const stream = this.#screen;
    if (stream) {
      this.#screen = undefined;
      this.#call.removeStream(stream);
      stream.getTracks().forEach((track) => track.stop());
      this.tell('change', { source: 'screen' });
    }
  }

  /** Switches everything off for good. The call goes on. What is started afterwards fails with the code `closed`. */
  close(): void {
    this.#isClosed = true;
    mediaDevices()?.removeEventListener('devicechange', this.#listDevices);
    this.stopScreen();
    this.#live.forEach((track) => this.#release(track));
    this.#live.clear();
    this.#sent.forEach((track) => this.#call.removeTrack(track));
    this.#sent.clear();
  }

  /** Fails if this is closed, after it has stopped these tracks. */
  #requireOpen(source: Source | 'screen', ...tracks: readonly MediaStreamTrack[]): void {
    if (this.#isClosed) {
      tracks.forEach((track) => track.stop());
      throw new MediaError(source, 'closed');
    }
  }

  /**
   * Opens a device. Phones open one camera at a time: where the device is in use, perhaps by this page, the one that is
   * on is stopped before.
   */
  async #capture(source: Source, constraints: MediaTrackConstraints): Promise<MediaStreamTrack> {
    if (source !== 'camera' && source !== 'microphone') {
      throw new MediaError(`"${source}"`, 'unknown_source');
    }
    const devices = usable(source);
    const open = async (): Promise<MediaStreamTrack> => {
      const stream = await devices.getUserMedia({ [KINDS[source]]: constraints });
      return stream.getTracks()[0] as MediaStreamTrack;
    };
    try {
      return await open();
    } catch (cause) {
      const error = MediaError.of(source, cause);
      if (error.code !== 'in_use' || !this.#live.has(source)) {
        throw error;
      }
    }
    await this.#end(source);
    return open().catch((cause: unknown) => {
      throw MediaError.of(source, cause);
    });
  }

  async #send(source: Source, track: MediaStreamTrack): Promise<void> {
    const before = this.#sent.get(source);
    this.#sent.set(source, track);
    if (before) {
      await this.#call.replaceTrack(before, track);
    } else {
      this.#call.addTrack(track, this.stream, { role: 'camera' });
    }
  }

  /** Nothing is encoded and sent while there is no track; the line of the description stays. */
  async #end(source: Source): Promise<void> {
    const track = this.#live.get(source);
    if (!track) {
      return;
    }
    this.#live.delete(source);
    this.#release(track);
    const senders = [...this.#call.peers.values()].flatMap(({ connection }) => connection.getSenders());
    await Promise.all(
      senders
        .filter((sender) => sender.track === track)
        .map((sender) => sender.replaceTrack(null).catch(() => undefined)),
    );
    this.tell('change', { source });
  }

  #release(track: MediaStreamTrack): void {
    track.onended = null;
    track.stop();
    this.stream.removeTrack(track);
  }

  #listen(source: Source, track: MediaStreamTrack): void {
    track.onended = () => {
      const { deviceId } = track.getSettings();
      void this.#inTurn(source, async () => {
        if (this.#live.get(source) !== track) {
          return;
        }
        this.#sent.delete(source); // the call sends a track no more that has ended by itself
        await this.#end(source);
        const isThere = (await this.devices()).some((device) => device.deviceId === deviceId);
        this.tell('error', { source, error: new MediaError(source, isThere ? 'ended' : 'unplugged') });
      });
    };
  }

  #inTurn(source: Source, step: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(source) ?? Promise.resolve()).then(step);
    this.#turns.set(
      source,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

/** Absent on pages that are neither local nor served over https, and where there is no page. */
function mediaDevices(): MediaDevices | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;
}

function usable(source: string): MediaDevices {
  const devices = mediaDevices();
  if (!devices) {
    throw new MediaError(source, 'insecure');
  }
  return devices;
}
