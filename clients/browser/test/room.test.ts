// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ParleyError, Room } from '../src/index.js';
import { Bench, type FakeSocket } from './fake-server.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const entry = (peerId: string): object => ({ peerId, metadata: { name: peerId.toUpperCase() } });

/** The answer to a join, and the roster. */
function admit(socket: FakeSocket, seq: number, ...peers: string[]): void {
  const subscribe = socket.ofType('subscribe').at(-1);
  socket.says({ type: 'ack', seq, requestId: subscribe?.requestId });
  socket.says({ type: 'presence', seq: seq + 1, channel: 'r', joined: peers.map(entry), left: [] });
}

function follow(room: Room | undefined): string[] {
  const events: string[] = [];
  room?.on('peer-joined', ({ peer }) => events.push(`+${peer.id}`));
  room?.on('peer-left', ({ peer }) => events.push(`-${peer.id}`));
  room?.on('peer-changed', ({ peer }) => events.push(`${peer.id} ${peer.isAway ? 'away' : 'back'}`));
  return events;
}

describe('a room', () => {
  it('knows who is in it, and hears who comes and goes', async () => {
    const bench = new Bench();
    const joining = bench.client.join('r');
    const events = follow(bench.client.rooms.get('r'));
    const socket = await bench.connect();
    admit(socket, 1, 'ann', 'bob');
    const room = await joining;
    expect(room.peers.get('ann')).toEqual({ id: 'ann', isAway: false, metadata: { name: 'ANN' } });
    socket.says({ type: 'presence', seq: 3, channel: 'r', joined: [entry('cat')], left: [{ peerId: 'ann' }] });
    socket.says({ type: 'reconnecting', seq: 4, channel: 'r', peers: ['bob'] });
    socket.says({ type: 'reconnected', seq: 5, channel: 'r', peers: ['bob'] });
    socket.says({ type: 'presence', seq: 6, channel: 'other', joined: [entry('dan')], left: [] });
    expect(events).toEqual(['+ann', '+bob', '-ann', '+cat', 'bob away', 'bob back']);
    expect(await bench.client.join('r')).toBe(room);
  });

  it('sees nobody leave when its session is resumed', async () => {
    const bench = new Bench();
    void bench.client.join('r');
    const events = follow(bench.client.rooms.get('r'));
    admit(await bench.connect(), 1, 'ann');
    const next = await bench.drop();
    next.resumes(1);
    await bench.pass(60_000);
    expect(next.ofType('subscribe')).toEqual([]);
    expect(events).toEqual(['+ann']);
  });

  it('sees only those leave who do not come back in time when the server was started again', async () => {
    const bench = new Bench();
    void bench.client.join('r');
    const events = follow(bench.client.rooms.get('r'));
    admit(await bench.connect(), 1, 'ann', 'bob', 'cat');
    const next = await bench.drop();
    next.welcome({ reason: 'state_lost', session: { id: 's2', resumeToken: 'u', windowMs: 1, ghostMs: 1 } });
    admit(next, 1, 'ann');
    await bench.pass(5000);
    next.says({ type: 'presence', seq: 3, channel: 'r', joined: [entry('bob')], left: [] });
    next.says({ type: 'pong' });
    expect(events).toEqual(['+ann', '+bob', '+cat', 'bob away', 'cat away', 'bob back']);
    for (let i = 0; i < 4; i++) {
      await bench.pass(5000);
      next.says({ type: 'pong' });
    }
    expect(events.at(-1)).toBe('-cat');
  });

  it('hears of other metadata of who comes back with it', async () => {
    const bench = new Bench();
    void bench.client.join('r');
    admit(await bench.connect(), 1, 'ann', 'bob');
    const changed: unknown[] = [];
    bench.client.rooms.get('r')?.on('peer-changed', ({ peer }) => changed.push(peer));
    const next = await bench.drop();
    next.welcome({ reason: 'state_lost', session: { id: 's2', resumeToken: 'u', windowMs: 1, ghostMs: 1 } });
    next.says({ type: 'ack', seq: 1, requestId: next.ofType('subscribe')[0]?.requestId });
    const renamed = { peerId: 'ann', metadata: { name: 'Anna' } };
    next.says({ type: 'presence', seq: 2, channel: 'r', joined: [renamed, entry('bob')], left: [] });
    expect(changed).toEqual([{ id: 'ann', isAway: false, metadata: { name: 'Anna' } }]);
    bench.client.close();
  });

  it('sees who has left when its session had ended, as all others saw it leave', async () => {
    const bench = new Bench();
    void bench.client.join('r');
    const events = follow(bench.client.rooms.get('r'));
    const losses: unknown[] = [];
    bench.client.rooms.get('r')?.on('rejoining', (loss) => losses.push(loss));
    admit(await bench.connect(), 1, 'ann', 'bob');
    const next = await bench.drop();
    next.welcome({
      reason: 'expired',
      peerId: 'other',
      session: { id: 's2', resumeToken: 'u', windowMs: 1, ghostMs: 1 },
    });
    admit(next, 1, 'bob');
    await bench.pass(1500);
    expect(events).toEqual(['+ann', '+bob', '-ann']);
    expect(losses).toEqual([{ reason: 'expired', keptPeerId: false }]);
  });

  it('hears nothing of what it heard before it was left, when it is entered again', async () => {
    const bench = new Bench();
    const first = bench.client.join('r');
    const socket = await bench.connect();
    admit(socket, 1, 'ann');
    (await first).leave();
    const second = bench.client.join('r');
    const events = follow(bench.client.rooms.get('r'));
    socket.says({ type: 'presence', seq: 3, channel: 'r', joined: [entry('late')], left: [] });
    socket.says({ type: 'ack', seq: 4, requestId: socket.ofType('unsubscribe')[0]?.requestId });
    admit(socket, 5, 'ann');
    expect([...(await second).peers.keys()]).toEqual(['ann']);
    expect(events).toEqual(['+ann']);
  });

  it('that does not let in says why, and can be tried again', async () => {
    const bench = new Bench();
    const joining = bench.client.join('r').catch((error: ParleyError) => error.code);
    const socket = await bench.connect();
    socket.says({ type: 'error', seq: 1, requestId: socket.said.at(-1)?.requestId, code: 'channel_full' });
    expect(await joining).toBe('channel_full');
    expect(bench.client.rooms.size).toBe(0);
    const again = bench.client.join('r');
    admit(socket, 2);
    expect((await again).peers.size).toBe(0);
  });

  it('tells when the key does not cover it any more', async () => {
    const bench = new Bench();
    const joining = bench.client.join('r');
    const socket = await bench.connect();
    admit(socket, 1);
    const reasons: string[] = [];
    (await joining).on('left', ({ reason }) => reasons.push(reason));
    socket.says({ type: 'error', seq: 3, channel: 'r', code: 'channel_not_authorized' });
    expect(reasons).toEqual(['channel_not_authorized']);
  });

  it('is entered in time where nobody may see who is in it', async () => {
    const bench = new Bench();
    const joining = bench.client.join('r');
    const socket = await bench.connect();
    socket.says({ type: 'ack', seq: 1, requestId: socket.said.at(-1)?.requestId });
    await bench.pass(1500);
    expect((await joining).peers.size).toBe(0);
  });

  it('is not disturbed by a handler that throws, which is reported', async () => {
    const bench = new Bench();
    const joining = bench.client.join('r');
    const socket = await bench.connect();
    const events: unknown[] = [];
    bench.client.rooms.get('r')?.on('peer-joined', () => {
      throw new Error('mine');
    });
    bench.client.rooms.get('r')?.on('peer-joined', ({ peer }) => events.push(peer.id));
    admit(socket, 1, 'ann');
    expect(events).toEqual(['ann']);
    await expect(bench.pass()).rejects.toThrow('mine');
    expect((await joining).peers.size).toBe(1);
  });
});
