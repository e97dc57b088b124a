// SPDX-License-Identifier: Apache-2.0
// What becomes of connecting and joining when the application aborts it.

import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { Call, type ParleyError } from '../src/index.js';
import { FakePeerConnection, useFakeCalls } from './fake-peer-connection.js';
import { Bench, type FakeSocket } from './fake-server.js';

useFakeCalls();

const REASON = new Error('no longer needed');

/** How many wait for the signal to be aborted. */
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

/** What a promise is by now. */
function follow(promise: Promise<unknown>): { outcome: unknown } {
  const followed: { outcome: unknown } = { outcome: 'pending' };
  promise.then(
    () => (followed.outcome = 'fulfilled'),
    (error: unknown) => (followed.outcome = error),
  );
  return followed;
}

/** Answers the latest request to enter the room `r`. */
function admit(socket: FakeSocket, seq: number, ...peers: string[]): void {
  socket.says({ type: 'ack', seq, requestId: socket.ofType('subscribe').at(-1)?.requestId });
  socket.says({ type: 'presence', seq: seq + 1, channel: 'r', joined: peers.map((peerId) => ({ peerId })), left: [] });
}

describe('an aborted connect', () => {
  it('fails with the reason of the signal, and closes the client', async () => {
    const bench = new Bench();
    const controller = new AbortController();
    const connecting = follow(bench.client.connect({ signal: controller.signal }));
    const other = follow(bench.client.connect());
    await bench.pass();
    controller.abort(REASON);
    await bench.pass();
    expect(connecting.outcome).toBe(REASON);
    expect((other.outcome as ParleyError).code).toBe('closed');
    expect(bench.client.state).toBe('closed');
    expect(bench.socket.closedWith).toBe(1000);
    expect(bench.errors).toEqual([]);
  });

  it('fails with a TimeoutError when the signal is that of a timeout', async () => {
    vi.useRealTimers();
    const bench = new Bench();
    await expect(bench.client.connect({ signal: AbortSignal.timeout(10) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(bench.client.state).toBe('closed');
  });

  it('does not close a client that was welcomed', async () => {
    const bench = new Bench();
    const controller = new AbortController();
    const connecting = follow(bench.client.connect({ signal: controller.signal }));
    await bench.connect();
    expect(connecting.outcome).toBe('fulfilled');
    expect(listeners(controller.signal)).toBe(0);
    controller.abort(REASON);
    const late = new AbortController();
    bench.socket.ends();
    void follow(bench.client.connect({ signal: late.signal }));
    late.abort(REASON);
    await bench.pass();
    expect(bench.client.state).toBe('reconnecting');
    bench.client.close();
  });
});

describe('with a signal that is aborted already', () => {
  it('nothing is begun', async () => {
    const bench = new Bench();
    const call = new Call(bench.client);
    const signal = AbortSignal.abort(REASON);
    const all = [bench.client.connect({ signal }), bench.client.join('r', { signal }), call.join('r', { signal })].map(
      follow,
    );
    await bench.pass(1000);
    expect(all.map(({ outcome }) => outcome)).toEqual([REASON, REASON, REASON]);
    expect(bench.client.state).toBe('idle');
    expect(bench.client.rooms.size).toBe(0);
    expect(call.room).toBeUndefined();
    expect(bench.sockets).toEqual([]);
  });

  it('a client that connects for another reason is not closed', async () => {
    const bench = new Bench();
    void bench.client.connect();
    const aborted = follow(bench.client.connect({ signal: AbortSignal.abort(REASON) }));
    await bench.pass();
    expect(aborted.outcome).toBe(REASON);
    expect(bench.client.state).toBe('connecting');
    bench.client.close();
  });
});

it('an operation that fails by itself leaves no listener, and is not aborted later', async () => {
  const bench = new Bench();
  const socket = await bench.connect();
  const controller = new AbortController();
  const joining = follow(bench.client.join('r', { signal: controller.signal }));
  socket.says({ type: 'error', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId, code: 'channel_full' });
  await bench.pass();
  expect((joining.outcome as ParleyError).code).toBe('channel_full');
  expect(listeners(controller.signal)).toBe(0);
  controller.abort(REASON);
  expect(socket.ofType('unsubscribe')).toEqual([]);
});

describe('an aborted join', () => {
  it('leaves the room, which can be joined again', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const controller = new AbortController();
    const left: string[] = [];
    const joining = follow(bench.client.join('r', { includeSenderMetadata: true, signal: controller.signal }));
    bench.client.rooms.get('r')?.on('left', ({ reason }) => left.push(reason));
    expect(socket.ofType('subscribe')).toEqual([expect.not.objectContaining({ signal: expect.anything() })]);
    expect(socket.ofType('subscribe')[0]).toMatchObject({ channel: 'r', includeSenderMetadata: true });
    controller.abort(REASON);
    await bench.pass();
    expect(joining.outcome).toBe(REASON);
    expect(left).toEqual(['aborted']);
    expect(socket.ofType('unsubscribe')).toMatchObject([{ channel: 'r' }]);
    expect(bench.client.rooms.size).toBe(0);

    const again = follow(bench.client.join('r'));
    admit(socket, 1, 'bob');
    await bench.pass();
    expect(again.outcome).toBe('fulfilled');
    bench.client.close();
  });

  it('does not leave a room that another join waits for', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const [first, second] = [new AbortController(), new AbortController()];
    const entering = follow(bench.client.join('r', { signal: first.signal }));
    const waiting = follow(bench.client.join('r', { signal: second.signal }));
    const staying = follow(bench.client.join('r'));
    second.abort(REASON);
    await bench.pass();
    expect([entering.outcome, waiting.outcome]).toEqual(['pending', REASON]);
    first.abort(REASON);
    await bench.pass();
    expect([entering.outcome, staying.outcome]).toEqual([REASON, 'pending']);
    admit(socket, 1);
    await bench.pass();
    expect(staying.outcome).toBe('fulfilled');
    expect(socket.ofType('unsubscribe')).toEqual([]);
    bench.client.close();
  });

  it('leaves the room when all who waited for it are aborted', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const controllers = [new AbortController(), new AbortController()];
    controllers.forEach(({ signal }) => void follow(bench.client.join('r', { signal })));
    controllers.forEach((controller) => controller.abort(REASON));
    expect(socket.ofType('unsubscribe')).toHaveLength(1);
    bench.client.close();
  });

  it('does not leave a room that was joined before', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const controller = new AbortController();
    const joining = bench.client.join('r');
    admit(socket, 1);
    const room = await joining;
    const again = follow(bench.client.join('r', { signal: controller.signal }));
    controller.abort(REASON);
    await bench.pass();
    expect(again.outcome).toBe(REASON);
    expect(bench.client.rooms.get('r')).toBe(room);
    bench.client.close();
  });
});

