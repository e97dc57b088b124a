// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ParleyError } from '../src/index.js';
import { Bench } from './fake-server.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const settled = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: ParleyError) => error.code,
  );

describe('a client', () => {
  it('offers the session protocol, plain v1 and its credential, and puts none in the URL', async () => {
    const bench = new Bench();
    await bench.connect();
    expect(bench.socket.url).toBe('wss://parley.example.com/v1');
    expect(bench.socket.offered).toEqual(['parley.v1', 'v1', 'key.pk']);
  });

  it('numbers its requests from 1 without a gap, and asks for an answer each', async () => {
    const bench = new Bench();
    const first = bench.client.send('bob', 1);
    await bench.connect();
    const second = bench.client.publish('room', { two: 2 });
    expect(bench.socket.said).toEqual([
      { type: 'send', to: 'bob', data: 1, seq: 1, requestId: '1' },
      { type: 'publish', channel: 'room', data: { two: 2 }, seq: 2, requestId: '2' },
    ]);
    bench.socket.says({ type: 'ack', seq: 1, requestId: '1' });
    bench.socket.says({ type: 'error', seq: 2, requestId: '2', code: 'action_not_permitted' });
    expect(await settled(first)).toBe('done');
    expect(await settled(second)).toBe('action_not_permitted');
  });

  it('resumes with the last token and the last number it acted on, and forgets what was heard', async () => {
    const bench = new Bench();
    const first = await bench.connect();
    const requests = [1, 2, 3].map((data) => bench.client.send('bob', data));
    first.says({ type: 'ack', seq: 1, requestId: '1' });
    const next = await bench.drop();
    expect(next.resume).toBe('t1.1');
    next.resumes(2);
    expect(next.said).toEqual([
      { type: 'received', seq: 1 },
      { type: 'send', to: 'bob', data: 3, seq: 3, requestId: '3' },
    ]);
    next.says({ type: 'ack', seq: 2, requestId: '2' });
    next.says({ type: 'ack', seq: 3, requestId: '3' });
    expect(await Promise.all(requests.map(settled))).toEqual(['done', 'done', 'done']);
    const third = await bench.drop();
    expect(third.resume).toBe('t2.3');
    expect(bench.changes.map(({ to, reason }) => `${to} ${reason}`)).toEqual([
      'connecting called',
      'connected welcome',
      'reconnecting lost',
      'connected resumed',
      'reconnecting lost',
    ]);
  });

  it('keeps requests while it is not connected, in order, and bounded', async () => {
    const bench = new Bench();
    await bench.connect();
    const next = bench.drop();
    const requests = Array.from({ length: 1001 }, (_, data) => settled(bench.client.send('bob', data)));
    (await next).resumes(0);
    expect(bench.socket.ofType('send').map(({ data }) => data)).toEqual(
      Array.from({ length: 1000 }, (_, data) => data),
    );
    expect(await requests.at(-1)).toBe('queue_full');
    bench.client.close();
    expect(await requests[0]).toBe('closed');
  });

  it('tells what may not have been heard when the session is lost, and says what was not said', async () => {
    const bench = new Bench();
    const losses: unknown[] = [];
    bench.client.on('session-lost', (loss) => losses.push(loss));
    await bench.connect();
    const said = bench.client.send('bob', 'said');
    const next = bench.drop();
    const unsaid = bench.client.send('bob', 'unsaid');
    (await next).welcome({
      reason: 'state_lost',
      session: { id: 's2', resumeToken: 'u1', windowMs: 120_000, ghostMs: 1 },
    });
    expect(await settled(said)).toBe('session_lost');
    expect(bench.socket.ofType('send')).toEqual([{ type: 'send', to: 'bob', data: 'unsaid', seq: 1, requestId: '2' }]);
    bench.socket.says({ type: 'ack', seq: 1, requestId: '2' });
    expect(await settled(unsaid)).toBe('done');
    expect(losses).toEqual([{ reason: 'state_lost', keptPeerId: true }]);
  });

  it('tells the server what arrived, a second after it did or after 64 frames', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    for (let seq = 1; seq <= 65; seq++) {
      socket.says({ type: 'direct', seq, from: 'bob', data: seq });
    }
    expect(socket.ofType('received')).toEqual([{ type: 'received', seq: 64 }]);
    await bench.pass(1000);
    expect(socket.ofType('received').at(-1)).toEqual({ type: 'received', seq: 65 });
    await bench.pass(5000);
    expect(socket.ofType('received')).toHaveLength(2);
  });

  it.each([
    ['one byte', 'x', 65_000],
    ['three bytes', '\u20ac', 21_000],
  ])('acknowledges at the latest after 256 KiB of characters of %s', async (_, character, length) => {
    const bench = new Bench();
    const socket = await bench.connect();
    let unacknowledged = 0;
    for (let seq = 1; seq <= 40; seq++) {
      const frame = JSON.stringify({ type: 'direct', seq, from: 'bob', data: character.repeat(length) });
      const before = socket.ofType('received').length;
      socket.says(frame);
      unacknowledged += Buffer.byteLength(frame);
      if (socket.ofType('received').length > before) {
        expect(socket.ofType('received').at(-1)).toEqual({ type: 'received', seq });
        unacknowledged = 0;
      }
      expect(unacknowledged).toBeLessThan(256 * 1024);
    }
    bench.client.close();
  });

  it('counts frames and bytes anew after each acknowledgement', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    socket.says({ type: 'direct', seq: 1, from: 'bob', data: 'x'.repeat(90_000) });
    expect(socket.ofType('received')).toEqual([{ type: 'received', seq: 1 }]);
    socket.says({ type: 'direct', seq: 2, from: 'bob', data: 'x'.repeat(50_000) });
    const next = await bench.drop();
    next.resumes(0);
    next.says({ type: 'direct', seq: 3, from: 'bob', data: 'x'.repeat(50_000) });
    expect(next.ofType('received')).toEqual([{ type: 'received', seq: 2 }]);
    next.says({ type: 'direct', seq: 4, from: 'bob', data: 'x'.repeat(50_000) });
    expect(next.ofType('received').at(-1)).toEqual({ type: 'received', seq: 4 });
    bench.client.close();
  });

  it('acts on nothing twice', async () => {
    const bench = new Bench();
    const heard: unknown[] = [];
    bench.client.on('direct', ({ data }) => heard.push(data));
    const socket = await bench.connect();
    socket.says({ type: 'direct', seq: 1, from: 'bob', data: 'a' });
    const next = await bench.drop();
    next.resumes(0);
    next.says({ type: 'direct', seq: 1, from: 'bob', data: 'a' });
    next.says({ type: 'direct', seq: 2, from: 'bob', data: 'b' });
    expect(heard).toEqual(['a', 'b']);
  });

  it('says what it got, and leaves with 1000', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    socket.says({ type: 'direct', seq: 1, from: 'bob', data: 'a' });
    const open = bench.client.send('bob', 1);
    bench.client.close();
    expect(socket.said.at(-1)).toEqual({ type: 'received', seq: 1 });
    expect(socket.closedWith).toBe(1000);
    expect(await settled(open)).toBe('closed');
    expect(await settled(bench.client.send('bob', 2))).toBe('closed');
    await bench.pass(60_000);
    expect(bench.sockets).toHaveLength(1);
  });

  it('speaks plain v1 with a server that has no sessions', async () => {
    const bench = new Bench();
    void bench.client.connect();
    await bench.pass();
    bench.socket.protocol = 'v1';
    bench.socket.says({ type: 'welcome', peerId: 'a', expiresAt: null, serverTime: 1, maxMessageSize: 65_536 });
    const lost = bench.client.send('bob', 1);
    expect(bench.socket.said).toEqual([{ type: 'send', to: 'bob', data: 1, requestId: '1' }]);
    const next = await bench.drop();
    expect(next.resume).toBeUndefined();
    next.protocol = 'v1';
    next.says({ type: 'welcome', peerId: 'b', expiresAt: null, serverTime: 1, maxMessageSize: 65_536 });
    expect(await settled(lost)).toBe('session_lost');
    expect(next.said).toEqual([]);
  });

  it('refuses what is larger than the server takes', async () => {
    const bench = new Bench();
    await bench.connect();
    expect(await settled(bench.client.send('bob', 'ü'.repeat(32_768)))).toBe('too_big');
    const fits = bench.client.send('bob', 'ü'.repeat(32_767));
    expect(bench.socket.said).toHaveLength(1);
    bench.client.close();
    await settled(fits);
  });
});

