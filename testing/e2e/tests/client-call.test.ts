// SPDX-License-Identifier: Apache-2.0
// Calls on Parley's own client, in Chromium, with real media.

import { describe, expect, test } from 'vitest';
import { playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import {
  clientIs,
  clock,
  cutSocket,
  keepsConnections,
  longestGap,
  markConnections,
  seesPeers,
  serveClientApp,
  story,
} from '../src/client.ts';
import { startParley } from '../src/parley.ts';
import { serveSdkApp } from '../src/sdk.ts';

/**
 * What the pictures of one whose socket is killed may stand still for longer than they did before, in milliseconds. A
 * client that stops its media does so at each kill. In the build the machine has other work, too, and stands still by
 * itself: there the median kill is judged, and may be as bad as what the two others see of each other meanwhile. Alone,
 * the worst kill is judged, by what was before.
 */
const MORE = 100;
const KILLS = Number(process.env['CLIENT_KILLS'] ?? 3);
const BASELINE_MS = Number(process.env['CLIENT_BASELINE_MS'] ?? 12_000);
const IS_ALONE = 'CLIENT_BASELINE_MS' in process.env;

describe('a call on the client', () => {
  test('does not notice that the socket of one is killed again and again', async ({ annotate }) => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const open = await serveClientApp(window);
    const tabs = [await open(parley.page), await open(parley.page), await open(parley.page)];
    await Promise.all(tabs.map((tab) => seesPeers(tab, 2)));
    await Promise.all(tabs.map((tab) => tab.waitForTimeout(3000))); // the senders' rates have settled

    const quiet = await Promise.all(tabs.map(clock));
    await tabs[0]!.waitForTimeout(BASELINE_MS);
    const before = await Promise.all(tabs.map((tab, i) => longestGap(tab, quiet[i]!)));

    await Promise.all(tabs.map(markConnections));
    const since = await Promise.all(tabs.map(clock));
    const [killed, ...others] = await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.app.client.peerId)));
    const kills: number[][] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const from = await Promise.all(tabs.map(clock));
      await cutSocket(tabs[0]!);
      await tabs[0]!.waitForTimeout(1000);
      kills.push(await Promise.all(tabs.map((tab, i) => longestGap(tab, from[i]!, i === 0 ? undefined : killed))));
    }
    const beside = await Promise.all([1, 2].map((i) => longestGap(tabs[i]!, since[i]!, others[2 - i])));
    await annotate(
      `longest gaps between frames: ${before.map(Math.round)} ms before, ` +
        `${kills.map((gaps) => gaps.map(Math.round)).join(' | ')} ms in ${KILLS} kills, ` +
        `${beside.map(Math.round)} ms meanwhile between the others`,
    );

    const stories = await Promise.all(tabs.map((tab, i) => story(tab, since[i])));
    expect(stories[0]).toEqual(
      Array.from({ length: KILLS }, () => ['state reconnecting lost', 'state connected resumed']).flat(),
    );
    // Of more than 2 s, as tries wait longer each time.
    const isOfAbsence = (line: string): boolean => /^(away|back) /.test(line);
    expect(stories.slice(1).map((lines) => lines.filter((line) => !isOfAbsence(line)))).toEqual([[], []]);
    expect(await Promise.all(tabs.map(keepsConnections))).toEqual([true, true, true]);
    tabs.forEach((_, i) => {
      const gaps = kills.map((kill) => kill[i]!).sort((a, b) => a - b);
      const judged = IS_ALONE ? gaps.at(-1)! : gaps[Math.floor(gaps.length / 2)]!;
      expect(judged).toBeLessThanOrEqual(Math.max(before[i]!, ...(IS_ALONE ? [] : beside)) + MORE);
    });
    expect(window.complaints).toEqual([]);
  });

  test('goes on when the server is started again: everybody keeps its id, nobody leaves, others can join', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const open = await serveClientApp(window);
    const tabs = [await open(parley.page), await open(parley.page), await open(parley.page)];
    await Promise.all(tabs.map((tab) => seesPeers(tab, 2)));
    await Promise.all(tabs.map(markConnections));
    const ids = await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.app.client.peerId)));
    const since = await Promise.all(tabs.map(clock));

    await parley.end('SIGKILL');
    await Promise.all(tabs.map((tab) => clientIs(tab, 'reconnecting')));
    await startParley({ listen: new URL(parley.page).host });
    await Promise.all(tabs.map((tab) => clientIs(tab, 'connected')));
    expect(await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.app.client.peerId)))).toEqual(ids);

    const newcomer = await open(parley.page);
    await Promise.all([...tabs, newcomer].map((tab) => seesPeers(tab, 3)));
    for (const [i, tab] of tabs.entries()) {
      const heard = await story(tab, since[i]);
      expect(heard).toContain('session-lost state_lost true');
      expect(heard.filter((line) => /^(peer-left|connection-reset|left)/.test(line))).toEqual([]);
    }
  });

  test('says to a peer what it said while the peer was away, once', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const open = await serveClientApp(window);
    const [first, second] = [await open(parley.page, { camera: false }), await open(parley.page, { camera: false })];
    await first.waitForFunction(() => globalThis.app.call.peers.size === 1);
    await second.evaluate(() => globalThis.app.socket.close(4999));
    await first.evaluate(async () => {
      for (let i = 0; i < 10; i++) {
        await globalThis.app.call.sendTo([...globalThis.app.call.peers.keys()][0]!, i);
      }
    });
    await second.waitForFunction(() => globalThis.app.story.filter(({ what }) => what === 'data').length === 10);
    expect((await story(second)).filter((line) => line.startsWith('data'))).toEqual(
      Array.from({ length: 10 }, (_, i) => `data direct ${i}`),
    );
  });
});

describe('a call of a client and the SDK', () => {
  test.each(['the SDK comes first', 'the client comes first'])(
    'has video both ways, with what it is, when %s',
    async (order) => {
      const [parley, window] = await Promise.all([startParley(), openWindow()]);
      const openClient = await serveClientApp(window);
      const openSdk = await serveSdkApp(window);
      const isSdkFirst = order.startsWith('the SDK');
      const sdk = isSdkFirst ? await openSdk(parley.webSocket) : undefined;
      const client = await openClient(parley.page);
      const other = sdk ?? (await openSdk(parley.webSocket));
      await Promise.all([playsVideos(other, 1), seesPeers(client, 1)]);
      await other.waitForFunction(() => document.querySelector('video')?.dataset['role'] === 'camera');
      await playsVideos(client, 1);
      // What a stream is, from the SDK to the client.
      await other.evaluate(async () => {
        globalThis.peer.addStream(await navigator.mediaDevices.getUserMedia({ video: true }), { role: 'screen' });
      });
      await client.waitForFunction(() =>
        globalThis.app.story.some(({ what, which }) => what === 'stream-added' && which === '{"role":"screen"}'),
      );
      await playsVideos(client, 2);
      expect((await story(client)).filter((line) => line.startsWith('connection-reset'))).toEqual([]);
      expect(window.complaints).toEqual([]);
    },
  );
});
