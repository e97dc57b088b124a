// SPDX-License-Identifier: Apache-2.0
// Cases 61 and 65 and calls of three, of the unmodified @metered-ca/realtime in Chromium.

import { describe, expect, test } from 'vitest';
import { openCall, playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { callAtOnce } from '../src/first-calls.ts';
import { layLine } from '../src/line.ts';
import { startParley } from '../src/parley.ts';
import { happens, now, peerId, serveSdkApp, storyOf } from '../src/sdk.ts';

async function start() {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  return { parley, window, open: await serveSdkApp(window) };
}

describe('the SDK in Chromium', () => {
  test('three tabs each play the two others, and one that closes is gone within a second', async ({ annotate }) => {
    const { parley, window, open } = await start();
    const tabs = await openCall(() => open(parley.webSocket), 3);
    for (const tab of tabs) {
      const story = await storyOf(tab);
      expect(story.filter((line) => line.startsWith('peer-joined'))).toHaveLength(2);
      expect(story.filter((line) => /^(error|peer-left)/.test(line))).toEqual([]);
    }
    const [leaver, ...stayers] = tabs;
    const id = await peerId(leaver!);
    await leaver!.close();
    // From when the browser says that the tab is gone, on the clock of who stays: how long it takes to close a tab is
    // its own affair. The socket may be gone before, so the others may know before.
    const closed = await Promise.all(stayers.map(now));
    for (const [index, tab] of stayers.entries()) {
      const { at } = await happens(tab, 'peer-left', id);
      await annotate(`peer-left ${Math.round(at - closed[index]!)} ms after the tab was gone`);
      expect(at - closed[index]!).toBeLessThan(1000);
    }
    await Promise.all(stayers.map((tab) => playsVideos(tab, 1)));
    expect(window.complaints).toEqual([]);
  });

  test.each([
    [2, 0],
    [2, 0],
    [2, 600],
    [2, 600],
    [3, 0],
  ])('%i tabs that open %i ms apart, with a role, play each other within 12 s', async (tabs, gapMs) => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const app = await serveSdkApp(window);
    const { pictureMs, trace } = await callAtOnce(window, app, parley.webSocket, 'room', {
      tabs,
      gapMs,
      role: 'camera',
    });
    expect(pictureMs, trace).toBeDefined();
  });

  test('two peers hear of each other once, and a data channel opens both ways', async () => {
    const { parley, window, open } = await start();
    const [first, second] = [
      await open(parley.webSocket, { camera: false }),
      await open(parley.webSocket, { camera: false }),
    ];
    await Promise.all([happens(first, 'peer-joined'), happens(second, 'peer-joined')]);
    await first.evaluate(() => globalThis.peer.remotePeers[0]!.say('hello'));
    await happens(second, 'said', 'hello');
    await second.evaluate(() => globalThis.peer.remotePeers[0]!.say('hello yourself'));
    await happens(first, 'said', 'hello yourself');
    const opening = ['state joining', 'state joined'];
    expect(await storyOf(first)).toEqual([...opening, `peer-joined ${await peerId(second)}`, 'said hello yourself']);
    expect(await storyOf(second)).toEqual([...opening, `peer-joined ${await peerId(first)}`, 'said hello']);
    expect(window.complaints).toEqual([]);
  });

  test('a peer alone whose socket is killed is joined again within 2 s', async ({ annotate }) => {
    const { parley, open } = await start();
    const line = await layLine(parley.webSocket);
    const tab = await open(line.webSocket, { camera: false });
    const since = await now(tab);
    line.reset();
    const { at } = await happens(tab, 'state', 'joined', since);
    await annotate(`joined again after ${Math.round(at - since)} ms`);
    expect(at - since).toBeLessThan(2000);
    expect(await storyOf(tab, since)).toEqual(['state reconnecting', 'state joined']);
  });
});
