// SPDX-License-Identifier: Apache-2.0
// Pictures of every state of the call page, in three sizes and both themes, to look at: in target/screenshots, not
// committed.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { walkThroughPage } from '../src/page-walk.ts';
import { startParley } from '../src/parley.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 1280, height: 800 },
];
const folder = fileURLToPath(new URL('../target/screenshots', import.meta.url));

test('every state of the call page', { timeout: 600_000 }, async () => {
  await mkdir(folder, { recursive: true });
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  window.setDefaultTimeout(90_000);
  await walkThroughPage(window, parley, async (state, tab) => {
    await tab.locator('#hint', { hasText: /^$/ }).waitFor({ state: 'attached' });
    for (const size of SIZES) {
      await tab.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await tab.screenshot({ path: `${folder}/${state}-${size.width}x${size.height}-${colorScheme}.png` });
      }
    }
  });
});
