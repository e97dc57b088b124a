// SPDX-License-Identifier: Apache-2.0
// Channels over the server, and those with a hostile peer.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelOptions } from '../src/data/index.js';
import { ServerPath } from '../src/data/path.js';
import { bytes, connected, KiB, pass, side } from './channel-sides.js';
import { FakePair } from './fake-pair.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());
vi.setConfig({ testTimeout: 120_000 });

describe('over the server', () => {
  it('what was sent before the other side opened the channel arrives, each after the one before', async () => {
    const pair = new FakePair();
    const ann = side(pair.bob, { overServer: true });
    ['one', 'two', 'three'].forEach((text) => void ann.channel.send(text));
    await pass(3000);
    const bob = side(pair.ann, { overServer: true });
    await pass(500);
    expect(bob.heard).toEqual(['one', 'two', 'three']);
    const { said } = pair.bob;
    ['four', 'five', 'six'].forEach((text) => void ann.channel.send(text));
    await pass(0);
    expect(pair.bob.said - said).toBe(1);
  });

  it('what is under way when the other side begins anew is for the one before', async () => {
    const pair = new FakePair();
    const [ann, bob] = [side(pair.bob, { overServer: true }), side(pair.ann, { overServer: true })];
    await pass(1000);
    void ann.channel.send('one');
    await pass(1);
    bob.channel.close();
    const again = side(pair.ann, { overServer: true });
    await pass(5000);
    void ann.channel.send('two');
    await pass(5000);
    expect([bob.heard, again.heard, ann.lost]).toEqual([[], ['two'], [1]]);
  });

  it('a side that has begun anew gets nothing before it knows where the other one goes on', async () => {
    const pair = new FakePair();
    const ann = side(pair.bob, { overServer: true });
    const said: Record<string, unknown>[] = [];
    pair.ann.on('own-message', ({ data }) => said.push(data as Record<string, unknown>));
    const greets = async (fields: object): Promise<void> => {
      pair.bob.tell('own-message', { data: { label: 'chat', first: 0, received: 0, read: 0, asks: false, ...fields } });
      await pass(200);
    };
    await pass(200);
    const { hello: to } = said[0]!;
    await greets({ hello: 'b1', to });
    void ann.channel.send('one');
    await pass(200);
    expect(said.at(-1)).toMatchObject({ seq: 0 });
    await greets({ hello: 'b2', to });
    void ann.channel.send('two');
    await pass(200);
    expect(said.at(-1)).toMatchObject({ hello: to, to: 'b2', first: 1, asks: true });
    await greets({ hello: 'b2', to, received: 1 });
    expect(said.at(-1)).toMatchObject({ seq: 1 });
    expect(ann.lost).toEqual([1]);
  });

  it('messages of up to 32 KiB arrive before there is a path, and nothing twice when there is one', async () => {
    const pair = new FakePair();
    const [ann, bob] = [side(pair.bob, { overServer: true }), side(pair.ann, { overServer: true })];
    await pass(1000);
    void ann.channel.send('one');
    void ann.channel.send(bytes(2, 32 * KiB));
    void bob.channel.send('hello');
    await pass(1000);
    expect(bob.heard).toEqual(['one', `2 x ${32 * KiB}`]);
    expect(ann.heard).toEqual(['hello']);
    void ann.channel.send(bytes(3, 32 * KiB + 1));
    void ann.channel.send('behind');
    await pass(1000);
    expect(bob.heard).toHaveLength(2);
    pair.connect();
    await pass(1000);
    expect(bob.heard.slice(2)).toEqual([`3 x ${32 * KiB + 1}`, 'behind']);
    const { said } = pair.bob;
    void ann.channel.send('direct');
    await pass(10_000);
    expect(bob.heard.at(-1)).toBe('direct');
    expect(pair.bob.said).toBe(said);
  });

  it('messages go on while the path is lost', async () => {
    const { pair, ann, bob } = await connected({ overServer: true });
    pair.lose();
    void ann.channel.send('meanwhile');
    await pass(2000);
    expect(bob.heard).toEqual(['meanwhile']);
    pair.connect();
    void ann.channel.send('afterwards');
    await pass(2000);
    expect(bob.heard).toEqual(['meanwhile', 'afterwards']);
  });

  it.each(['lose', 'refuse'] as const)('what the server does not deliver (%s) is sent again', async (server) => {
    const pair = new FakePair();
    const [ann, bob] = [side(pair.bob, { overServer: true }), side(pair.ann, { overServer: true })];
    await pass(1000);
    pair.bob.server = server;
    void ann.channel.send('one');
    await pass(100);
    pair.bob.server = 'deliver';
    void ann.channel.send('two');
    await pass(12_000);
    expect(bob.heard).toEqual(['one', 'two']);
  });

  it('what controls the channel goes ahead of a message that is sent after it', async () => {
    const pair = new FakePair();
    const said: object[] = [];
    pair.ann.on('own-message', ({ data }) => said.push(data as object));
    const party = { onOpen: vi.fn(), onRoom: vi.fn(), onControl: vi.fn(), onFrame: vi.fn(), onFail: vi.fn() };
    const path = new ServerPath(pair.bob.it, 'chat', party);
    path.control({ read: 1 });
    path.send({ seq: 0, isText: true, isLast: true, payload: bytes(65, 1) });
    await pass(1000);
    expect(said).toEqual([
      { label: 'chat', read: 1 },
      { label: 'chat', seq: 0, isText: true, payload: 'QQ==' },
    ]);
  });

  it('a server that refuses everything is asked rarely', async () => {
    const { pair, ann } = await connected({ overServer: true });
    pair.bob.server = 'refuse';
    pair.lose();
    const { said } = pair.bob;
    void ann.channel.send('one');
    await pass(60_000);
    expect(pair.bob.said - said).toBeLessThan(30);
  });

  it('a side that waits for the other one to open the channel greets more and more rarely', async () => {
    const pair = new FakePair();
    side(pair.bob, { overServer: true });
    await pass(600_000);
    expect(pair.bob.said).toBeLessThan(25);
  });
});

