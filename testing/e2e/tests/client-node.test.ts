// SPDX-License-Identifier: Apache-2.0
// Parley's client in Node, with the WebSocket of the package ws.

import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../../clients/browser/src/index.ts';
import { freePort } from '../src/free-port.ts';
import { WAIT_MS } from '../src/patience.ts';

test('a client whose server cannot be reached tries again, and no error of its sockets ends the process', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const webSocket = vi.fn((address: string, protocols: string[]) => new WebSocket(address, protocols));
  const client = new ParleyClient({ url, key: 'pk', webSocket });
  onTestFinished(() => client.close());
  const ended = client.connect().catch((error: unknown) => error);

  await expect.poll(() => webSocket.mock.calls.length, { timeout: WAIT_MS }).toBeGreaterThan(1);
  client.close();
  expect(await ended).toMatchObject({ code: 'closed' });
});
