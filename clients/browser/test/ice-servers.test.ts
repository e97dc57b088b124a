// SPDX-License-Identifier: Apache-2.0
// Where ICE servers with new credentials come from, and when.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Call, type ParleyError } from '../src/index.js';
import { Bench } from './fake-server.js';

const NOW = 1_790_000_000; // what the server's clock shows, in seconds

beforeEach(() => void vi.useFakeTimers({ now: (NOW + 86_400) * 1000 })); // the clock of this device is a day ahead
afterEach(() => void vi.useRealTimers());

const turn = (end: number): object => ({ urls: ['turn:turn.example.com'], username: `${end}:x`, credential: 'y' });

describe('ICE servers with new credentials', () => {
  it('come over the socket', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const refreshing = bench.client.refreshIceServers();
    expect(socket.said).toEqual([{ type: 'ice_servers', seq: 1, requestId: '1' }]);
    socket.says({ type: 'ack', seq: 1, requestId: '1', iceServers: [turn(NOW + 60)], expiresAt: NOW + 60 });
    expect(await refreshing).toBe((NOW + 60) * 1000);
    expect(bench.client.iceServers).toEqual([turn(NOW + 60)]);
  });

  it('do not come from a server that knows no such request', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const refreshing = bench.client.refreshIceServers().catch((error: ParleyError) => error.code);
    socket.says({ type: 'error', seq: 1, requestId: '1', code: 'unknown_type' });
    expect(await refreshing).toBe('unknown_type');
  });

  it('are asked for by the clock of the server, whatever that of the device shows', async () => {
    const bench = new Bench();
    new Call(bench.client).join('r').catch(() => undefined);
    void bench.client.connect();
    await bench.pass();
    bench.socket.welcome({ serverTime: NOW, metadata: { iceServers: [turn(NOW + 3600)] } });
    const asked = (): number => bench.socket.ofType('ice_servers').length;
    let answered = 0;
    const interval = setInterval(
      () => bench.socket.ofType('ping').length > answered && ++answered && bench.socket.says({ type: 'pong' }),
      500,
    );
    await bench.pass(2_990_000);
    expect(asked()).toBe(0);
    await bench.pass(20_000);
    expect(asked()).toBe(1);
    clearInterval(interval);
    bench.client.close();
  });
});
