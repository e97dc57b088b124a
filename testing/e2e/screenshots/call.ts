// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { areInGroup, signalingOfGroupIs } from '../src/group.ts';
import { openPanel, say } from '../src/page-walk.ts';
import { startParley } from '../src/parley.ts';

/** Colours are drawn at random, after a name; these go well together. */
const PEOPLE = [
  { name: 'Ana', chances: [0, 0.1] },
  { name: 'Ben', chances: [0, 0.75] },
  { name: 'Chloé', chances: [0, 0.45] },
];

const image = (name: string): string => fileURLToPath(new URL(`../../../docs/images/${name}`, import.meta.url));

test('docs/images/call.png and call-narrow.png', { timeout: 300_000 }, async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow({ camera: false })]);
  const tabs: Page[] = [];
  window.setDefaultTimeout(90_000);
  for (const { name, chances } of PEOPLE) {
    const tab = await window.newPage();
    await tab.addInitScript((numbers) => (Math.random = () => numbers.shift() ?? 0.5), chances);
    await tab.addInitScript((name) => localStorage.setItem('parley.choices', JSON.stringify({ name })), name);
    await tab.goto(`${parley.page}/#demo+join`);
    await signalingOfGroupIs(tab, 'connected');
    tabs.push(tab);
  }
  await areInGroup(tabs);
  const [tab, other] = tabs as [Page, Page, Page];
  await Promise.all(tabs.map((it) => it.keyboard.press('Escape'))); // the notice that there is no camera
  await tab.setViewportSize({ width: 1280, height: 800 });
  await openPanel(tab, 'Under the hood');
  // Calls start small and grow to what the network can carry.
  await tab.waitForFunction(() => {
    const sizes = [...document.querySelectorAll('#roster .numbers:not(:empty)')];
    return sizes.length === 2 && sizes.every(({ textContent }) => textContent!.startsWith('480 × 270'));
  });
  await tab.getByRole('button', { name: 'Cut the connection' }).click();
  await tab.getByText(/^The server is back after/).waitFor();
  await tab.getByRole('button', { name: 'Chat' }).click();
  await other.getByRole('button', { name: 'Chat' }).click();
  await say(tab, 'I just cut my connection to the server. Did you see anything?');
  await say(other, 'No, your picture went on. How it works: https://example.com/parley');
  await tab.getByRole('log').getByRole('link').waitFor();
  await tab.locator('#hint', { hasText: /^$/ }).waitFor({ state: 'attached' });
  await tab.getByRole('textbox', { name: 'Message' }).blur();
  await tab.screenshot({ path: image('call.png') });
  await tab.keyboard.press('Escape');
  await tabs[2]!.getByRole('button', { name: 'Leave' }).click();
  await tab.locator('.other').nth(1).waitFor({ state: 'detached' });
  await tab.setViewportSize({ width: 390, height: 760 });
  await tab.locator('#hint', { hasText: /^$/ }).waitFor({ state: 'attached' });
  await tab.getByRole('button', { name: 'Chat' }).blur();
  await tab.screenshot({ path: image('call-narrow.png') });
});
