// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { accessibilityFaults, layoutFaults, pairFaults, type Size } from '../src/appearance.ts';
import { openWindow } from '../src/chromium.ts';
import { walkThroughPage } from '../src/page-walk.ts';
import { startParley } from '../src/parley.ts';

const SIZES: readonly Size[] = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];

test('in every state nothing is cut off or covered, and axe finds no fault', async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const faults: string[] = [];
  await walkThroughPage(window, parley, async (state, tab) => {
    await tab.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    faults.push(...(await accessibilityFaults(tab)).map((fault) => `${state}: ${fault}`));
    await tab.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    faults.push(...(await accessibilityFaults(tab, ['color-contrast'])).map((fault) => `${state}, dark: ${fault}`));
    for (const size of SIZES) {
      const found = [...(await layoutFaults(tab, size)), ...(state === 'two' ? await pairFaults(tab) : [])];
      faults.push(...found.map((fault) => `${state}, ${size.width} x ${size.height}: ${fault}`));
    }
  });
  expect(faults).toEqual([]);
});