describe('a hostile peer', () => {
  const frame = (seq: number, flags: number, size: number): Uint8Array<ArrayBuffer> => {
    const all = new Uint8Array(9 + size);
    all[0] = flags;
    new DataView(all.buffer).setFloat64(1, seq);
    return all;
  };

  /** A channel that is open, and the other end of its data channel, which the test speaks for. */
  async function attacked(options?: ChannelOptions) {
    const { pair, ann, bob } = await connected(options);
    return { pair, bob, end: pair.bob.created[0]!, ann };
  }

  it('that sends what is no frame, or leaves a gap, changes nothing', async () => {
    const { bob, end } = await attacked();
    end.send('{');
    end.send('[]');
    end.send('x'.repeat(2000));
    end.send(JSON.stringify({ read: 1e15 }));
    end.send(JSON.stringify({ hello: 'no id!', first: 9 }));
    end.send(new Uint8Array(3));
    end.send(frame(Number.NaN, 3, 1));
    end.send(frame(-1, 3, 1));
    end.send(frame(5, 3, 1));
    end.send(frame(0, 1, 1)); // a part that is too short
    await pass(100);
    expect([bob.heard, bob.channel.state]).toEqual([[], 'open']);
    end.send(frame(0, 3, 0));
    end.send(frame(0, 3, 0));
    await pass(100);
    expect(bob.heard).toEqual(['']);
  });

  it('that never ends a message is cut off at 16 MiB', async () => {
    const { bob, end } = await attacked();
    for (let i = 0; i < 258; i++) {
      end.send(frame(i, 0, 64 * KiB - 9));
    }
    await pass(100);
    expect(bob.states.at(-1)).toBe('closed broken_peer');
  });

  it('that does not wait for a reader is cut off', async () => {
    const { bob, end } = await attacked();
    const reader = bob.channel[Symbol.asyncIterator]();
    void reader.next();
    for (let i = 0; i < 320; i++) {
      end.send(frame(i, 2, 64 * KiB - 9));
    }
    await pass(100);
    expect(bob.states.at(-1)).toBe('closed broken_peer');
  });

  it('that sends empty messages without end to a slow reader is cut off', async () => {
    const { bob, end } = await attacked();
    void bob.channel[Symbol.asyncIterator]().next();
    for (let i = 0; i < 300_000; i++) {
      end.other?.receive(frame(i, 3, 0));
    }
    expect(bob.states.at(-1)).toBe('closed broken_peer');
  });

  it('that greets all the time makes this side say little over the server', async () => {
    const { pair, bob } = await attacked({ overServer: true });
    const { said } = pair.ann;
    for (let i = 0; i < 1000; i++) {
      pair.ann.tell('own-message', { data: { label: 'chat', hello: `other-${i}`, asks: true } });
    }
    await pass(1000);
    expect(pair.ann.said - said).toBeLessThan(12);
    expect(bob.lost).toEqual([]);
  });
});
