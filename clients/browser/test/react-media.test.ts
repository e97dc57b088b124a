// SPDX-License-Identifier: Apache-2.0
// @vitest-environment happy-dom
import { act, createElement, type ReactNode, StrictMode, useEffect } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Call } from '../src/index.js';
import type { Source } from '../src/media/index.js';
import { type LocalMediaControls, useLocalMedia } from '../src/react/index.js';
import { useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

useFakeCalls();

class FakeTrack extends EventTarget {
  readyState = 'live';
  onended: (() => unknown) | null = null;

  constructor(readonly kind: string) {
    super();
  }

  getSettings(): object {
    return { deviceId: 'built-in' };
  }

  stop(): void {
    this.readyState = 'ended';
  }
}

class FakeStream {
  readonly tracks = new Set<FakeTrack>();

  addTrack(track: FakeTrack): void {
    this.tracks.add(track);
  }

  removeTrack(track: FakeTrack): void {
    this.tracks.delete(track);
  }

  getTracks(): FakeTrack[] {
    return [...this.tracks];
  }

  getVideoTracks(): FakeTrack[] {
    return this.getTracks();
  }
}

/** All tracks that were opened, in order. */
const opened: FakeTrack[] = [];

async function open(kind: string): Promise<FakeStream> {
  const track = new FakeTrack(kind);
  opened.push(track);
  const stream = new FakeStream();
  stream.addTrack(track);
  return stream;
}

const devices = Object.assign(new EventTarget(), {
  getUserMedia: vi.fn<(constraints: object) => Promise<FakeStream>>(),
  getDisplayMedia: vi.fn<() => Promise<FakeStream>>(),
  enumerateDevices: vi.fn<() => Promise<object[]>>(),
});

const on = (): string[] => opened.filter(({ readyState }) => readyState === 'live').map(({ kind }) => kind);

let root: Root;
let element: HTMLElement;
let media: LocalMediaControls;

function Component({ call, initial }: { readonly call: Call; readonly initial?: readonly Source[] }): ReactNode {
  media = useLocalMedia(call, initial);
  return null;
}

async function show(call: Call, initial?: readonly Source[]): Promise<void> {
  await act(async () =>
    root.render(createElement(StrictMode, null, createElement(Component, { call, ...(initial && { initial }) }))),
  );
}

const newCall = (): Call => new Call(new Bench().client);

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('navigator', { mediaDevices: devices });
  devices.getUserMedia.mockReset().mockImplementation((constraints) => open(Object.keys(constraints)[0] ?? ''));
  devices.getDisplayMedia.mockReset().mockImplementation(() => open('screen'));
  devices.enumerateDevices.mockReset().mockResolvedValue([]);
  opened.length = 0;
  element = document.body.appendChild(document.createElement('div'));
  root = createRoot(element);
});

afterEach(() => act(() => root.unmount()));

it('opens each device once under StrictMode, and frees it when it is unmounted', async () => {
  await show(newCall(), ['camera', 'microphone']);
  expect(opened.map(({ kind }) => kind)).toEqual(['video', 'audio']);
  expect([media.camera, media.microphone, media.screen]).toEqual([opened[0], opened[1], undefined]);
  expect(media.stream?.getTracks()).toEqual(opened);
  await act(async () => root.unmount());
  expect(on()).toEqual([]);
  root = createRoot(element);
});

it('switches sources off and on, and shares a screen', async () => {
  await show(newCall());
  const { stream } = media;
  await act(() => media.start('camera'));
  await act(() => media.shareScreen());
  expect([media.camera, media.screen]).toEqual([opened[0], expect.any(FakeStream)]);
  await act(() => media.stop('camera'));
  await act(async () => media.stopScreen());
  expect([media.camera, media.screen, media.stream === stream, on()]).toEqual([undefined, undefined, true, []]);
});

it('has errors by source until the source is started or stopped, and rejects nothing', async () => {
  await show(newCall());
  devices.getUserMedia.mockRejectedValueOnce(Object.assign(new Error(), { name: 'NotAllowedError' }));
  devices.getDisplayMedia.mockRejectedValueOnce(Object.assign(new Error(), { name: 'InvalidStateError' }));
  await act(() => media.start('camera'));
  await act(() => media.shareScreen());
  expect(media.errors).toMatchObject({ camera: { code: 'denied' }, screen: { code: 'no_gesture' } });
  await act(() => media.start('camera'));
  expect(Object.keys(media.errors)).toEqual(['screen']);
  await act(async () => opened[0]?.onended?.());
  await vi.waitFor(() => expect(media.errors.camera?.code).toBe('unplugged'));
  await act(() => media.stop('camera'));
  expect(Object.keys(media.errors)).toEqual(['screen']);
});

it('lists the devices: at once, with their names once one is allowed, and when one comes or goes', async () => {
  const camera = { kind: 'videoinput', deviceId: 'a', label: '' };
  devices.enumerateDevices.mockImplementation(async () => [{ ...camera }]);
  await show(newCall());
  expect(media.devices).toEqual([camera]);
  const named = { ...camera, label: 'Front' };
  devices.enumerateDevices.mockImplementation(async () => [{ ...named }]);
  await act(() => media.start('camera', { deviceId: { exact: 'a' } }));
  expect(media.devices).toEqual([named]);
  const { devices: before } = media;
  await act(() => media.stop('camera'));
  expect(media.devices, 'the same list until it changes').toBe(before);
  devices.enumerateDevices.mockImplementation(async () => [{ ...named }, { ...camera, deviceId: 'b' }]);
  await act(async () => void devices.dispatchEvent(new Event('devicechange')));
  expect(media.devices.map(({ deviceId }) => deviceId)).toEqual(['a', 'b']);
});

it('goes on in the next call with what is on, and with nothing that was switched off', async () => {
  await show(newCall(), ['camera', 'microphone']);
  await act(() => media.stop('microphone'));
  await act(() => media.shareScreen());
  const next = newCall();
  const sent = vi.spyOn(next, 'addTrack');
  await show(next, ['camera', 'microphone']);
  expect(on()).toEqual(['video']);
  expect(sent.mock.calls.map(([track]) => track)).toEqual([opened.at(-1)]);
  expect([media.camera, media.microphone, media.screen]).toEqual([opened.at(-1), undefined, undefined]);
});

it('does not try again in the next call what failed', async () => {
  devices.getUserMedia.mockRejectedValueOnce(Object.assign(new Error(), { name: 'NotAllowedError' }));
  await show(newCall(), ['camera']);
  expect(media.errors.camera?.code).toBe('denied');
  await show(newCall(), ['camera']);
  expect(devices.getUserMedia).toHaveBeenCalledOnce();
});

it('opens a device once that an effect of a child starts, and none after it was unmounted', async () => {
  const Child = ({ start }: { readonly start: LocalMediaControls['start'] }): ReactNode => {
    useEffect(() => void start('camera', { width: 640 }), [start]);
    return null;
  };
  const Parent = ({ call }: { readonly call: Call }): ReactNode => {
    media = useLocalMedia(call, ['camera']);
    return createElement(Child, { start: media.start });
  };
  await act(async () => root.render(createElement(Parent, { call: newCall() })));
  expect(devices.getUserMedia.mock.calls).toEqual([[{ video: { width: 640 } }]]);
  const { start } = media;
  await act(async () => root.unmount());
  await start('camera');
  expect(on()).toEqual([]);
  root = createRoot(element);
});
