// SPDX-License-Identifier: Apache-2.0
// What a participant publishes about itself, and how it sends its tracks, on Parley's own client in Chromium.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { seesPeers, serveClientApp } from '../src/client.ts';
import { startParley } from '../src/parley.ts';

/** The codecs of the pictures that a tab receives. */
const received = (tab: Page): Promise<string[]> =>
  tab.evaluate(async () => {
    const connections = [...globalThis.app.call.peers.values()].map(({ connection }) => connection.getStats());
    const stats = (await Promise.all(connections)).flatMap((it) => [
      ...(it as unknown as Map<string, Record<string, string>>).values(),
    ]);
    const codecs = stats.filter(
      ({ type, kind, framesDecoded }) => type === 'inbound-rtp' && kind === 'video' && Number(framesDecoded) > 0,
    );
    return codecs.map(({ codecId }) => String(stats.find(({ id }) => id === codecId)?.['mimeType'])).sort();
  });

test('a track is sent with its encodings and codecs, to newcomers too', async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const open = await serveClientApp(window);
  const [sender, other] = [await open(parley.page, { camera: false }), await open(parley.page, { camera: false })];
  await sender.waitForFunction(() => globalThis.app.call.peers.size === 1);
  await sender.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const codecs = RTCRtpSender.getCapabilities('video')!.codecs.filter(({ mimeType }) => mimeType === 'video/VP9');
    globalThis.app.call.addStream(stream, { role: 'camera' }, { codecs, sendEncodings: [{ maxBitrate: 99_000 }] });
  });
  await expect.poll(() => received(other), { timeout: 15_000 }).toEqual(['video/VP9']);
  const newcomer = await open(parley.page, { camera: false });
  await expect.poll(() => received(newcomer), { timeout: 15_000 }).toEqual(['video/VP9']);
  const bitRates = await sender.evaluate(() =>
    [...globalThis.app.call.peers.values()].map(
      ({ connection }) => connection.getSenders()[0]!.getParameters().encodings[0]!.maxBitrate,
    ),
  );
  expect(bitRates).toEqual([99_000, 99_000]);
  expect(window.complaints).toEqual([]);
});

test('a user state reaches everybody, newcomers too, and outlives the socket and the server', async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const open = await serveClientApp(window);
  const [ana, bob] = [await open(parley.page), await open(parley.page)];
  await Promise.all([ana, bob].map((tab) => seesPeers(tab, 1)));
  const states = (tab: Page): Promise<object[]> =>
    tab.evaluate(() => [...globalThis.app.call.peers.values()].map(({ userState }) => userState));
  const has = (tab: Page, ...wanted: object[]) => expect.poll(() => states(tab), { timeout: 15_000 }).toEqual(wanted);
  await ana.evaluate(() => globalThis.app.call.setUserState({ name: 'Ana', muted: true }));
  await has(bob, { name: 'Ana', muted: true });
  await has(ana, {});
  await ana.evaluate(() => {
    globalThis.app.socket.close(4999);
    globalThis.app.call.setUserState({ name: 'Ana', muted: false });
  });
  await has(bob, { name: 'Ana', muted: false });
  await parley.end('SIGKILL');
  await ana.waitForFunction(() => globalThis.app.client.state === 'reconnecting');
  await ana.evaluate(() => globalThis.app.call.setUserState({ name: 'Ana' }));
  await startParley({ listen: new URL(parley.page).host });
  await has(bob, { name: 'Ana' });
  const cid = await open(parley.page);
  await expect
    .poll(async () => (await states(cid)).map((it) => JSON.stringify(it)).sort(), { timeout: 15_000 })
    .toEqual(['{"name":"Ana"}', '{}']);
});
