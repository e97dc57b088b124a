// SPDX-License-Identifier: Apache-2.0
// Calls on Parley's own client that lose all their paths: that of media through a relay, and that to the server.

import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import {
  clientIs,
  clock,
  longestGap,
  markConnections,
  keepsConnections,
  seesPeers,
  serveClientApp,
  story,
} from '../src/client.ts';
import { startCoturn } from '../src/coturn.ts';
import { layLine } from '../src/line.ts';
import { startParley } from '../src/parley.ts';
import { TEST_MS } from '../src/patience.ts';

const SECRET = 'shared-0123456789abcdef0123456789abcdef';
const RECOVERED_MS = 5000;
const LOSSES = Number(process.env['CLIENT_LOSSES'] ?? 1);

/** Longer than it takes both to notice. */
const AWAY_MS = 12_000;

test(
  'a call whose relay and whose way to the server are both away for a while goes on soon after they are back',
  { timeout: TEST_MS + LOSSES * 30_000 },
  async ({ annotate }) => {
    const [coturn, window] = await Promise.all([
      startCoturn({ secret: SECRET, allowLoopbackPeers: true }),
      openWindow(),
    ]);
    onTestFinished(() => void process.kill(coturn.id, 'SIGCONT'));
    const open = await serveClientApp(window);
    const parley = await startParley({
      configuration: `
apps:
  - id: demo
    publishableKeys:
      - {id: pk_live_relay, channels: ["**"], actions: [subscribe, publish, presence, send],
         origins: ["${open.origin}"], turn: true}
iceServers:
  - {urls: ["turn:127.0.0.1:${coturn.port}?transport=udp"], secret: ${SECRET}}
`,
    });
    const line = await layLine(parley.webSocket);
    const join = () => open(line.webSocket.replace('ws', 'http'), { key: 'pk_live_relay', relay: true });
    const tabs = [await join(), await join()];
    await Promise.all(tabs.map((tab) => seesPeers(tab, 1)));
    await Promise.all(tabs.map(markConnections));

    const took: number[] = [];
    for (let loss = 0; loss < LOSSES; loss++) {
      process.kill(coturn.id, 'SIGSTOP');
      line.freeze();
      const since = await Promise.all(tabs.map(clock));
      await after(AWAY_MS);
      for (const [i, tab] of tabs.entries()) {
        expect(await longestGap(tab, since[i]!)).toBeGreaterThan(AWAY_MS / 2);
      }
      const back = performance.now();
      process.kill(coturn.id, 'SIGCONT');
      line.mend();
      await Promise.all(tabs.flatMap((tab) => [seesPeers(tab, 1), clientIs(tab, 'connected')]));
      took.push(Math.round(performance.now() - back));
    }
    await annotate(`back after ${took.join(', ')} ms`);
    expect(Math.max(...took)).toBeLessThanOrEqual(RECOVERED_MS);
    // Frames may arrive before the browser calls the path a path.
    await expect.poll(() => Promise.all(tabs.map(keepsConnections))).toEqual([true, true]);
    for (const tab of tabs) {
      expect((await story(tab)).filter((it) => /^(peer-left|connection-reset|session-lost)/.test(it))).toEqual([]);
    }
  },
);
