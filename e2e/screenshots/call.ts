// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { areInGroup } from '../src/group.ts';
import { startParley } from '../src/parley.ts';

/** Names and colours are drawn at random; these go well together. */
const CHANCES = [
  [0.45, 0.1],
  [0.6, 0.75],
  [0.95, 0.45],
];

const image = (name: string): string => fileURLToPath(new URL(`../../docs/images/${name}`, import.meta.url));

test('docs/images/call.png and call-narrow.png', { timeout: 90_000 }, async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow({ camera: false })]);
  const tabs: Page[] = [];
  for (const chances of CHANCES) {
    const tab = await window.newPage();
    await tab.addInitScript((numbers) => (Math.random = () => numbers.shift() ?? 0.5), chances);
    await tab.goto(`${parley.page}/#demo+join`);
    await tab.locator('#signaling[data-state="connected"]').waitFor();
    tabs.push(tab);
  }
  await areInGroup(tabs);
  const [tab] = tabs;
  await tab!.setViewportSize({ width: 1120, height: 760 });
  // Calls start small and grow to what the network bears.
  for (const numbers of await tab!.locator('.other .numbers').all()) {
    await numbers.filter({ hasText: '480 × 270' }).waitFor({ timeout: 40_000 });
  }
  await tab!.locator('#hint', { hasText: /^$/ }).waitFor();
  await tab!.screenshot({ path: image('call.png') });
  await tab!.getByRole('button', { name: 'Cut the connection' }).click();
  await tab!.getByText(/^The server is back after/).waitFor();
  await tab!.setViewportSize({ width: 390, height: 760 });
  await tab!.getByRole('button', { name: 'Chat' }).click();
  for (const [way, text] of [['over the server', 'Can you still hear me?'], ['peer to peer', 'I just cut my connection.']]) {
    await tab!.getByRole('radio', { name: way }).check();
    await tab!.getByRole('textbox', { name: 'Message' }).fill(text!);
    await tab!.getByRole('button', { name: 'Send' }).click();
  }
  await tab!.getByRole('textbox', { name: 'Message' }).blur();
  await tab!.screenshot({ path: image('call-narrow.png') });
});
