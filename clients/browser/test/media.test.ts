// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../src/index.js';
import { CallStatistics, LocalMedia, type MediaError, Playback } from '../src/media/index.js';

class FakeTrack {
  readyState = 'live';
  onended: (() => unknown) | null = null;
  readonly listeners: (() => void)[] = [];

  constructor(
    readonly kind: string,
    readonly deviceId = 'built-in',
  ) {}

  getSettings(): object {
    return { deviceId: this.deviceId };
  }

  stop(): void {
    this.readyState = 'ended';
  }

  addEventListener(_: 'ended', listener: () => void): void {
    this.listeners.push(listener);
  }

  /** It ends by itself. */
  end(): void {
    this.readyState = 'ended';
    this.onended?.();
    this.listeners.forEach((listener) => listener());
  }
}

class FakeStream {
  constructor(readonly tracks: FakeTrack[] = []) {}

  getTracks(): FakeTrack[] {
    return [...this.tracks];
  }

  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'video');
  }

  addTrack(track: FakeTrack): void {
    this.tracks.push(track);
  }

  removeTrack(track: FakeTrack): void {
    this.tracks.splice(this.tracks.indexOf(track), 1);
  }
}

/** A call with one peer, which notes what is sent. As in a call, a track that ends by itself is sent no more. */
class FakeCall {
  readonly #tracks = new Set<FakeTrack>();
  readonly done: string[] = [];
  readonly sender = {
    track: undefined as FakeTrack | null | undefined,
    replaceTrack: async (track: FakeTrack | null): Promise<void> => void (this.sender.track = track),
  };
  readonly peers = new Map([['bob', { id: 'bob', connection: { getSenders: () => [this.sender] } }]]);

  addTrack(track: FakeTrack, _: FakeStream, metadata: object): void {
    this.#send(track);
    this.done.push(`add ${track.kind} ${JSON.stringify(metadata)}`);
  }

  #send(track: FakeTrack): void {
    this.sender.track = track;
    this.#tracks.add(track);
    track.addEventListener('ended', () => this.#tracks.delete(track));
  }

  async replaceTrack(track: FakeTrack, by: FakeTrack): Promise<void> {
    if (!this.#tracks.delete(track)) {
      throw new Error('unknown_track');
    }
    this.#send(by);
    this.done.push(`replace ${by.deviceId}`);
  }

  removeTrack(track: FakeTrack): void {
    this.done.push(`remove ${track.kind}`);
  }

  addStream(_: FakeStream, metadata: object): void {
    this.done.push(`add stream ${JSON.stringify(metadata)}`);
  }

  removeStream(): void {
    this.done.push('remove stream');
  }
}

const devices = Object.assign(new EventTarget(), {
  getUserMedia: vi.fn<(constraints: MediaStreamConstraints) => Promise<FakeStream>>(),
  getDisplayMedia: vi.fn<() => Promise<FakeStream>>(),
  enumerateDevices: vi.fn<() => Promise<object[]>>(),
});

const camera = (deviceId?: string): FakeStream => new FakeStream([new FakeTrack('video', deviceId)]);
const thrown = (name: string): Error => Object.assign(new Error(name), { name });

const all: LocalMedia[] = [];

function bench() {
  const call = new FakeCall();
  const media = new LocalMedia(call as unknown as Call);
  all.push(media);
  const errors: MediaError[] = [];
  media.on('error', ({ error }) => errors.push(error));
  return { call, media, errors, sent: () => call.sender.track };
}

beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('navigator', { mediaDevices: devices });
  devices.getUserMedia.mockReset().mockImplementation(async () => camera());
  devices.getDisplayMedia.mockReset().mockImplementation(async () => camera('screen'));
  devices.enumerateDevices.mockReset().mockResolvedValue([{ deviceId: 'built-in' }]);
});

afterEach(() => {
  all.splice(0).forEach((media) => media.close());
  vi.unstubAllGlobals();
});

