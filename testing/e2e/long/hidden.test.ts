// SPDX-License-Identifier: Apache-2.0
// A page that waits for a call in a hidden tab, whose timers fire once a minute, while its connection dies without a
// word.

import { expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { seesPeers, serveClientApp } from '../src/client.ts';
import { hide, openHideable } from '../src/hidden.ts';
import { layLine } from '../src/line.ts';
import { startParley } from '../src/parley.ts';

const KNOWS_WITHIN_MS = 90_000;

/** In the page: how long ago its timer of one second fired, in milliseconds. */
declare global {
  var tickedAt: number;
}

test('a hidden tab knows of a dead connection within 90 s, and is called afterwards', async ({ annotate }) => {
  const [parley, hideable, window] = await Promise.all([startParley(), openHideable(), openWindow()]);
  const line = await layLine(parley.webSocket);
  const hidden = await (await serveClientApp(hideable))(line.webSocket.replace('ws', 'http'), { camera: false });
  await hidden.evaluate(() => {
    setInterval(() => (globalThis.tickedAt = performance.now()), 1000);
  });
  await hide(hidden);
  // Looks from here: those of the page would be as rare as its timers.
  const isQuiet = (): Promise<boolean> => hidden.evaluate(() => performance.now() - globalThis.tickedAt > 3000);
  await expect
    .poll(isQuiet, { timeout: 30_000, interval: 500, message: 'the timers of the page are throttled' })
    .toBe(true);

  line.freeze();
  const frozenAt = performance.now();
  const state = (): Promise<string> => hidden.evaluate(() => globalThis.app.client.state);
  await expect.poll(state, { timeout: KNOWS_WITHIN_MS, interval: 500 }).toBe('reconnecting');
  await annotate(`knew after ${Math.round((performance.now() - frozenAt) / 1000)} s`);

  line.reset();
  line.mend();
  const caller = await (await serveClientApp(window))(parley.page);
  await expect
    .poll(() => hidden.evaluate(() => Object.values(globalThis.app.frames).flat().length), { timeout: 90_000 })
    .toBeGreaterThan(20);
  await hidden.evaluate(async () => {
    globalThis.app.call.addStream(await navigator.mediaDevices.getUserMedia({ video: true }), { role: 'camera' });
  });
  await seesPeers(caller, 1);
  expect(await hidden.evaluate(() => document.visibilityState)).toBe('hidden');
});
