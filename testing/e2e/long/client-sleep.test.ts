// SPDX-License-Identifier: Apache-2.0
// A laptop that is shut and opened again: the tab is frozen, and its connection is gone without a word.

import { setTimeout as after } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { clientIs, seesPeers, serveClientApp, story } from '../src/client.ts';
import { layLine } from '../src/line.ts';
import { startParley } from '../src/parley.ts';

async function sleep(tab: Page, state: 'frozen' | 'active'): Promise<void> {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Page.setWebLifecycleState', { state });
}

test.each([
  [60, ['state connected resumed'], []],
  [200, ['session-lost expired true'], ['session-lost']],
])('after %i s asleep a tab is back in its call, and the application knows how', async (seconds, heard, lost) => {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const line = await layLine(parley.webSocket);
  const open = await serveClientApp(window);
  const sleeper = await open(line.webSocket.replace('ws', 'http'));
  const other = await open(parley.page);
  await Promise.all([seesPeers(sleeper, 1), seesPeers(other, 1)]);
  await sleep(sleeper, 'frozen');
  line.freeze();
  await after(seconds * 1000);
  line.reset();
  line.mend();
  await sleep(sleeper, 'active');
  await sleeper.waitForFunction(
    (wanted) => globalThis.app.story.some(({ what, which }) => `${what} ${which}` === wanted),
    heard[0]!,
  );
  await clientIs(sleeper, 'connected');
  await Promise.all([seesPeers(sleeper, 1), seesPeers(other, 1)]);
  const told = await story(sleeper);
  expect(told.filter((it) => it.startsWith('session-lost')).map((it) => it.split(' ')[0])).toEqual(lost);
  expect((await story(other)).filter((it) => it.startsWith('peer-left'))).toHaveLength(lost.length);
});
