// SPDX-License-Identifier: Apache-2.0
// What parley-client/data has of a participant, and applications do not get.

import { expect, it, vi } from 'vitest';
import { OWN_LABEL } from '../src/call/own-label.js';
import type { RemotePeer } from '../src/index.js';
import { callWithBob } from './fake-call.js';
import { FakePeerConnection, useFakeCalls } from './fake-peer-connection.js';

useFakeCalls();

/** A call with Bob, whose client names its instance or not. */
async function begin(namesInstance = true) {
  const { bench, call, socket } = await callWithBob();
  const { from: instance } = socket.ofType('send')[0]?.data as { from: string };
  let seq = 2;
  const says = (data: object): void =>
    socket.says({ type: 'direct', seq: ++seq, from: 'bob', data: { room: 'r', from: 'b-1', to: instance, ...data } });
  if (namesInstance) {
    says({ type: 'parley-here' });
  }
  const bob = call.peers.get('bob') as RemotePeer;
  return { bench, call, socket, bob, says };
}

it('data channels of parley-client/data are kept for it, and the application gets events of others only', async () => {
  const { bob } = await begin();
  const [told, own] = [vi.fn(), vi.fn()];
  bob.on('data-channel', told);
  bob.on('own-channel', own);
  const link = FakePeerConnection.last;
  const open = (label: string): EventTarget => {
    const channel = Object.assign(new EventTarget(), { label });
    (link.ondatachannel as (event: object) => void)({ channel });
    return channel;
  };
  open('chat');
  open(`${OWN_LABEL}chat`);
  const newest = open(`${OWN_LABEL}chat`);
  expect([told.mock.calls.length, own.mock.calls.length]).toEqual([1, 2]);
  expect(bob.ownChannels.get(`${OWN_LABEL}chat`)).toBe(newest);
  newest.dispatchEvent(new Event('close'));
  expect(bob.ownChannels.size).toBe(0);
  open(`${OWN_LABEL}${'x'.repeat(200)}`);
  expect(bob.ownChannels.size).toBe(0);
});

it('messages of parley-client/data over the server reach it alone, and go to one instance', async () => {
  const { bench, call, socket, bob, says } = await begin();
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

it('messages of parley-client/data are not sent to a client that names no instance', async () => {
  const { socket, bob } = await begin(false);
  const { length } = socket.said;
  await expect(bob.sendOwn({ label: 'chat' })).rejects.toMatchObject({ code: 'not_here' });
  expect(socket.said).toHaveLength(length);
});
