// SPDX-License-Identifier: Apache-2.0
// Cases 29, 50, 60 and 62, of the unmodified @metered-ca/realtime in Node.

import { SignallingClient } from '@metered-ca/realtime';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type NodePeers, startNodePeers } from '../src/node-peers.ts';
import { startParley } from '../src/parley.ts';
import { WAIT_MS } from '../src/patience.ts';
import { KEY } from '../src/sdk.ts';

/** SDK_RUNS=20 asks for as many as show what happens once in a hundred joins. */
const RUNS = Number(process.env['SDK_RUNS'] ?? 5);

/** At a time: each mostly waits for what the SDK waits for. */
const PAIRS = 4;

/** A client with what it received: its own id, and who is in the room by snapshot and diffs. */
interface Member {
  readonly client: SignallingClient;
  id: string;
  present: string[];
  readonly told: string[];
}

function member(webSocket: string): Member {
  const client = new SignallingClient({ apiKey: KEY, url: webSocket, webSocketFactory: (url) => new WebSocket(url) });
  onTestFinished(() => client.close());
  const made: Member = { client, id: '', present: [], told: [] };
  let hasSnapshot = false;
  client.on('connected', ({ peerId }) => {
    made.id = peerId;
    hasSnapshot = false;
  });
  client.on('presence', ({ joined, left }) => {
    const gone = new Set(left.map(({ peerId }) => peerId));
    made.present = (hasSnapshot ? made.present.filter((id) => !gone.has(id)) : []).concat(
      joined.map(({ peerId }) => peerId),
    );
    hasSnapshot = true;
  });
  return made;
}

/** Awaits that each has exactly the others, nobody twice. */
async function eachHasTheOthers(members: readonly Member[]): Promise<void> {
  await vi.waitFor(
    () => {
      const ids = members.map(({ id }) => id);
      for (const { id, present } of members) {
        expect(present.toSorted()).toEqual(ids.filter((other) => other !== id).toSorted());
      }
    },
    { timeout: WAIT_MS, interval: 20 },
  );
}