describe('what would be refused again and again', () => {
  it('and was said before the size was known, is refused by the client', async () => {
    const bench = new Bench();
    const before = bench.client.send('bob', 'before');
    const big = settled(bench.client.send('bob', 'x'.repeat(70_000)));
    const after = bench.client.send('bob', 'after');
    await bench.connect();
    expect(await big).toBe('too_big');
    expect(bench.socket.said.map(({ seq, data }) => [seq, data])).toEqual([
      [1, 'before'],
      [2, 'after'],
    ]);
    bench.client.close();
    expect(await Promise.all([before, after].map(settled))).toEqual(['closed', 'closed']);
  });

  it('and got 1009, is not said again', async () => {
    const bench = new Bench();
    await bench.connect();
    const big = settled(bench.client.send('bob', 1));
    bench.socket.ends(1009);
    await bench.pass(3000);
    expect(bench.socket.resume).toBeUndefined();
    bench.socket.welcome();
    expect(await big).toBe('session_lost');
    expect(bench.socket.ofType('send')).toEqual([]);
  });
});

it('a client that was closed says so to who wants to connect it', async () => {
  const bench = new Bench();
  bench.client.close();
  expect(await settled(bench.client.connect())).toBe('closed');
  expect(await settled(bench.client.join('r'))).toBe('closed');
  expect(bench.sockets).toEqual([]);
});