describe('an aborted join of a call', () => {
  it('leaves no peer, no connection and no room, and the call can be joined again', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const call = new Call(bench.client);
    const controller = new AbortController();
    const left: string[] = [];
    call.on('left', ({ reason }) => left.push(reason));
    const joining = follow(call.join('r', { signal: controller.signal }));
    call.on('peer-joined', () => controller.abort(REASON)); // before the roster is complete
    admit(socket, 1, 'bob');
    await bench.pass();
    expect(joining.outcome).toBe(REASON);
    expect(left).toEqual(['aborted']);
    expect(call.room).toBeUndefined();
    expect(call.peers.size).toBe(0);
    expect(bench.client.rooms.size).toBe(0);
    expect(FakePeerConnection.all.map(({ connectionState }) => connectionState)).toEqual(['closed']);
    expect(listeners(controller.signal)).toBe(0);

    const again = follow(call.join('r'));
    admit(socket, 3, 'bob');
    await bench.pass();
    expect(again.outcome).toBe('fulfilled');
    expect([...call.peers.keys()]).toEqual(['bob']);
    bench.client.close();
  });

  it('says bye to those in a room that the application has joined by itself, and stays in that', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const joining = bench.client.join('r');
    admit(socket, 1, 'bob');
    const room = await joining;
    const call = new Call(bench.client);
    const controller = new AbortController();
    const callJoining = follow(call.join('r', { signal: controller.signal }));
    controller.abort(REASON);
    await bench.pass(1000);
    expect(callJoining.outcome).toBe(REASON);
    expect(call.peers.size).toBe(0);
    expect(bench.client.rooms.get('r')).toBe(room);
    expect(socket.ofType('send').map(({ data }) => (data as { type: string }).type)).toEqual([
      'parley-hello',
      'parley-bye',
    ]);
    const other = follow(new Call(bench.client).join('r'));
    await bench.pass();
    expect(other.outcome).toBe('fulfilled');
    bench.client.close();
  });

  it('after which the signal of a join that was refused is aborted goes on in its room', async () => {
    const bench = new Bench();
    const socket = await bench.connect();
    const call = new Call(bench.client);
    const controller = new AbortController();
    const refused = follow(call.join('r', { signal: controller.signal }));
    call.on('left', () => void follow(call.join('r')));
    socket.says({ type: 'error', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId, code: 'channel_full' });
    await Promise.resolve().then(() => controller.abort(REASON));
    await bench.pass();
    expect(refused.outcome).not.toBe('pending');
    expect(call.room?.name).toBe('r');
    bench.client.close();
  });
});
