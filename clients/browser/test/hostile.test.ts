// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bench } from './fake-server.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('of a server that breaks the protocol', () => {
  it.each([
    ['a number is left out', { type: 'direct', seq: 3, from: 'bob', data: 1 }],
    ['there is no number', { type: 'direct', from: 'bob', data: 1 }],
    ['the number is a string', { type: 'direct', seq: '1', from: 'bob', data: 1 }],
    ['more was heard than was said', { type: 'received', seq: 1 }],
    ['a second welcome comes', { type: 'welcome', peerId: 'x' }],
    ['a frame is no object', '[]'],
    ['a frame is no JSON', '{'],
    ['a frame is 17 MiB long', JSON.stringify({ type: 'direct', seq: 1, from: 'bob', data: 'x'.repeat(17 << 20) })],
  ])('nothing more is heard when %s, and the client comes back with a new session', async (_, frame) => {
    const bench = new Bench();
    const heard: unknown[] = [];
    bench.client.on('direct', ({ data }) => heard.push(data));
    const socket = await bench.connect();
    socket.says(frame);
    socket.says({ type: 'direct', seq: 1, from: 'bob', data: 2 });
    expect(heard).toEqual([]);
    expect(socket.closedWith).toBe(1000);
    expect(bench.changes.at(-1)).toMatchObject({ to: 'reconnecting', reason: 'broken_server' });
    await bench.pass(5000);
    expect(bench.sockets).toHaveLength(2);
    expect(bench.socket.resume).toBeUndefined();
  });

  it.each([
    ['ASCII', 'x', (1 << 20) + 4000],
    ['characters of three bytes', '\u20ac', 350_000],
  ])('of a server that allows 1 MiB the longest message is read: %s', async (_, character, length) => {
    const bench = new Bench();
    const heard: unknown[] = [];
    bench.client.on('direct', ({ data }) => heard.push(data));
    const socket = await bench.connect();
    const data = character.repeat(length);
    const from = '"'.repeat(128);
    const fromMetadata = { m: 'x'.repeat(4080) };
    socket.says({ type: 'direct', seq: 1, from, fromMetadata, data });
    expect(heard).toEqual([data]);
    expect(bench.client.state).toBe('connected');
    bench.client.close();
  });

  it.each([
    ['resumes what was not offered', { resumed: true, received: 0 }],
    ['has no session', { session: undefined }],
    ['has no resume token', { session: { id: 's1' } }],
  ])('a welcome that %s is refused', async (_, welcome) => {
    const bench = new Bench();
    void bench.client.connect();
    await bench.pass();
    bench.socket.welcome(welcome);
    expect(bench.changes.at(-1)).toMatchObject({ reason: 'broken_server' });
    bench.client.close();
  });

  it('a welcome that resumes another session, or has received less than before, is refused', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    void bench.client.send('bob', 1).catch(() => undefined);
    socket.says({ type: 'received', seq: 1 });
    const next = await bench.drop();
    next.resumes(0);
    expect(bench.changes.at(-1)).toMatchObject({ reason: 'broken_server' });
    bench.client.close();
  });

  it('keys such as __proto__ touch no prototype, and arrive as data', async () => {
    const bench = new Bench();
    const heard: unknown[] = [];
    bench.client.on('direct', ({ data }) => heard.push(data));
    const socket = await bench.connect();
    const joining = bench.client.join('__proto__');
    socket.says({ type: 'ack', seq: 1, requestId: '1' });
    socket.says(
      '{"type":"presence","seq":2,"channel":"__proto__",' +
        '"joined":[{"peerId":"__proto__","metadata":{"__proto__":{"evil":1}}},' +
        '{"peerId":"constructor"}],"left":[],"__proto__":{"evil":1}}',
    );
    socket.says(
      '{"type":"direct","seq":3,"from":"__proto__","data":{"__proto__":{"evil":1}},' +
        '"fromMetadata":{"__proto__":{"evil":1}}}',
    );
    socket.says('{"type":"error","seq":4,"requestId":"__proto__","code":"__proto__"}');
    const room = await joining;
    expect([...room.peers.keys()]).toEqual(['__proto__', 'constructor']);
    expect(JSON.stringify(heard)).toBe('[{"__proto__":{"evil":1}}]');
    expect(({} as Record<string, unknown>).evil).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('evil');
  });

  it.each([
    ['says that it stops and is back at once', [{ type: 'going_away', retryAfterMs: 0 }], 1001],
    ['closes after each welcome', [], 1006],
    ['leaves out numbers', [{ type: 'pong' }, { type: 'direct', seq: 9, from: 'a', data: 1 }], undefined],
  ])('that %s, it sees one try a second at most after the third', async (_, frames, code) => {
    const bench = new Bench();
    const tries: number[] = [];
    void bench.client.connect();
    for (let tenth = 0; tenth < 600; tenth++) {
      await bench.pass(100);
      if (bench.sockets.length > tries.length) {
        tries.push(Date.now());
        bench.socket.welcome();
        frames.forEach((frame) => bench.socket.says(frame));
        if (code !== undefined) {
          bench.socket.ends(code);
        }
      }
    }
    const gaps = tries.slice(1).map((time, i) => time - (tries[i] ?? 0));
    expect(gaps.length).toBeGreaterThan(5);
    expect(Math.min(...gaps.slice(3))).toBeGreaterThanOrEqual(900); // looked at each tenth of a second
  });
});
