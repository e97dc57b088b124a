// SPDX-License-Identifier: Apache-2.0
// Calls between Chromium and Firefox.

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { playsVideos, seesTheOther } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import {
  clientIs,
  clock,
  cutSocket,
  keepsConnections,
  markConnections,
  seesPeers,
  serveClientApp,
  story,
} from '../src/client.ts';
import { openFirefox } from '../src/firefox.ts';
import { areInGroup, joinGroup } from '../src/group.ts';
import { layLine } from '../src/line.ts';
import { startParley } from '../src/parley.ts';
import { serveSdkApp } from '../src/sdk.ts';
import { serve } from '../src/site.ts';
import type { Tab } from '../src/tab.ts';

const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
const rawClient = [...readme.matchAll(/```js\n([^]*?)```/g)][1]![1]!;

async function start() {
  const [parley, chromium, firefox] = await Promise.all([startParley(), openWindow(), openFirefox()]);
  const complaints = (): string[] => [...chromium.complaints, ...firefox.complaints];
  return { parley, chromium, firefox, complaints };
}

/** A call on the client with one tab of Chromium and so many of Firefox, who all see each other. */
async function startCall(ofFirefox: number) {
  const started = await start();
  const [inChromium, inFirefox] = await Promise.all([
    serveClientApp(started.chromium),
    serveClientApp(started.firefox),
  ]);
  const tabs: [Tab, ...Tab[]] = [await inChromium(started.parley.page)];
  while (tabs.length <= ofFirefox) {
    tabs.push(await inFirefox(started.parley.page));
  }
  await Promise.all(tabs.map((tab) => seesPeers(tab, ofFirefox)));
  await Promise.all(tabs.map(markConnections));
  return { ...started, tabs, since: await Promise.all(tabs.map(clock)) };
}

describe('a call on the client between Chromium and Firefox', () => {
  test('goes on over the same connection when the sockets of both are cut', async () => {
    const { tabs, since, complaints } = await startCall(1);
    for (const tab of tabs) {
      await cutSocket(tab);
    }
    await Promise.all(tabs.map((tab) => seesPeers(tab, 1)));
    expect(await Promise.all(tabs.map(keepsConnections))).toEqual([true, true]);
    for (const [i, tab] of tabs.entries()) {
      expect(await story(tab, since[i])).toEqual(['state reconnecting lost', 'state connected resumed']);
    }
    expect(complaints()).toEqual([]);
  });

  test('begins when the first offers of both meet and that of Chromium gives way', async () => {
    const { parley, chromium, firefox, complaints } = await start();
    const [inChromium, inFirefox] = await Promise.all([serveClientApp(chromium), serveClientApp(firefox)]);
    const line = await layLine(parley.webSocket);
    const idOf = (tab: Tab): Promise<string> => tab.evaluate(() => globalThis.app.client.peerId);
    // The one whose id comes first gives way, and ids sort by the time of the connection.
    const first: Tab = await inChromium(line.webSocket.replace('ws', 'http'), { camera: false });
    const last = await inFirefox(parley.page, { camera: false });
    const tabs = [first, last];
    expect((await idOf(first)) < (await idOf(last))).toBe(true);
    await Promise.all(tabs.map((tab) => tab.waitForFunction(hasOnePeer)));
    line.freeze();
    await Promise.all(tabs.map((tab) => tab.evaluate(sendsCamera)));
    line.mend();
    await Promise.all(tabs.map((tab) => seesPeers(tab, 1)));
    expect(complaints()).toEqual([]);
  });

  test('shows what either of them shares beside its camera, by its role', async () => {
    const { tabs, since, complaints } = await startCall(1);
    for (const tab of tabs) {
      await tab.evaluate(async () => {
        const source = { video: { width: 320, height: 180 } }; // without windows Firefox has no screen to share
        globalThis.app.call.addStream(await navigator.mediaDevices.getUserMedia(source), { role: 'screen' });
      });
    }
    await Promise.all(tabs.map((tab) => playsVideos(tab, 2)));
    for (const [i, tab] of tabs.entries()) {
      expect(await story(tab, since[i])).toEqual(['stream-added {"role":"screen"}']);
    }
    expect(await Promise.all(tabs.map(keepsConnections))).toEqual([true, true]);
    expect(complaints()).toEqual([]);
  });

  test('goes on for three when the server is started again: everybody keeps its id and its connections', async () => {
    const { parley, tabs, since } = await startCall(2);
    const ids = await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.app.client.peerId)));
    await parley.end('SIGKILL');
    await Promise.all(tabs.map((tab) => clientIs(tab, 'reconnecting')));
    await startParley({ listen: new URL(parley.page).host });
    await Promise.all(tabs.map((tab) => clientIs(tab, 'connected')));
    await Promise.all(tabs.map((tab) => seesPeers(tab, 2)));
    expect(await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.app.client.peerId)))).toEqual(ids);
    expect(await Promise.all(tabs.map(keepsConnections))).toEqual([true, true, true]);
    for (const [i, tab] of tabs.entries()) {
      expect((await story(tab, since[i])).filter((line) => /^(peer-left|connection-reset|left)/.test(line))).toEqual(
        [],
      );
    }
  });
});

