// SPDX-License-Identifier: Apache-2.0
// Calls of users who have several tabs, on Parley's own client.

import { describe, expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import {
  clock,
  keepsConnections,
  longestGap,
  markConnections,
  seesPeers,
  serveClientApp,
  story,
} from '../src/client.ts';
import { type Parley, startParley } from '../src/parley.ts';
import { TEST_MS } from '../src/patience.ts';

/** How long a call of several tabs is watched, in milliseconds. */
const WATCH_MS = Number(process.env['CLIENT_DEVICES_MS'] ?? 8000);

/**
 * The longest pause between frames of a participant, in milliseconds: a machine that builds something else meanwhile
 * takes seconds.
 */
const MOST_GAP_MS = 5000;

const SECRET = 'sk_secret_0123456789abcdef0123456789abcdef';
const CONFIGURATION = `
apps:
  - id: demo
    secretKeys:
      - {id: sk_id_backend, secret: ${SECRET}}
`;

async function tokenOf(parley: Parley, peerId: string): Promise<string> {
  const answer = await fetch(`${parley.page}/v1/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer sk_id_backend:${SECRET}` },
    body: JSON.stringify({ peerId, expiresInSec: 3600 }),
  });
  const { token } = (await answer.json()) as { token: string };
  return token;
}

/** Opens a tab of this user. */
async function start() {
  const [parley, window] = await Promise.all([startParley({ configuration: CONFIGURATION }), openWindow()]);
  const open = await serveClientApp(window);
  return { window, open: async (user: string) => open(parley.page, { token: await tokenOf(parley, user) }) };
}

describe('a user with two tabs and another user', { timeout: WATCH_MS + TEST_MS }, () => {
  test('all see each other: no connection is reset, and frames of everybody arrive at everybody', async ({
    annotate,
  }) => {
    const { window, open } = await start();
    const tabs = [await open('bob'), await open('ann'), await open('bob')];
    await Promise.all(tabs.map((tab) => seesPeers(tab, 2)));
    const since = await Promise.all(tabs.map(clock));
    await tabs[0]!.waitForTimeout(WATCH_MS);
    const gaps = await Promise.all(tabs.map((tab, i) => longestGap(tab, since[i]!)));
    await annotate(`longest gaps between frames of one participant: ${gaps.map(Math.round)} ms`);
    expect(Math.max(...gaps)).toBeLessThan(MOST_GAP_MS);
    const faults = await Promise.all(
      tabs.map(async (tab) => (await story(tab)).filter((line) => /^(connection-reset|peer-left)/.test(line))),
    );
    expect(faults).toEqual([[], [], []]);
    await Promise.all(tabs.map((tab) => seesPeers(tab, 2)));
    expect(window.complaints).toEqual([]);
  });

  test('a tab that closes leaves alone, whichever of the two it is, and another can come', async () => {
    const { open } = await start();
    const [first, ann, second] = [await open('bob'), await open('ann'), await open('bob')];
    await Promise.all([first, ann, second].map((tab) => seesPeers(tab, 2)));
    await Promise.all([ann, second].map(markConnections));
    await first.close();
    await Promise.all([ann, second].map((tab) => seesPeers(tab, 1)));
    expect(await Promise.all([ann, second].map(keepsConnections))).toEqual([true, true]);

    const third = await open('bob');
    await Promise.all([third, ann, second].map((tab) => seesPeers(tab, 2)));
    await third.close();
    await Promise.all([ann, second].map((tab) => seesPeers(tab, 1)));
  });
});
