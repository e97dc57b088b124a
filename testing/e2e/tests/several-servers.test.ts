// SPDX-License-Identifier: Apache-2.0
// Several servers behind a HAProxy are one server to clients. From the environment:
//   RUNS   how often the server of one is killed under a call (1)

import { describe, expect, test } from 'vitest';
import { playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import {
  clientIs,
  clock,
  keepsConnections,
  longestGap,
  markConnections,
  seesPeers,
  serveClientApp,
  story,
} from '../src/client.ts';
import { serveSdkApp, storyOf } from '../src/sdk.ts';
import { connections, startServers } from '../src/several-servers.ts';

const RUNS = Number(process.env['RUNS'] ?? 1);

/** A server is taken for dead after 5 to 8 seconds: what others see of that they have seen by then, in milliseconds. */
const LEASE_MS = 10_000;

/** What pictures may stand still for while a server is killed, in milliseconds: the machine has other work, too. */
const GAP_MS = 3000;

describe('three servers behind HAProxy', () => {
  test.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
    'pictures go on when the server of one is killed, and a fourth tab joins, run %i',
    async () => {
      const [cluster, window] = await Promise.all([startServers(3), openWindow()]);
      const [open, openSdk] = await Promise.all([serveClientApp(window), serveSdkApp(window)]);
      const first = await open(cluster.page);
      const ofFirst = await Promise.all(cluster.servers.map(connections));
      const second = await open(cluster.page);
      const third = await openSdk(cluster.page.replace(/^http/, 'ws'));
      expect(await Promise.all(cluster.servers.map(connections))).toEqual([1, 1, 1]);
      await Promise.all([seesPeers(first, 2), seesPeers(second, 2), playsVideos(third, 2)]);

      await Promise.all([first, second].map(markConnections));
      const since = await Promise.all([first, second].map(clock));
      const id = await first.evaluate(() => globalThis.app.client.peerId);
      const told = await third.evaluate(() => performance.timeOrigin + performance.now());
      await cluster.servers[ofFirst.indexOf(1)]!.end('SIGKILL');
      await first.waitForFunction(
        (since) =>
          globalThis.app.story.some(
            ({ what, which, at }) => at >= since && what === 'state' && /^connected/.test(which),
          ),
        since[0]!,
      );
      await first.waitForTimeout(LEASE_MS);

      await clientIs(first, 'connected');
      // HAProxy takes a moment to see that the server is gone.
      const isState = (line: string): boolean => line.startsWith('state') && line !== 'state reconnecting unreachable';
      expect((await story(first, since[0])).filter(isState)).toEqual([
        'state reconnecting lost',
        'state connected welcome',
      ]);
      expect(await first.evaluate(() => globalThis.app.client.peerId)).toBe(id);
      const seen = (await story(second, since[1])).filter((line) => line.endsWith(id!));
      if (seen.length === 0) {
        // It was back before its server was taken for dead.
        expect(await storyOf(third, told)).toEqual([]);
        expect(await Promise.all([first, second].map(keepsConnections))).toEqual([true, true]);
        for (const [i, tab] of [first, second].entries()) {
          expect(await longestGap(tab, since[i]!)).toBeLessThan(GAP_MS);
        }
      } else {
        expect(seen).toEqual([`peer-left ${id}`, `peer-joined ${id}`]);
      }
      await Promise.all([seesPeers(first, 2), seesPeers(second, 2), playsVideos(third, 2)]);
      const fourth = await open(cluster.page);
      await Promise.all([...[first, second, fourth].map((tab) => seesPeers(tab, 3)), playsVideos(third, 3)]);
    },
  );
});
