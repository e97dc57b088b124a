// SPDX-License-Identifier: Apache-2.0

import { Call } from '../src/index.js';
import { Bench, type FakeSocket } from './fake-server.js';

/** A call of `me` in room `r`, in which Bob is. The next frame of the server has the number 3. */
export async function callWithBob(): Promise<{ bench: Bench; call: Call; socket: FakeSocket }> {
  const bench = new Bench();
  const call = new Call(bench.client);
  call.join('r').catch(() => undefined);
  const socket = await bench.connect();
  socket.says({ type: 'ack', seq: 1, requestId: socket.ofType('subscribe')[0]?.requestId });
  socket.says({ type: 'presence', seq: 2, channel: 'r', joined: [{ peerId: 'bob' }], left: [] });
  await bench.pass();
  return { bench, call, socket };
}
