// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/**
 * Given a frame on its way, says what is to go on; undefined for nothing. `answer` sends back where it came from.
 * Connections are counted from 1.
 */
export type Reader = (
  frame: string,
  connection: number,
  answer: (frame: string) => void,
) => string | undefined | Promise<string | undefined>;

export interface Readers {
  readonly fromClient?: Reader;
  readonly fromServer?: Reader;
}

/** Stands between clients and the server at this WebSocket URL and lets the readers see each text frame. */
export async function readAlong(
  webSocket: string,
  { fromClient = (frame) => frame, fromServer = (frame) => frame }: Readers,
): Promise<string> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  let connections = 0;
  server.on('connection', (client, request) => {
    const connection = ++connections;
    const { origin } = request.headers;
    const far = new WebSocket(webSocket + request.url, { perMessageDeflate: false, ...(origin ? { origin } : {}) });
    const isOpen = new Promise<unknown>((resolve) => far.once('open', resolve));
    pass(client, far, (frame) => fromClient(frame, connection, (text) => client.send(text)), isOpen);
    pass(far, client, (frame) => fromServer(frame, connection, (text) => far.send(text)), isOpen);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.clients.forEach((client) => client.terminate());
    http.close();
    http.closeAllConnections();
  });
  return `ws://localhost:${(http.address() as AddressInfo).port}`;
}

function pass(
  from: WebSocket,
  to: WebSocket,
  read: (frame: string) => string | undefined | Promise<string | undefined>,
  isOpen: Promise<unknown>,
): void {
  let before: Promise<unknown> = isOpen; // one frame after the other, however long a reader takes
  from.on('message', (bytes: RawData) => {
    before = before.then(async () => {
      const frame = await read(bytes.toString());
      if (frame !== undefined && to.readyState === WebSocket.OPEN) {
        to.send(frame);
      }
    });
  });
  from.on('error', () => {}); // a close follows
  from.on('close', (code, reason) => {
    if (code === 1006) {
      to.terminate();
    } else {
      void before.then(() => to.close(code === 1005 ? 1000 : code, reason));
    }
  });
}