describe('local media', () => {
  it('sends a camera, another one in its place, nothing while it is off, and again, over one line', async () => {
    const { call, media, sent } = bench();
    await media.start('camera');
    const first = sent();
    devices.getUserMedia.mockResolvedValueOnce(camera('usb'));
    await media.start('camera', { deviceId: { exact: 'usb' } });
    expect(devices.getUserMedia).toHaveBeenLastCalledWith({ video: { deviceId: { exact: 'usb' } } });
    expect(first?.readyState).toBe('ended');
    const second = sent();
    await media.stop('camera');
    expect([second?.readyState, sent(), media.track('camera'), media.stream.getTracks()]).toEqual([
      'ended',
      null,
      undefined,
      [],
    ]);
    await media.start('camera');
    expect(sent()).toBe(media.track('camera'));
    expect(call.done).toEqual(['add video {"role":"camera"}', 'replace usb', 'replace built-in']);
  });

  it.each([
    ['NotAllowedError', 'denied', /settings/],
    ['NotReadableError', 'in_use', /close/],
    ['NotFoundError', 'not_found', /plug/],
    ['OverconstrainedError', 'not_found', /another device/],
    ['TypeError', 'failed', /another device/],
  ])('says what %s means: %s, and the remedy', async (name, code, remedy) => {
    const { media } = bench();
    const cause = thrown(name);
    devices.getUserMedia.mockRejectedValue(cause);
    await expect(media.start('camera')).rejects.toMatchObject({
      code,
      cause,
      remedy: expect.stringMatching(remedy) as string,
    });
  });

  it('names source, cause and remedy in the text of an error', async () => {
    const { media } = bench();
    devices.getUserMedia
      .mockRejectedValueOnce(thrown('NotReadableError'))
      .mockRejectedValueOnce(new TypeError('no such mode'));
    await expect(media.start('camera')).rejects.toThrow(
      'camera is in use: close the other program or tab that uses it',
    );
    await expect(media.start('camera')).rejects.toThrow(
      'camera could not be started (TypeError: no such mode): try again',
    );
    const unknown = media.start('mic' as 'microphone');
    await expect(unknown).rejects.toThrow(`"mic" is not a source: use 'camera' or 'microphone'`);
    await expect(unknown).rejects.toMatchObject({ name: 'MediaError', code: 'unknown_source' });
  });

  it('starts nothing after it was closed, and says so', async () => {
    const { media } = bench();
    media.close();
    const closed = { code: 'closed', remedy: 'make a new LocalMedia' };
    await expect(media.start('camera')).rejects.toMatchObject(closed);
    await expect(media.shareScreen()).rejects.toMatchObject(closed);
    expect([devices.getUserMedia.mock.calls, devices.getDisplayMedia.mock.calls]).toEqual([[], []]);
  });

  it('keeps sending what it sent when another device is refused', async () => {
    const { media, sent } = bench();
    await media.start('camera');
    devices.getUserMedia.mockRejectedValueOnce(thrown('NotAllowedError'));
    await expect(media.start('camera')).rejects.toMatchObject({ code: 'denied' });
    expect(sent()?.readyState).toBe('live');
  });

  it('frees its camera where only one can be open', async () => {
    const { media, sent } = bench();
    await media.start('camera');
    const first = sent();
    devices.getUserMedia.mockRejectedValueOnce(thrown('NotReadableError'));
    await media.start('camera');
    expect(first?.readyState).toBe('ended');
    expect(sent()?.readyState).toBe('live');
  });

  it.each([
    ['unplugged', []],
    ['ended', [{ deviceId: 'built-in' }]],
  ])('says that a device that stops by itself is %s', async (code, left) => {
    const { media, errors, sent } = bench();
    await media.start('camera');
    devices.enumerateDevices.mockResolvedValue(left);
    sent()?.end();
    await vi.waitFor(() => expect(errors).toMatchObject([{ code }]));
    expect(media.track('camera')).toBeUndefined();
    await media.start('camera');
    expect(sent()?.readyState).toBe('live');
  });

  it('says that a page that is not served over https has no devices', async () => {
    vi.stubGlobal('navigator', {});
    const { media } = bench();
    await expect(media.start('microphone')).rejects.toMatchObject({ code: 'insecure' });
    await expect(media.shareScreen()).rejects.toMatchObject({ code: 'insecure' });
    expect(await media.devices()).toEqual([]);
  });

  it('shares a screen until the browser ends that', async () => {
    const { call, media } = bench();
    await media.shareScreen();
    const screen = media.screen as unknown as FakeStream;
    screen.tracks[0]?.onended?.();
    expect(media.screen).toBeUndefined();
    expect(call.done).toEqual(['add stream {"role":"screen"}', 'remove stream']);
  });

  it('reports the devices that are there when one comes or goes', async () => {
    const { media } = bench();
    const seen: unknown[] = [];
    media.on('devices-change', (event) => seen.push(event));
    devices.dispatchEvent(new Event('devicechange'));
    await vi.waitFor(() => expect(seen).toEqual([{ devices: [{ deviceId: 'built-in' }] }]));
    media.close();
    devices.dispatchEvent(new Event('devicechange'));
    await Promise.resolve();
    expect(seen).toHaveLength(1);
  });

  it('stops a screen that the user chooses after it was closed', async () => {
    const { call, media } = bench();
    const chosen = camera('screen');
    devices.getDisplayMedia.mockResolvedValueOnce(chosen);
    const sharing = media.shareScreen();
    media.close();
    await expect(sharing).rejects.toMatchObject({ code: 'closed' });
    expect([chosen.tracks[0]?.readyState, call.done]).toEqual(['ended', []]);
  });

  it('stops a device that opens after it was closed', async () => {
    const { media } = bench();
    const opened = camera();
    devices.getUserMedia.mockImplementationOnce(async () => {
      media.close();
      return opened;
    });
    await expect(media.start('camera')).rejects.toMatchObject({ code: 'closed' });
    expect(opened.tracks[0]?.readyState).toBe('ended');
  });
});