it('a client waits longer for an answer behind the largest message of a server that allows 1 MiB', async () => {
  const bench = new Bench();
  void bench.client.connect();
  await bench.pass();
  bench.socket.welcome({ maxMessageSize: 1 << 20 });
  await bench.pass();
  const sending = settled(bench.client.send('bob', 1));
  await bench.pass(16_000); // a frame of 1 MiB is on its way, on half a megabit per second
  expect(bench.socket.ofType('ping')).toHaveLength(1);
  expect(bench.client.state).toBe('connected');
  bench.socket.says({ type: 'ack', seq: 1, requestId: '1' });
  expect(await sending).toBe('done');
  bench.client.close();
});

describe('a client of a server that is gone', () => {
  it('notices within half a minute that nobody answers, and sooner when it waits for an answer', async () => {
    const bench = new Bench();
    await bench.connect();
    await bench.pass(27_000);
    expect(bench.changes.at(-1)).toMatchObject({ to: 'reconnecting', reason: 'silent' });
    await bench.pass(100);
    bench.socket.resumes(0);
    const open = bench.client.send('bob', 1);
    await bench.pass(11_000);
    expect(bench.changes.at(-1)).toMatchObject({ to: 'reconnecting', reason: 'silent' });
    bench.client.close();
    await settled(open);
  });

  it('stays where the server answers', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    for (let second = 0; second < 300; second++) {
      await bench.pass(1000);
      if (socket.said.at(-1)?.type === 'ping') {
        socket.said.pop();
        socket.says({ type: 'pong' });
      }
    }
    expect(bench.sockets).toHaveLength(1);
  });

  it('tries again at most 3 s after each try while its session waits, later less often, always at random', async () => {
    const bench = new Bench();
    await bench.connect();
    const pauses: number[] = [];
    bench.client.on('state-change', ({ retryInMs }) => pauses.push(retryInMs ?? 0));
    await bench.pass(11_000);
    for (let i = 0; i < 20; i++) {
      bench.socket.ends();
      await bench.pass(3100);
    }
    expect(pauses[0]).toBeLessThan(100);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(3000);
    expect(Math.min(...pauses.slice(3))).toBeGreaterThanOrEqual(1000);
    expect(new Set(pauses).size).toBeGreaterThan(10);
    await bench.pass(120_000);
    bench.socket.ends();
    expect(pauses.at(-1)).toBeGreaterThan(10_000);
  });

  it('gives up a try that the server does not welcome', async () => {
    const bench = new Bench();
    void bench.client.connect();
    await bench.pass(10_000);
    expect(bench.changes.at(-1)).toMatchObject({ from: 'connecting', to: 'connecting', reason: 'unreachable' });
    await bench.pass(10_000);
    expect(bench.sockets.length).toBeGreaterThan(1);
  });

  it.each([4001, 4003, 4012, 4020, 4501])('does not come back after %i', async (code) => {
    const bench = new Bench();
    await bench.connect();
    bench.socket.ends(code);
    await bench.pass(120_000);
    expect(bench.changes.at(-1)).toMatchObject({ to: 'closed', code });
    expect(bench.sockets).toHaveLength(1);
  });

  it('reconnects with the next token after 4002, and closes without one', async () => {
    const tokens = ['a', 'b'];
    const bench = new Bench({ tokenProvider: () => tokens.shift() ?? 'none' });
    await bench.connect();
    const next = await bench.drop(4002);
    expect(next.offered).toContain('bearer.b');
    const other = new Bench({ token: 'only' });
    await other.connect();
    other.socket.ends(4002);
    expect(other.changes.at(-1)).toMatchObject({ to: 'closed', reason: 'token_expired', code: 4002 });
  });

  it('comes back when the server that stops says so', async () => {
    const bench = new Bench();
    await bench.connect();
    bench.socket.says({ type: 'going_away', retryAfterMs: 5000 });
    bench.socket.ends(1001);
    expect(bench.changes.at(-1)).toMatchObject({ reason: 'going_away', code: 1001 });
    expect(bench.changes.at(-1)?.retryInMs).toBeGreaterThanOrEqual(5000);
    await bench.pass(4900);
    expect(bench.sockets).toHaveLength(1);
    await bench.pass(1500);
    expect(bench.sockets).toHaveLength(2);
  });
});