/** In the page: whether the call has one peer. */
function hasOnePeer(): boolean {
  return globalThis.app.call.peers.size === 1;
}

/** In the page: sends a camera, and waits until that is offered. */
async function sendsCamera(): Promise<void> {
  const { connection } = [...globalThis.app.call.peers.values()][0]!;
  globalThis.app.call.addStream(await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 180 } }), {
    role: 'camera',
  });
  await new Promise<void>((resolve) => {
    connection.addEventListener(
      'signalingstatechange',
      () => connection.signalingState === 'have-local-offer' && resolve(),
    );
  });
}

describe('a call with the SDK between Chromium and Firefox', () => {
  test.each([
    ['the SDK in both', true],
    ['the client in Chromium', false],
  ])('has video both ways, with %s', async (_, isSdkInBoth) => {
    const { parley, chromium, firefox, complaints } = await start();
    const other = isSdkInBoth
      ? await (
          await serveSdkApp(chromium)
        )(parley.webSocket, { role: 'camera' })
      : await (
          await serveClientApp(chromium)
        )(parley.page);
    const sdk = await (await serveSdkApp(firefox))(parley.webSocket, { role: 'camera' });
    await Promise.all([playsVideos(sdk, 1), playsVideos(other, 1)]);
    expect(complaints()).toEqual([]);
  });
});

test('the 15 lines of the README make a call between Chromium and Firefox', async () => {
  const { parley, chromium, firefox, complaints } = await start();
  const script = rawClient.replace('ws://localhost:8080', parley.webSocket);
  const port = await serve(`<video id="remote" autoplay></video><script type="module">${script}</script>`);
  const tabs: Tab[] = [await chromium.newPage(), await firefox.newPage()];
  for (const tab of tabs) {
    await tab.goto(`http://localhost:${port}`);
  }
  await Promise.all(tabs.map(seesTheOther));
  expect(complaints()).toEqual([]);
});

test('the page makes a call of Chromium and Firefox, and says in both how it is connected', async () => {
  const { parley, chromium, firefox, complaints } = await start();
  const tabs: Tab[] = [await joinGroup(chromium, parley.page, 'group'), await joinGroup(firefox, parley.page, 'group')];
  await areInGroup(tabs);
  for (const tab of tabs) {
    await tab.evaluate(() => document.querySelector<HTMLElement>('[data-action="hood"]')!.click());
    await tab.waitForFunction(() =>
      /^direct · udp · \d+ ms/.test(document.querySelector('#roster .route:not(:empty)')?.textContent ?? ''),
    );
    await tab.waitForFunction(() =>
      /^\d+ × \d+ · \d+ fps$/.test(document.querySelector('#roster .numbers:not(:empty)')?.textContent ?? ''),
    );
  }
  expect(complaints()).toEqual([]);
});
