// SPDX-License-Identifier: Apache-2.0
// Channels of parley-client/data between browsers.

import { describe, expect, test } from 'vitest';
import { bundle, pageOf } from '../src/bundle.ts';
import { openWindow } from '../src/chromium.ts';
import { openFirefox } from '../src/firefox.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';
import type { Tab, Window } from '../src/tab.ts';

const APP = `
import { Call, ParleyClient } from 'parley-client';
import { openChannel } from 'parley-client/data';

const { searchParams } = new URL(location);
const client = new ParleyClient({ url: searchParams.get('server'), key: 'pk_live_demo' });
const call = new Call(client, { configuration: { iceTransportPolicy: searchParams.get('policy') } });
const channels = (globalThis.channels = { call, received: [], faults: [], resets: 0 });
const fault = (what) => () => channels.faults.push(what);
client.on('direct', fault('direct'));
call.on('data', fault('data'));
call.on('peer-joined', ({ peer }) => {
  const channel = (channels.channel = openChannel(peer, 'file', { overServer: true }));
  channel.on('lost', fault('lost'));
  peer.on('data-channel', fault('data-channel'));
  peer.on('connection-reset', () => channels.resets++);
  channel.on('message', ({ data }) => {
    const numbers = typeof data === 'string' ? [data] : new Uint32Array(data);
    channels.received.push(numbers.every((it) => it === numbers[0]) ? numbers[0] + ' x ' + numbers.length : 'mixed');
  });
});
await call.join('room');
`;

/** Page only. */
declare global {
  var channels: {
    readonly call: { readonly peers: ReadonlyMap<string, { readonly state: string; reset(): void }> };
    readonly channel: { readonly state: string; send(data: string | Uint32Array<ArrayBuffer>): Promise<void> };
    readonly received: string[];
    readonly faults: string[];
    readonly resets: number;
  };
}

/** How long a message is, in numbers of 4 bytes: 100 of them are 10 MB. */
const LENGTH = 25_000;

const wanted = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i} x ${LENGTH}`);

async function openTabs(policy: RTCIceTransportPolicy, ...windows: Window[]): Promise<Tab[]> {
  const parley = await startParley();
  const port = await serve(pageOf(await bundle(APP)));
  const tabs: Tab[] = [];
  for (const window of windows) {
    const tab = await window.newPage();
    await tab.goto(`http://localhost:${port}/?server=${parley.page}&policy=${policy}`);
    tabs.push(tab);
  }
  await Promise.all(tabs.map((tab) => tab.waitForFunction(() => globalThis.channels?.channel?.state === 'open')));
  return tabs;
}

/** Sends so many messages, and resets all connections before the one of this number. */
function sendAll(tab: Tab, count: number, resetBefore = count): Promise<void> {
  return tab.evaluate(
    async ({ length, count, resetBefore }) => {
      for (let i = 0; i < count; i++) {
        if (i === resetBefore) {
          globalThis.channels.call.peers.forEach((peer) => peer.reset());
        }
        await globalThis.channels.channel.send(new Uint32Array(length).fill(i));
      }
    },
    { length: LENGTH, count, resetBefore },
  );
}

const receives = (tab: Tab, count: number): Promise<unknown> =>
  tab.waitForFunction((wanted) => globalThis.channels.received.length >= wanted, count, {
    polling: 20,
  });

describe('a channel', () => {
  test('delivers 10 MB once and in order while the connection is reset in the middle', async () => {
    const window = await openWindow();
    const [ann, bob] = (await openTabs('all', window, window)) as [Tab, Tab];
    await ann.evaluate(() => globalThis.channels.channel.send('hello'));
    await receives(bob, 1);
    await sendAll(ann, 100, 50);
    await receives(bob, 101);
    expect(await bob.evaluate(() => globalThis.channels.received)).toEqual(['hello x 1', ...wanted(100)]);
    // What was sent may arrive over the server before the receiver learns of the reset.
    await Promise.all(
      [ann, bob].map((tab) => tab.waitForFunction(() => globalThis.channels.resets > 0, undefined, { polling: 20 })),
    );
    expect(await Promise.all([ann, bob].map((tab) => tab.evaluate(() => globalThis.channels.faults)))).toEqual([
      [],
      [],
    ]);
    expect(window.complaints).toEqual([]);
  });

  test('delivers over the server where there is no path, and reports it by the channel alone', async () => {
    const window = await openWindow();
    const [ann, bob] = (await openTabs('relay', window, window)) as [Tab, Tab];
    await ann.evaluate(() => globalThis.channels.channel.send('hello'));
    await bob.evaluate(() => globalThis.channels.channel.send(new Uint32Array(8000)));
    await Promise.all([receives(ann, 1), receives(bob, 1)]);
    expect(await bob.evaluate(() => globalThis.channels.received)).toEqual(['hello x 1']);
    expect(await ann.evaluate(() => globalThis.channels.received)).toEqual(['0 x 8000']);
    for (const tab of [ann, bob]) {
      const states = await tab.evaluate(() => [...globalThis.channels.call.peers.values()].map(({ state }) => state));
      expect(states).not.toContain('connected');
      expect(await tab.evaluate(() => globalThis.channels.faults)).toEqual([]);
    }
  });

  test('delivers between Chromium and Firefox, both ways', async () => {
    const [chromium, firefox] = await Promise.all([openWindow(), openFirefox()]);
    const tabs = (await openTabs('all', chromium, firefox)) as [Tab, Tab];
    await Promise.all(tabs.map((tab) => sendAll(tab, 20)));
    await Promise.all(tabs.map((tab) => receives(tab, 20)));
    expect(await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.channels.received)))).toEqual([
      wanted(20),
      wanted(20),
    ]);
    expect(await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.channels.faults)))).toEqual([[], []]);
    expect([...chromium.complaints, ...firefox.complaints]).toEqual([]);
  });
});
