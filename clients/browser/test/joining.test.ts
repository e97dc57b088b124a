// SPDX-License-Identifier: Apache-2.0
// How a call begins and ends.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Call, type ParleyError } from '../src/index.js';
import { FakePeerConnection, fakeTrack } from './fake-peer-connection.js';
import { Bench, type FakeSocket } from './fake-server.js';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_790_000_000_000 });
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  FakePeerConnection.all.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const code = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: ParleyError) => error.code,
  );

/** Answers the latest request to enter a room; without an error code with a roster of these peers. */
function answer(socket: FakeSocket, seq: number, error?: string, ...peers: string[]): void {
  const requestId = socket.ofType('subscribe').at(-1)?.requestId;
  if (error !== undefined) {
    socket.says({ type: 'error', seq, requestId, code: error });
    return;
  }
  socket.says({ type: 'ack', seq, requestId });
  socket.says({ type: 'presence', seq: seq + 1, channel: 'r', joined: peers.map((peerId) => ({ peerId })), left: [] });
}

describe('a call', () => {
  it('that was left before it was joined joins nothing', async () => {
    const bench = new Bench();
    const call = new Call(bench.client);
    call.leave();
    expect(await code(call.join('r'))).toBe('closed');
    expect(bench.client.rooms.size).toBe(0);
    expect(bench.client.state).toBe('idle');
  });

  it('that was left while it was being joined is not joined', async () => {
    const bench = new Bench();
    const call = new Call(bench.client);
    const joining = code(call.join('r'));
    call.leave();
    expect(await joining).toBe('closed');
    expect(await code(call.join('r'))).toBe('closed');
    expect(bench.client.rooms.size).toBe(0);
  });

  it('that was refused can be joined again, and sends what was added before', async () => {
    const bench = new Bench();
    const call = new Call(bench.client);
    call.addTrack(fakeTrack('track'));
    const socket = await bench.connect();
    const first = code(call.join('r'));
    answer(socket, 1, 'channel_full');
    expect(await first).toBe('channel_full');
    const second = code(call.join('r'));
    answer(socket, 2, undefined, 'ann');
    expect(await second).toBe('done');
    expect([...call.peers.keys()]).toEqual(['ann']);
    await bench.pass(1000);
    expect(socket.ofType('send').map(({ to }) => to)).toContain('ann');
  });

  it('says nothing to the room before it was joined, nor after it was left', async () => {
    const bench = new Bench();
    const call = new Call(bench.client);
    expect(await code(call.send('early'))).toBe('not_here');
    call.join('r').catch(() => undefined);
    const socket = await bench.connect();
    answer(socket, 1, undefined, 'ann');
    call.leave();
    expect(await code(call.send('late'))).toBe('not_here');
    expect(socket.ofType('publish')).toEqual([]);
  });

  it('refuses a room in which another call of the client is, until that one leaves', async () => {
    const bench = new Bench();
    const first = new Call(bench.client);
    first.join('r').catch(() => undefined);
    const second = new Call(bench.client);
    expect(await code(second.join('r'))).toBe('room_in_use');
    first.leave();
    second.join('r').catch(() => undefined);
    expect(second.room?.name).toBe('r');
  });

  it('acts on signals of its own room only, and on those of clients that name none', async () => {
    const bench = new Bench();
    const calls = ['r', 's'].map((room) => {
      const call = new Call(bench.client);
      call.addTrack(fakeTrack('track'));
      call.join(room).catch(() => undefined);
      return call;
    });
    const socket = await bench.connect();
    const [toR, toS] = socket.ofType('subscribe');
    socket.says({ type: 'ack', seq: 1, requestId: toR?.requestId });
    socket.says({ type: 'ack', seq: 2, requestId: toS?.requestId });
    socket.says({ type: 'presence', seq: 3, channel: 'r', joined: [{ peerId: 'ann' }], left: [] });
    socket.says({ type: 'presence', seq: 4, channel: 's', joined: [{ peerId: 'ann' }], left: [] });
    await bench.pass(1000);
    const rooms = socket.ofType('send').map(({ data }) => (data as { room: string }).room);
    expect([...new Set(rooms)].sort()).toEqual(['r', 's']);

    const received: string[] = [];
    calls.forEach((call) => {
      const peer = call.peers.get('ann');
      if (peer) {
        vi.spyOn(peer, 'receive').mockImplementation(() => void received.push(call.room?.name ?? ''));
      }
    });
    const candidate = { type: 'rtc-ice', candidate: { candidate: 'a' } };
    socket.says({ type: 'direct', seq: 5, from: 'ann', data: { ...candidate, room: 's' } });
    expect(received).toEqual(['s']);
    socket.says({ type: 'direct', seq: 6, from: 'ann', data: candidate });
    expect(received).toEqual(['s', 'r', 's']);
    socket.says({ type: 'direct', seq: 7, from: 'ann', data: { ...candidate, room: 'other' } });
    expect(received).toHaveLength(3);
  });

  it('does not take one that its client has left for a participant when a signal of that arrives late', async () => {
    const bench = new Bench();
    const first = new Call(bench.client);
    const socket = await bench.connect();
    const joining = first.join('r');
    answer(socket, 1, undefined);
    await joining;
    const [hello] = socket.ofType('send').filter(({ to }) => to === 'me');
    expect(hello?.data).toMatchObject({ type: 'parley-hello' });
    first.leave();
    const second = new Call(bench.client);
    const again = second.join('r');
    socket.says({ type: 'direct', seq: 3, from: 'me', data: hello?.data });
    answer(socket, 4, undefined);
    await again;
    expect([...second.peers.keys()]).toEqual([]);
    socket.says({ type: 'direct', seq: 6, from: 'me', data: { type: 'parley-hello', room: 'r', from: 'other-tab' } });
    expect([...second.peers.keys()]).toEqual(['me/other-tab']);
    bench.client.close();
  });

  it('says why the server refuses the room', async () => {
    const bench = new Bench();
    const joining = new Call(bench.client).join('r').catch((error: Error) => error.message);
    await bench.pass();
    bench.socket.welcome();
    const { requestId } = bench.socket.ofType('subscribe')[0]!;
    bench.socket.says({
      type: 'error',
      seq: 1,
      requestId,
      code: 'channel_full',
      message: 'it has as many peers as it may',
    });
    expect(await joining).toBe('room r: it has as many peers as it may');
  });

  it('is in one room at a time', async () => {
    const bench = new Bench();
    const call = new Call(bench.client);
    void call.join('r');
    await expect(call.join('s')).rejects.toMatchObject({
      code: 'already_joined',
      message: 'the call is in room r: make another one',
    });
  });

  it('says so when it is to replace a track that it does not send', async () => {
    const call = new Call(new Bench().client);
    const track = { id: 'unknown', kind: 'video' } as MediaStreamTrack;
    expect(await code(call.replaceTrack(track, track))).toBe('unknown_track');
  });
});