it('sound that the browser blocks is muted, reported once, and started for all by one call', async () => {
  const playback = new Playback();
  const blocked = vi.fn();
  playback.on('blocked', blocked);
  let isAllowed = false;
  const element = () => {
    const it = {
      muted: false,
      play: async () => (it.muted || isAllowed ? undefined : Promise.reject(thrown('NotAllowedError'))),
    };
    return it;
  };
  const elements = [element(), element()];
  for (const it of elements) {
    await playback.play(it as unknown as HTMLMediaElement);
  }
  expect([elements.map(({ muted }) => muted), playback.isBlocked]).toEqual([[true, true], true]);
  expect(blocked).toHaveBeenCalledOnce();
  isAllowed = true;
  await playback.start();
  expect([elements.map(({ muted }) => muted), playback.isBlocked]).toEqual([[false, false], false]);
});

describe('the statistics of a call', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function peer(id: string, reports: object[]) {
    return { id, connection: { getStats: async () => reports } };
  }

  it('measure all peers once a second: quality since the measurement before, and who speaks', async () => {
    const sound = { type: 'inbound-rtp', packetsLost: 0, packetsReceived: 100, audioLevel: 0.3 };
    const picture = { type: 'inbound-rtp', packetsLost: 10, packetsReceived: 90 };
    const peers = new Map([
      ['bob', peer('bob', [sound, { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.03 }])],
      ['eve', peer('eve', [picture])],
      ['new', peer('new', [])],
    ]);
    const statistics = new CallStatistics({ peers } as unknown as Call);
    const qualities: string[] = [];
    const speakers: unknown[] = [];
    statistics.on('update', (event) =>
      qualities.push([...event.peers.values()].map(({ quality }) => quality).join(' ')),
    );
    statistics.on('speaker-change', (event) => speakers.push(event.peer?.id));
    await vi.advanceTimersByTimeAsync(1000);
    sound.packetsReceived = 200;
    sound.audioLevel = 0;
    picture.packetsLost = 15;
    picture.packetsReceived = 185;
    await vi.advanceTimersByTimeAsync(1000);
    picture.packetsReceived = 300;
    peers.delete('bob');
    await vi.advanceTimersByTimeAsync(1000);
    expect(qualities).toEqual(['good poor unknown', 'good fair unknown', 'good unknown']);
    expect(speakers).toEqual(['bob', undefined]);
    statistics.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(qualities).toHaveLength(3);
  });
});
