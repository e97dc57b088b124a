// SPDX-License-Identifier: Apache-2.0
// What frameworks such as React and Vue read of a call.

import { expect, it } from 'vitest';
import { Call } from '../src/index.js';
import { callWithBob } from './fake-call.js';
import { FakePeerConnection, fakeTrack, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

useFakeCalls();

it('a snapshot of a call is the same object until a change event, and unchanged participants keep theirs', async () => {
  const bench = new Bench();
  const call = new Call(bench.client);
  const seen = [call.snapshot()];
  call.on('change', () => seen.push(call.snapshot()));
  call.join('r').catch(() => undefined);
  const socket = await bench.connect();
  socket.says({ type: 'ack', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId });
  socket.says({ type: 'presence', seq: 2, channel: 'r', joined: [{ peerId: 'ann' }, { peerId: 'bob' }], left: [] });
  await bench.pass();
  expect(seen.map(({ room, peers }) => [room, ...peers.map(({ id }) => id)])).toEqual([
    [undefined],
    ['r'],
    ['r', 'ann'],
    ['r', 'ann', 'bob'],
  ]);
  expect(call.snapshot()).toBe(seen.at(-1));

  const [ann, bob] = call.snapshot().peers;
  const changes = seen.length;
  socket.says({ type: 'reconnecting', seq: 3, channel: 'r', peers: ['bob'] });
  expect(seen).toHaveLength(changes + 1);
  expect(call.snapshot().peers[0]).toBe(ann);
  expect(call.snapshot().peers[1]).toMatchObject({
    id: 'bob',
    peerId: 'bob',
    state: 'idle',
    isAway: true,
    streams: [],
  });
  expect(bob?.isAway).toBe(false);
  expect(() => Object.assign(call.snapshot().peers, { 0: bob })).toThrow(TypeError);

  call.leave();
  expect(call.snapshot().peers).toEqual([]);
});

it('a snapshot of a participant has its state, and its streams with what they are', async () => {
  const { call, socket } = await callWithBob();
  const metadata = { role: 'screen' };
  socket.says({ type: 'direct', seq: 3, from: 'bob', data: { __meteredTrackMeta: { trackId: 't', metadata } } });
  const stream = { getTracks: () => [], onremovetrack: null as (() => void) | null };
  const link = FakePeerConnection.last;
  link.ontrack?.({ track: fakeTrack('t'), streams: [stream], transceiver: { mid: '0', currentDirection: 'recvonly' } });
  link.connectionState = 'connected';
  link.onconnectionstatechange?.();
  expect(call.snapshot().peers[0]).toMatchObject({ state: 'connected', streams: [{ stream, metadata }] });
  stream.onremovetrack?.();
  expect(call.snapshot().peers[0]?.streams).toEqual([]);
});
