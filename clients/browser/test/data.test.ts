// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ChannelMessage, openChannel } from '../src/data/index.js';
import { Inbox } from '../src/data/inbox.js';
import { Outbox } from '../src/data/outbox.js';
import { brief, bytes, connected, isDone, KiB, MiB, pass, side } from './channel-sides.js';
import { FakePair } from './fake-pair.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());
vi.setConfig({ testTimeout: 120_000 });

describe('a channel', () => {
  it('delivers text and bytes in order, both ways', async () => {
    const { ann, bob } = await connected();
    await ann.channel.send('grüße');
    await ann.channel.send(bytes(1, 3).buffer);
    await ann.channel.send(new Uint16Array([7, 8]).subarray(1));
    await ann.channel.send('');
    await bob.channel.send('hello yourself');
    await pass(100);
    expect(bob.heard).toEqual(['grüße', '1 x 3', '8 x 2', '']);
    expect(ann.heard).toEqual(['hello yourself']);
    expect([ann.states, bob.states]).toEqual([['open path_found'], ['open path_found']]);
  });

  it('is opened in any order, and keeps what is sent before', async () => {
    for (const late of ['ann', 'bob'] as const) {
      const pair = new FakePair();
      const early = side(late === 'bob' ? pair.bob : pair.ann);
      void early.channel.send('early');
      pair.connect();
      await pass(5000);
      expect(early.channel.state).toBe('connecting');
      const other = side(late === 'bob' ? pair.ann : pair.bob);
      await pass(100);
      expect(other.heard).toEqual(['early']);
      expect(early.channel.state).toBe('open');
    }
  });

  it('splits long messages and puts them together', async () => {
    const { ann, bob } = await connected();
    void ann.channel.send(bytes(1, 64 * KiB));
    void ann.channel.send(bytes(2, 16 * MiB));
    void ann.channel.send('end');
    await pass(10_000);
    expect(bob.heard).toEqual([`1 x ${64 * KiB}`, `2 x ${16 * MiB}`, 'end']);
    await expect(ann.channel.send(bytes(3, 16 * MiB + 1))).rejects.toMatchObject({ code: 'too_big' });
  });

  it('copies the bytes it sends', async () => {
    const { ann, bob } = await connected();
    const buffer = bytes(1, 10);
    const sent = ann.channel.send(buffer);
    buffer.fill(2);
    await sent;
    await pass(100);
    expect(bob.heard).toEqual(['1 x 10']);
  });

  it('opened twice is the same one, and another one after it was closed', async () => {
    const { pair, ann } = await connected();
    expect(openChannel(pair.bob.it, 'chat')).toBe(ann.channel);
    ann.channel.close();
    expect(openChannel(pair.bob.it, 'chat')).not.toBe(ann.channel);
    expect(() => openChannel(pair.bob.it, '')).toThrow(RangeError);
  });

  it.each([[{ a: 1 }], [undefined], [null], [7], [[1, 2]], [new Blob(['x'])]])(
    'refuses %o, which is neither text nor bytes',
    async (data) => {
      const { ann, bob } = await connected();
      await expect(ann.channel.send(data as unknown as string)).rejects.toThrow(TypeError);
      await ann.channel.send('next');
      await pass(1000);
      expect(bob.heard).toEqual(['next']);
    },
  );

  it('sends at most 1 MiB ahead of what is acknowledged', async () => {
    const { pair, ann, bob } = await connected();
    pair.network.isUp = false;
    const sends = Array.from({ length: 40 }, (_, i) => ann.channel.send(bytes(i, 64 * KiB - 9)));
    const done = await Promise.all(sends.map(isDone));
    expect(done.filter(Boolean)).toHaveLength(16);
    const [channel] = pair.bob.created;
    expect(channel?.sent).toBe(16 * 64 * KiB);
    pair.network.isUp = true;
    await pass(5000);
    await Promise.all(sends);
    expect(bob.heard).toHaveLength(40);
  });

  it('waits for a slow reader, also with a long message behind one that is not read', async () => {
    const { pair, ann, bob } = await connected();
    const reader = bob.channel[Symbol.asyncIterator]();
    const first = reader.next();
    void ann.channel.send('first');
    await pass(100);
    expect((await first).value).toBe('first');
    void ann.channel.send('second');
    const long = ann.channel.send(bytes(3, 4 * MiB));
    await pass(10_000);
    expect(await isDone(long)).toBe(false);
    expect(pair.bob.created[0]?.sent).toBeLessThan(1.2 * MiB);
    expect((await reader.next()).value).toBe('second');
    await pass(10_000);
    expect(await isDone(long)).toBe(true);
    expect(brief((await reader.next()).value!)).toBe(`3 x ${4 * MiB}`);
    await reader.return();
    void ann.channel.send('unread');
    await pass(1000);
    expect(bob.heard.at(-1)).toBe('unread');
  });

  it('ends the loop of its reader when it is closed, and says nothing any more', async () => {
    const pair = new FakePair();
    const [ann, bob] = [side(pair.bob, { overServer: true }), side(pair.ann, { overServer: true })];
    const read: ChannelMessage[] = [];
    await pass(1000);
    const loop = (async () => {
      for await (const message of bob.channel) {
        read.push(message);
      }
    })();
    await ann.channel.send('one');
    await pass(500);
    ann.channel.close();
    bob.channel.close();
    const { said } = pair.ann;
    await loop;
    await pass(1000);
    expect([read, pair.ann.said - said, vi.getTimerCount()]).toEqual([['one'], 0, 0]);
  });

  it('delivers each message once and in order over resets, lost paths and lost messages of the server', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      let state = seed;
      const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
      const pair = new FakePair();
      const options = { overServer: seed % 2 === 0 };
      const sides = [side(pair.bob, options), side(pair.ann, options)] as const;
      const sent: [string[], string[]] = [[], []];
      pair.connect();
      for (let step = 0; step < 60; step++) {
        const from = random(2) as 0 | 1;
        switch (random(6)) {
          case 0:
            pair.reset();
            break;
          case 1:
            pair.lose();
            break;
          case 2:
            pair.connect();
            break;
          case 3:
            [pair.ann, pair.bob][from]!.server = (['deliver', 'lose', 'refuse'] as const)[random(3)]!;
            break;
          default: {
            const data = random(4) === 0 ? bytes(step, 1 + random(200 * KiB)) : `${step}`;
            void sides[from].channel.send(data);
            sent[from].push(typeof data === 'string' ? data : brief(data.buffer));
          }
        }
        await pass(random(3) === 0 ? random(2000) : random(20));
      }
      pair.ann.server = pair.bob.server = 'deliver';
      pair.connect();
      await pass(200_000);
      expect([sides[1].heard, sides[0].heard], `seed ${seed}`).toEqual(sent);
      expect([sides[0].lost, sides[1].lost]).toEqual([[], []]);
    }
  });

  it('goes on after a reset in the middle of a long message', async () => {
    const { pair, ann, bob } = await connected();
    void ann.channel.send(bytes(1, 10 * MiB));
    await pass(30);
    expect(bob.heard).toEqual([]);
    pair.reset();
    await pass(10);
    pair.connect();
    await pass(10_000);
    expect(bob.heard).toEqual([`1 x ${10 * MiB}`]);
  });

  it('opens another data channel in place of one that closes', async () => {
    const { pair, ann, bob } = await connected();
    const [channel] = pair.bob.created;
    channel?.other?.close();
    await pass(10);
    expect([ann.channel.state, pair.bob.created.length]).toEqual(['connecting', 1]);
    void bob.channel.send('after');
    await pass(1500);
    expect(ann.heard).toEqual(['after']);
  });

  it('says how many messages may be lost when the other side begins anew, and sends those not begun', async () => {
    const { pair, ann, bob } = await connected();
    await ann.channel.send('arrived');
    await pass(200);
    pair.network.isUp = false;
    void ann.channel.send('one');
    void ann.channel.send(bytes(2, 3 * MiB));
    void ann.channel.send('kept');
    await pass(10);
    bob.channel.close();
    pair.reset();
    const again = side(pair.ann);
    pair.connect();
    await pass(5000);
    expect(bob.heard).toEqual(['arrived']);
    expect(ann.lost).toEqual([2]);
    expect(again.heard).toEqual(['kept']);
    void again.channel.send('back');
    await pass(100);
    expect(ann.heard).toEqual(['back']);
  });

  it('leaves messages unread that were sent anew while a reader was slow with those before', async () => {
    const { pair, ann, bob } = await connected();
    const reader = bob.channel[Symbol.asyncIterator]();
    const first = reader.next();
    void ann.channel.send('a');
    await pass(100);
    await first;
    void ann.channel.send('b');
    await pass(100);
    ann.channel.close();
    pair.reset();
    const again = side(pair.bob);
    pair.connect();
    await pass(100);
    void again.channel.send('c');
    await pass(100);
    expect((await reader.next()).value).toBe('b');
    await pass(100);
    pair.bob.become('closed');
    expect(again.lost).toEqual([1]);
    expect((await reader.next()).value).toBe('c');
  });

  it('leaves nothing behind when both sides are closed', async () => {
    const { ann, bob } = await connected({ overServer: true });
    void ann.channel.send('one');
    await pass(10);
    ann.channel.close();
    bob.channel.close();
    await pass(10);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is closed when the peer leaves: waiting messages fail, and sent ones may be lost', async () => {
    const { pair, ann } = await connected();
    pair.network.isUp = false;
    void ann.channel.send('one');
    const waiting = ann.channel.send(bytes(1, 3 * MiB)).catch((error: unknown) => error);
    pair.bob.become('closed');
    expect(await waiting).toMatchObject({ code: 'closed' });
    expect(ann.states.at(-1)).toBe('closed left');
    expect(ann.lost).toEqual([2]);
    await expect(ann.channel.send('late')).rejects.toMatchObject({ code: 'closed' });
    expect(openChannel(pair.bob.it, 'late').state).toBe('closed');
    await pass(10);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the parts of a message', () => {
  const part = (seq: number, isLast: boolean) => ({
    seq,
    isLast,
    isText: true,
    payload: new TextEncoder().encode(`${seq}`),
  });

  it('are put together only with those of the same message, and each counts once', () => {
    const inbox = new Inbox();
    expect([inbox.take(part(1, true)), inbox.take(part(0, false)), inbox.take(part(0, true))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(inbox.take(part(1, true))).toBe('01');
    inbox.take(part(2, false));
    inbox.begin(7);
    expect(inbox.take(part(7, true))).toBe('7');
  });

  it('that were not sent are not acknowledged, and those of a message that was begun go with it', async () => {
    const outbox = new Outbox();
    void outbox.add(bytes(1, 3 * MiB), false);
    void outbox.add(bytes(2, 1), false);
    expect([outbox.acknowledge(1e15), outbox.first]).toEqual([false, 0]);
    outbox.give(outbox.frame(0)!);
    expect([outbox.acknowledge(1), outbox.first]).toEqual([true, 1]);
    expect(outbox.dropGiven()).toBe(1);
    expect(outbox.frame(outbox.first)).toMatchObject({ isLast: true, payload: bytes(2, 1) });
    expect(outbox.dropGiven()).toBe(0);
  });
});
