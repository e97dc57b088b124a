// SPDX-License-Identifier: Apache-2.0
// Screen shares that come and go in a call on Parley's own client.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { seesPeers, serveClientApp, story } from '../src/client.ts';
import { startParley } from '../src/parley.ts';

const SHARES = Number(process.env['CLIENT_SHARES'] ?? 20);

/** Lines of a description for media: a camera each way, the share, and one that was the only one when a share ended. */
const MOST_LINES = 4;

describe('a call with screen shares', () => {
  test('has short descriptions after many of them, and whoever comes then sees what is sent', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const open = await serveClientApp(window);
    const [sharer, other] = [await open(parley.page), await open(parley.page)];
    await Promise.all([sharer, other].map((tab) => seesPeers(tab, 1)));
    for (let share = 0; share < SHARES; share++) {
      await sharer.evaluate(startShare);
      await sees(other, share + 1);
      await sharer.evaluate(stopShare);
    }
    await sharer.evaluate(startShare);
    await sees(other, SHARES + 1);
    const lines = await sharer.evaluate(
      () => [...globalThis.app.call.peers.values()][0]!.connection.localDescription!.sdp.match(/^m=/gm)!.length,
    );
    expect(lines).toBeLessThanOrEqual(MOST_LINES);

    const newcomer = await open(parley.page);
    await seesPeers(newcomer, 2);
    await sees(newcomer, 1);
    expect((await story(newcomer)).filter((line) => line.startsWith('stream-added')).sort()).toEqual([
      'stream-added {"role":"camera"}',
      'stream-added {"role":"camera"}',
      'stream-added {"role":"screen"}',
    ]);
    expect((await story(other)).filter((line) => line.startsWith('connection-reset'))).toEqual([]);
    expect(window.complaints).toEqual([]);
  });

  test('tells the page and the others when a track ends by itself, as when its user ends it', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const open = await serveClientApp(window);
    const [sharer, other] = [await open(parley.page), await open(parley.page)];
    await Promise.all([sharer, other].map((tab) => seesPeers(tab, 1)));
    await sharer.evaluate(startShare);
    await sees(other, 1);
    await sharer.evaluate(() => globalThis.share.getTracks()[0]!.dispatchEvent(new Event('ended')));
    await other.waitForFunction(() => globalThis.app.story.some(({ what }) => what === 'track-removed'));
    expect((await story(sharer)).filter((line) => line.startsWith('track-'))).toEqual(['track-ended video']);
    expect((await story(other)).filter((line) => line.startsWith('track-'))).toEqual(['track-removed video']);
    await Promise.all([sharer, other].map((tab) => seesPeers(tab, 1)));
    expect(window.complaints).toEqual([]);
  });
});

/** Awaits that so many screens have been seen. */
async function sees(tab: Page, screens: number): Promise<void> {
  await tab.waitForFunction(
    (count) => globalThis.app.story.filter(({ which }) => which === '{"role":"screen"}').length === count,
    screens,
  );
}

/** Page only. */
declare global {
  var share: MediaStream;
}

function startShare(): void {
  const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
  canvas.getContext('2d');
  globalThis.share = canvas.captureStream(5);
  globalThis.app.call.addStream(globalThis.share, { role: 'screen' });
}

function stopShare(): void {
  globalThis.app.call.removeStream(globalThis.share);
}
