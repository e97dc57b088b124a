// SPDX-License-Identifier: Apache-2.0
// Calls on Parley's own client whose sides change what they send at the same time, in Chromium.

import { expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { openPairs, type Side, settle } from '../src/pairs.ts';
import { startParley } from '../src/parley.ts';

const SETTLE_MS = 15_000;

async function start() {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  return openPairs(window, parley.page);
}

test.each([100, 400])(
  'each side has what the other sends after both changed tracks up to %i ms apart',
  async (gapMs) => {
    const tab = await start();
    await tab.evaluate(async (gapMs) => {
      const pass = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * gapMs));
      const change = async (side: Side, ...kinds: ('audio' | 'video')[]): Promise<void> => {
        for (const kind of kinds) {
          await pass();
          side.add(kind);
        }
        await pass();
        const screen = side.add('video');
        await pass();
        side.remove(screen);
      };
      const openOne = async (): Promise<void> => {
        const [one, other] = await openPair();
        await Promise.all([change(one, 'audio', 'video'), change(other, 'video', 'audio')]);
      };
      await Promise.all(Array.from({ length: 8 }, openOne));
    }, gapMs);
    expect(await settle(tab, SETTLE_MS)).toEqual([]);
  },
);

test('sides whose first offers meet, of a picture and of sound, begin anew once and have both', async () => {
  const tab = await start();
  const resets = await tab.evaluate(async () => {
    const pair = await openPair();
    for (const side of pair) {
      const { isPolite } = await side.peer;
      side.delayMs = isPolite ? 0 : 1000; // longer than the polite side waits for an offer
      side.add(isPolite ? 'video' : 'audio');
    }
    return new Promise<number[]>((resolve) => {
      const timer = setInterval(() => {
        if (globalThis.pairs().every(({ isRight }) => isRight)) {
          clearInterval(timer);
          resolve(pair.map((side) => side.resets));
        }
      }, 50);
    });
  });
  expect(await settle(tab, SETTLE_MS)).toEqual([]);
  expect(resets).toEqual([1, 1]);
});
