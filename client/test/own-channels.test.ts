// SPDX-License-Identifier: Apache-2.0
// What parley-client/data has of a participant, and applications do not get.

import { expect, it, vi } from 'vitest';
import { OWN_LABEL } from '../src/call/own-label.js';
import { Call, type RemotePeer } from '../src/index.js';
import { FakePeerConnection, useFakeCalls } from './fake-peer-connection.js';
import { Bench } from './fake-server.js';

useFakeCalls();

/** A call with Bob, who has named his instance if he knows instances. */
async function callWithBob(knowsInstances = true) {
  const bench = new Bench();
  const call = new Call(bench.client);
  call.join('r').catch(() => undefined);
  const socket = await bench.connect();
  socket.says({ type: 'ack', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId });
  socket.says({ type: 'presence', seq: 2, channel: 'r', joined: [{ peerId: 'bob' }], left: [] });
  await bench.pass();
  const { from: instance } = socket.ofType('send')[0]?.data as { from: string };
  let seq = 2;
  const says = (data: object): void =>
    socket.says({ type: 'direct', seq: ++seq, from: 'bob', data: { room: 'r', from: 'b-1', to: instance, ...data } });
  if (knowsInstances) {
    says({ type: 'parley-here' });
  }
  const bob = call.peers.get('bob') as RemotePeer;
  return { bench, call, socket, bob, says };
}

it('data channels of parley-client/data are kept for it, and only others are told to the application', async () => {
  const { bob } = await callWithBob();
  const [told, own] = [vi.fn(), vi.fn()];
  bob.on('data-channel', told);
  bob.on('own-channel', own);
  const link = FakePeerConnection.last;
  const open = (label: string): object => {
    const channel = { label };
    (link.ondatachannel as (event: object) => void)({ channel });
    return channel;
  };
  open('chat');
  open(`${OWN_LABEL}chat`);
  const newest = open(`${OWN_LABEL}chat`);
  expect([told.mock.calls.length, own.mock.calls.length]).toEqual([1, 2]);
  expect(bob.ownChannels.get(`${OWN_LABEL}chat`)).toBe(newest);
});

it('messages of parley-client/data over the server reach it alone, and go to one instance', async () => {
  const { bench, call, socket, bob, says } = await callWithBob();
  const told = vi.fn();
  call.on('data', told);
  bench.client.on('direct', told);
  const own: unknown[] = [];
  bob.on('own-message', ({ data }) => own.push(data));
  says({ type: 'parley-channel', data: { label: 'chat' } });
  says({ type: 'parley-channel', to: 'another', data: { label: 'chat' } });
  expect(own).toEqual([{ label: 'chat' }]);
  expect(told).not.toHaveBeenCalled();
  bob.sendOwn({ label: 'chat', read: 3 }).catch(() => undefined);
  expect(socket.ofType('send').at(-1)).toMatchObject({
    to: 'bob',
    data: { type: 'parley-channel', to: 'b-1', data: { label: 'chat', read: 3 } },
  });
});

it('messages of parley-client/data are not sent to a client that knows no instances', async () => {
  const { socket, bob } = await callWithBob(false);
  const { length } = socket.said;
  await expect(bob.sendOwn({ label: 'chat' })).rejects.toMatchObject({ code: 'not_here' });
  expect(socket.said).toHaveLength(length);
});
