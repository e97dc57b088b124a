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

/** Time passes in which this page cannot act: no timer fires. */
function stall(ms: number): void {
  const time = performance.now;
  performance.now = () => time.call(performance) + ms; // until vitest restores the clock
}

const WAKEUPS: [string, () => void][] = [
  ['the network is back', () => frame.dispatchEvent(new Event('online'))],
  ['the page is seen again', () => page.dispatchEvent(new Event('visibilitychange'))],
  ['the page is no longer frozen', () => page.dispatchEvent(new Event('resume'))],
  [
    'the page comes back from the cache',
    () => frame.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })),
  ],
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

  it('that was never asked to connect does not', async () => {
    const bench = new Bench();
    await bench.pass(60_000);
    WAKEUPS.forEach(([, wake]) => wake());
    await bench.pass();
    expect(bench.sockets).toEqual([]);
    expect(bench.client.state).toBe('idle');
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

  it('whose timers slept reads the frames received meanwhile before it takes the server for gone', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    stall(60_000); // as in a frozen tab: time passes, and no timer fires
    await bench.pass(1000);
    expect(socket.said).toEqual([{ type: 'ping' }]);
    stall(60_000);
    await bench.pass(1000);
    socket.says({ type: 'pong' });
    await bench.pass(5000);
    expect(bench.client.state).toBe('connected');
    bench.client.close();
  });

  it('whose timers all come a minute late takes a server that answers nothing for gone with the third', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const lateTimer = async (): Promise<void> => {
      stall(59_000);
      await bench.pass(1000);
    };
    await lateTimer();
    expect(socket.said).toEqual([{ type: 'ping' }]);
    await lateTimer();
    expect(bench.client.state).toBe('connected');
    await lateTimer();
    expect(bench.changes.at(-1)).toMatchObject({ reason: 'silent' });
    bench.client.close();
  });

  it('is not disturbed when the wall clock is set', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    vi.setSystemTime(Date.now() + 3_600_000);
    await bench.pass(5000);
    vi.setSystemTime(Date.now() - 7_200_000);
    await bench.pass(5000);
    expect(socket.said).toEqual([]);
    bench.client.close();
  });

  it('whose page is hidden looks by the timer of a worker, which browsers do not slow down', async () => {
    const workers: { onmessage: (() => void) | null; isOver: boolean }[] = [];
    class FakeWorker {
      onmessage: (() => void) | null = null;
      isOver = false;

      constructor() {
        workers.push(this);
      }

      terminate(): void {
        this.isOver = true;
      }
    }
    vi.stubGlobal('Worker', FakeWorker);
    const bench = new Bench();
    const socket = await bench.connect();
    expect(workers).toEqual([]);
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(workers).toHaveLength(1);
    stall(21_000);
    workers[0]?.onmessage?.();
    expect(socket.said).toEqual([{ type: 'ping' }]);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(workers).toMatchObject([{ isOver: true }]);
    bench.client.close();
  });
});
