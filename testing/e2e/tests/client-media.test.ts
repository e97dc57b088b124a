// SPDX-License-Identifier: Apache-2.0
// The media helpers of the client, with the devices Chromium has for tests.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { KEY } from '../src/sdk.ts';
import { serve } from '../src/site.ts';

interface Sent {
  readonly connection: RTCPeerConnection;
}

/** Page only. */
declare global {
  var media: {
    readonly screen: MediaStream | undefined;
    track(source: string): MediaStreamTrack | undefined;
    devices(): Promise<MediaDeviceInfo[]>;
    start(source: string, constraints?: MediaTrackConstraints): Promise<void>;
    stop(source: string): Promise<void>;
  };
  var group: { readonly peers: ReadonlyMap<string, Sent> };
  var qualities: string[];
  var speakers: string[];
  var videos: Record<string, HTMLVideoElement>;
  var negotiations: number;
}

async function serveApp(server: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../../clients/browser/src/media/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'ParleyMedia',
  });
  const port =
    await serve(`<!doctype html><script src="${server}/parley.js"></script><script>${outputFiles[0]!.text}</script>
<button>Share</button><script type="module">
  const call = (globalThis.group = new Parley.Call(new Parley.ParleyClient({ url: '${server}', key: '${KEY}' })));
  const media = (globalThis.media = new ParleyMedia.LocalMedia(call));
  const statistics = new ParleyMedia.CallStatistics(call, { intervalMs: 200 });
  Object.assign(globalThis, { qualities: [], speakers: [], videos: {}, negotiations: 0 });
  statistics.on('update', ({ peers }) => peers.forEach(({ quality }) => qualities.push(quality)));
  statistics.on('speaker-change', ({ peer }) => speakers.push(peer?.id));
  call.on('peer-joined', ({ peer }) => {
    peer.connection.addEventListener('negotiationneeded', () => negotiations++);
    peer.on('stream-added', ({ stream, metadata }) => {
      const video = Object.assign(document.createElement('video'), { srcObject: stream, autoplay: true });
      document.body.append(video);
      videos[metadata.role] = video;
    });
  });
  document.querySelector('button').onclick = () => media.shareScreen();
  await call.join('room');
</script>`);
  return `http://localhost:${port}`;
}

test('camera, microphone and screen are switched on, off and to other devices; one poll reports quality', async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const app = await serveApp(parley.page);
  const [sender, receiver] = [await window.newPage(), await window.newPage()];
  for (const tab of [sender, receiver]) {
    await tab.goto(app);
  }
  await Promise.all([sender, receiver].map((tab) => tab.waitForFunction(() => globalThis.group?.peers.size === 1)));

  await sender.evaluate(() => Promise.all([globalThis.media.start('camera'), globalThis.media.start('microphone')]));
  await showsNewFrames(receiver, 'camera');
  await receiver.waitForFunction(() => globalThis.qualities.includes('good') && globalThis.speakers.length > 0);
  const negotiations = await sender.evaluate(() => globalThis.negotiations);

  const microphone = await sender.evaluate(async () => {
    const other = (await globalThis.media.devices()).findLast(({ kind }) => kind === 'audioinput')!;
    await globalThis.media.start('microphone', { deviceId: { exact: other.deviceId } });
    return [other.deviceId, globalThis.media.track('microphone')!.getSettings().deviceId];
  });
  expect(microphone[1]).toBe(microphone[0]);
  expect(
    await sender.evaluate(() =>
      globalThis.media.start('camera', { deviceId: { exact: 'none' } }).catch(({ code }) => code),
    ),
  ).toBe('not_found');
  await showsNewFrames(receiver, 'camera');
  await sender.evaluate(() => globalThis.media.stop('camera'));
  expect(await sender.evaluate(sentKinds)).toEqual(['audio']);
  await sender.evaluate(() => globalThis.media.start('camera'));
  expect(await sender.evaluate(sentKinds)).toEqual(['audio', 'video']);
  await showsNewFrames(receiver, 'camera');
  expect(await sender.evaluate(() => globalThis.negotiations)).toBe(negotiations);

  await sender.getByRole('button', { name: 'Share' }).click();
  await showsNewFrames(receiver, 'screen');
  // As by the browser's own button.
  await sender.evaluate(() => globalThis.media.screen!.getVideoTracks()[0]!.dispatchEvent(new Event('ended')));
  await receiver.waitForFunction(() => !(globalThis.videos['screen']!.srcObject as MediaStream).active);
  expect(await sender.evaluate(() => globalThis.media.screen)).toBeUndefined();
  expect(window.complaints).toEqual([]);
});

/** In the page: what kinds of tracks it sends. */
function sentKinds(): string[] {
  const [{ connection }] = [...globalThis.group.peers.values()] as [Sent];
  return connection
    .getSenders()
    .flatMap(({ track }) => track?.kind ?? [])
    .sort();
}

async function showsNewFrames(tab: Page, role: string): Promise<void> {
  await tab.waitForFunction((role) => globalThis.videos[role], role);
  const frames = (role: string): number => globalThis.videos[role]!.getVideoPlaybackQuality().totalVideoFrames;
  const before = await tab.evaluate(frames, role);
  await expect.poll(() => tab.evaluate(frames, role)).toBeGreaterThan(before + 10);
}
