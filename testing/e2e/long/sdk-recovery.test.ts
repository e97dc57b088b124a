// SPDX-License-Identifier: Apache-2.0
// Cases 60, 63, 64 and 70, and networks that fail, of the unmodified @metered-ca/realtime in Chromium. Not part of the
// build: after each failure both sides build the call anew at once, their offers collide, and then Chromium 156 now and
// then never gathers an address on one side, whatever the server does (docs/decisions/0010-word-of-a-newcomer.md).

import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { framesShown, playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { layLine } from '../src/line.ts';
import { startNetwork } from '../src/network.ts';
import { startParley } from '../src/parley.ts';
import { readAlong } from '../src/reading.ts';
import { happens, now, peerId, remotePeerIds, serveSdkApp, storyOf } from '../src/sdk.ts';

async function start() {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  return { parley, window, open: await serveSdkApp(window) };
}

describe('the SDK in Chromium recovers', { timeout: 180_000 }, () => {
  test.each([
    ['cut', 'resets'],
    ['freeze', 'silence'],
  ] as const)('a tab whose network is gone for 5 s (%s: %s) plays and is played again', async (fail, _) => {
    const { parley, open } = await start();
    const network = await startNetwork(parley.webSocket);
    const near = await open(network.webSocket);
    const far = await open(parley.webSocket);
    await Promise.all([playsVideos(near, 1), playsVideos(far, 1)]);

    network[fail]();
    await after(1000); // for what is still on its way
    const [frames, { datagrams, lost }] = [await framesShown(near), network];
    expect(datagrams).toBeGreaterThan(0);
    await after(4000);
    expect(await framesShown(near)).toBe(frames);
    expect(network.lost).toBeGreaterThan(lost); // the media took the path that failed
    network.mend();

    await Promise.all([playsVideos(near, 1), playsVideos(far, 1)]);
    expect(await remotePeerIds(near)).toEqual([await peerId(far)]);
    expect(await remotePeerIds(far)).toEqual([await peerId(near)]);
    expect((await storyOf(near)).filter((line) => line.startsWith('error'))).toEqual([]);
  });

  test('a peer whose socket is killed is joined again within 3 s, with the other still there', async ({ annotate }) => {
    const { parley, open } = await start();
    const line = await layLine(parley.webSocket);
    const killed = await open(line.webSocket);
    const stayer = await open(parley.webSocket);
    await Promise.all([playsVideos(killed, 1), playsVideos(stayer, 1)]);
    const before = await peerId(killed);

    const [since, stayerSince] = [await now(killed), await now(stayer)];
    line.reset();
    const { at } = await happens(killed, 'state', 'joined', since);
    await annotate(`joined again after ${Math.round(at - since)} ms`);
    expect(at - since).toBeLessThan(3000);
    expect(await remotePeerIds(killed)).toEqual([await peerId(stayer)]);

    await Promise.all([playsVideos(killed, 1), playsVideos(stayer, 1)]);
    await annotate(`playing again, 20 frames each way, after ${Math.round((await now(killed)) - since)} ms`);
    expect(await storyOf(killed, since)).toEqual(['state reconnecting', 'state joined']);
    expect((await storyOf(stayer, stayerSince)).toSorted()).toEqual([
      `peer-joined ${await peerId(killed)}`,
      `peer-left ${before}`,
    ]);
  });

  test('a peer whose socket is killed learns that the other left meanwhile', async () => {
    const { parley, open } = await start();
    const [line, othersLine] = [await layLine(parley.webSocket), await layLine(parley.webSocket)];
    const killed = await open(line.webSocket, { camera: false });
    const leaver = await open(othersLine.webSocket, { camera: false });
    const left = await peerId(leaver);
    await happens(killed, 'peer-joined', left);

    const since = await now(killed);
    line.cut();
    await happens(killed, 'state', 'reconnecting', since);
    await leaver.close();
    await vi.waitUntil(() => !othersLine.isUsed, { interval: 10, timeout: 10_000 });
    line.mend();
    await happens(killed, 'state', 'joined', since);
    // In this order: the snapshot said it, not a diff that came later.
    expect(await storyOf(killed, since)).toEqual(['state reconnecting', `peer-left ${left}`, 'state joined']);
  });

  test('a call is on again after its server is stopped and started', async ({ annotate }) => {
    const { parley, open } = await start();
    const tabs = [await open(parley.webSocket), await open(parley.webSocket)];
    await Promise.all(tabs.map((tab) => playsVideos(tab, 1)));
    const since = await Promise.all(tabs.map(now));
    expect(await parley.end('SIGTERM')).toBe(0);
    await Promise.all(tabs.map((tab, index) => happens(tab, 'state', 'reconnecting', since[index])));
    const restarting = await Promise.all(tabs.map(now));
    await startParley({ listen: new URL(parley.page).host });
    const joined = await Promise.all(tabs.map((tab, index) => happens(tab, 'state', 'joined', since[index])));
    const took = joined.map(({ at }, index) => Math.round(at - restarting[index]!));
    await annotate(`joined again ${took} ms after the start began`);
    await Promise.all(tabs.map((tab) => playsVideos(tab, 1)));
    for (const [index, tab] of tabs.entries()) {
      expect((await storyOf(tab, since[index])).filter((line) => line.startsWith('error'))).toEqual([]);
    }
  });

  test('a replayed subscribe that fails once is asked again 2 s later', async ({ annotate }) => {
    const { parley, open } = await start();
    const replays: number[] = [];
    const line = await layLine(
      await readAlong(parley.webSocket, {
        fromClient(frame, connection, answer) {
          const { type, requestId } = JSON.parse(frame) as { type: string; requestId: string };
          if (connection > 1 && type === 'subscribe' && replays.push(Date.now()) === 1) {
            answer(JSON.stringify({ type: 'error', requestId, code: 'backend_error' }));
            return undefined;
          }
          return frame;
        },
      }),
    );
    const killed = await open(line.webSocket);
    const stayer = await open(parley.webSocket);
    await Promise.all([playsVideos(killed, 1), playsVideos(stayer, 1)]);
    const since = await now(killed);
    line.reset();
    await happens(killed, 'state', 'joined', since);
    expect(replays).toHaveLength(2);
    const pause = replays[1]! - replays[0]!;
    await annotate(`asked again after ${pause} ms`);
    expect(pause).toBeGreaterThan(1900);
    expect(pause).toBeLessThan(3000);
    await Promise.all([playsVideos(killed, 1), playsVideos(stayer, 1)]);
    expect(await storyOf(killed, since)).toEqual(['state reconnecting', 'state joined']);
  });
});