describe('the SDK in Node', () => {
  test(`50 clients that join at once have exactly the 49 others, ${RUNS} times of ${RUNS}`, async () => {
    const parley = await startParley();
    for (let run = 0; run < RUNS; run++) {
      const members = Array.from({ length: 50 }, () => member(parley.webSocket));
      await Promise.all(
        members.map(async ({ client }) => {
          await client.connect();
          await client.subscribe(`room ${run}`);
        }),
      );
      await eachHasTheOthers(members);
      await Promise.all(members.map(({ client }) => client.close()));
    }
  });

  test(`ten peers of five processes that join at once hear of exactly the nine others, ${RUNS} times`, async () => {
    const parley = await startParley();
    const processes = await Promise.all(Array.from({ length: 5 }, () => startNodePeers(parley.webSocket, 'ws')));
    for (let run = 0; run < RUNS; run++) {
      await Promise.all(processes.map((process) => process.join(`room ${run}`, 2)));
      await vi.waitFor(
        () => {
          const peers = processes.flatMap((process) => process.peers);
          const ids = peers.map(({ id }) => id);
          expect(new Set(ids).size).toBe(10);
          for (const { id, joined, left, errors } of peers) {
            expect(joined.toSorted()).toEqual(ids.filter((other) => other !== id).toSorted());
            expect([...left, ...errors]).toEqual([]);
          }
        },
        { timeout: WAIT_MS, interval: 20 },
      );
      await Promise.all(processes.map((process) => process.leave()));
    }
  });

  describe.each(['ws', 'undici'] as const)('with the WebSocket of %s', (webSocketOf) => {
    /** One peer joins after the other; each must hear of the other, once. */
    async function twoFindEachOther(process: NodePeers, room: string, busyFor = 0): Promise<void> {
      await process.join(room, 1);
      await process.join(room, 1, busyFor);
      await vi.waitFor(
        () => {
          const [first, second] = process.peers;
          expect([first!.joined, second!.joined], room).toEqual([[second!.id], [first!.id]]);
        },
        { timeout: WAIT_MS, interval: 5 },
      );
      await process.leave();
    }

    test(`two peers find each other in ${5 * RUNS} joins of ${5 * RUNS}`, async () => {
      const parley = await startParley();
      let run = 0;
      await Promise.all(
        Array.from({ length: PAIRS }, async () => {
          const process = await startNodePeers(parley.webSocket, webSocketOf);
          while (run < 5 * RUNS) {
            await twoFindEachOther(process, `room ${run++}`);
          }
        }),
      );
    });

    // What comes while it is busy is read at once afterwards, and the SDK loses a roster read with the acknowledgement.
    test('a peer that is busy when it joins finds the other', async () => {
      const parley = await startParley();
      const process = await startNodePeers(parley.webSocket, webSocketOf);
      await twoFindEachOther(process, 'room', 200);
    });
  });

  test('the largest payload it lets through arrives, byte for byte', async () => {
    const parley = await startParley();
    const [sender, receiver] = [member(parley.webSocket), member(parley.webSocket)];
    let maxMessageSize = 0;
    sender.client.on('connected', (welcome) => (maxMessageSize = welcome.maxMessageSize));
    await Promise.all([sender.client.connect(), receiver.client.connect()]);
    await Promise.all([sender.client.subscribe('room'), receiver.client.subscribe('room')]);
    const received: unknown[] = [];
    receiver.client.on('direct', ({ data }) => received.push(data));
    receiver.client.on('message', ({ data }) => received.push(data));

    // One, two, three and four bytes of UTF-8 to a character, then as many as are missing.
    const words = 'aé€😀"\\\n'.repeat(3000);
    const size = (data: unknown): number => Buffer.byteLength(JSON.stringify(data));
    const filled = (total: number) => ({ words, filler: 'x'.repeat(total - size({ words, filler: '' })) });
    const largest = filled(maxMessageSize);
    expect(maxMessageSize).toBe(65_536);
    expect(size(largest)).toBe(maxMessageSize);
    await sender.client.send(receiver.id, largest);
    await sender.client.publish('room', largest);
    await vi.waitUntil(() => received.length === 2, { timeout: WAIT_MS });
    expect(received.map((data) => JSON.stringify(data) === JSON.stringify(largest))).toEqual([true, true]);
    await expect(sender.client.send(receiver.id, filled(maxMessageSize + 1))).rejects.toThrow(/65537/);
  });

  test('a server that stops says so, closes with 1001, and has them all back when it is started', async ({
    annotate,
  }) => {
    const parley = await startParley();
    const members = Array.from({ length: 10 }, () => member(parley.webSocket));
    for (const { client, told } of members) {
      client.on('going-away', ({ retryAfterMs }) => told.push(retryAfterMs > 0 ? 'going away' : 'going wrong'));
      client.on('disconnected', ({ code }) => told.push(`closed ${code}`));
      await client.connect();
      await client.subscribe('room');
    }
    await eachHasTheOthers(members);
    const before = members.map(({ id }) => id);

    const since = Date.now();
    expect(await parley.end('SIGTERM')).toBe(0);
    await annotate(`stopped after ${Date.now() - since} ms`);
    await vi.waitUntil(() => members.every(({ told }) => told.length >= 2), { timeout: WAIT_MS });
    expect(members.map(({ told }) => told.slice(0, 2))).toEqual(members.map(() => ['going away', 'closed 1001']));

    const restarted = Date.now();
    await startParley({ listen: new URL(parley.page).host });
    await vi.waitUntil(() => members.every(({ id }) => !before.includes(id)), { timeout: WAIT_MS });
    await eachHasTheOthers(members);
    await annotate(`all back ${Date.now() - restarted} ms after the start began`);
  });
});
