// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { areInCall, callInTwoTabs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';

test('docs/images/call.png', { timeout: 60_000 }, async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow({ camera: false })]);
  // The pictures draw their name and colour at random; these go well together.
  await window.addInitScript(() => {
    const numbers = opener ? [0.6, 0.75] : [0.45, 0.1];
    Math.random = () => numbers.shift() ?? 0.5;
  });
  const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
  await second.setViewportSize({ width: 1120, height: 700 });
  await areInCall(first, second);
  // Calls start small and grow to what the network bears.
  await second.locator('#remote-numbers', { hasText: '960 × 540' }).waitFor({ timeout: 40_000 });
  await second.locator('#hint', { hasText: /^$/ }).waitFor();
  await second.screenshot({ path: fileURLToPath(new URL('../../docs/images/call.png', import.meta.url)) });
});