describe('a token', () => {
  it('is followed by the next one before it ends, on the same connection', async () => {
    const tokens = ['a', 'b', 'c'];
    const bench = new Bench({ tokenProvider: () => Promise.resolve(tokens.shift() ?? 'none') });
    void bench.client.connect();
    await bench.pass();
    bench.socket.welcome({ expiresAt: 1_790_000_600 });
    await bench.pass();
    for (let second = 0; second < 541; second++) {
      await bench.pass(1000);
      if (bench.socket.said.at(-1)?.type === 'ping') {
        bench.socket.says({ type: 'pong' });
      }
    }
    expect(bench.socket.ofType('refresh')).toEqual([{ type: 'refresh', token: 'b', seq: 1, requestId: '1' }]);
    bench.socket.says({ type: 'ack', seq: 1, requestId: '1', expiresAt: 1_790_001_200 });
    expect(bench.sockets).toHaveLength(1);
  });

  it('that the provider does not return is asked for again, and reported', async () => {
    let isThere = false;
    const bench = new Bench({ tokenProvider: () => (isThere ? 'a' : Promise.reject(new Error('no'))) });
    const errors: unknown[] = [];
    bench.client.on('error', ({ error }) => errors.push(error));
    void bench.client.connect();
    await bench.pass(500);
    expect(bench.changes.at(-1)).toMatchObject({ reason: 'token_failed' });
    isThere = true;
    await bench.pass(5000);
    expect(errors.length).toBeGreaterThan(0);
    expect(bench.socket.offered).toContain('bearer.a');
  });
});
