// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bench } from './fake-server.js';

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const frame = new EventTarget();

beforeEach(() => {
  vi.useFakeTimers({ now: 1_790_000_000_000 });
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', frame.addEventListener.bind(frame));
  vi.stubGlobal('removeEventListener', frame.removeEventListener.bind(frame));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const WAKEUPS: [string, () => void][] = [
  ['the network is back', () => frame.dispatchEvent(new Event('online'))],
  ['the page is seen again', () => page.dispatchEvent(new Event('visibilitychange'))],
  ['the page is no longer frozen', () => page.dispatchEvent(new Event('resume'))],
  ['the page comes back from the cache', () => frame.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))],
];

describe('a client', () => {
  it.each(WAKEUPS)('that waits to try again tries at once when %s', async (_, wake) => {
    const bench = new Bench();
    void bench.client.connect();
    await bench.pass();
    for (let i = 0; i < 8; i++) {
      bench.socket.ends();
      await bench.pass(bench.changes.at(-1)?.retryInMs);
    }
    bench.socket.ends();
    expect(bench.changes.at(-1)?.retryInMs).toBeGreaterThan(10_000);
    const tries = bench.sockets.length;
    await bench.pass(2000);
    wake();
    await bench.pass();
    expect(bench.sockets).toHaveLength(tries + 1);
    bench.client.close();
  });

  it.each(WAKEUPS)('that is connected asks whether the server is there when %s', async (_, wake) => {
    const bench = new Bench();
    const socket = await bench.connect();
    wake();
    expect(socket.said).toEqual([{ type: 'ping' }]);
    await bench.pass(7000);
    expect(bench.changes.at(-1)).toMatchObject({ reason: 'silent' });
    bench.client.close();
  });

  it('that is closed does nothing any more, and one whose page is hidden or just loaded neither', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    frame.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    page.visibilityState = 'visible';
    bench.client.close();
    WAKEUPS.forEach(([, wake]) => wake());
    await bench.pass(60_000);
    expect(socket.ofType('ping')).toEqual([]);
    expect(bench.sockets).toHaveLength(1);
  });

  it('whose timers slept hears what came meanwhile before it takes the server for gone', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    vi.setSystemTime(Date.now() + 60_000); // as in a frozen tab: time passes, and no timer fires
    await bench.pass(1000);
    expect(socket.said).toEqual([{ type: 'ping' }]);
    vi.setSystemTime(Date.now() + 60_000);
    await bench.pass(1000);
    socket.says({ type: 'pong' });
    await bench.pass(5000);
    expect(bench.client.state).toBe('connected');
    bench.client.close();
  });
});
