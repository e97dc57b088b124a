// SPDX-License-Identifier: Apache-2.0
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line of TCP to a server that a test can break. Gone after the test. */
export interface Line {
  /** The far end's WebSocket URL, by way of this line. */
  readonly webSocket: string;
  /** Whether it is used: browsers also open connections for later, over which nothing goes. */
  readonly isUsed: boolean;
  /** Resets what it carries, on both sides. */
  reset(): void;
  /** Resets what it carries and all that comes, until it is mended. */
  cut(): void;
  /** Carries no byte in either direction and tells neither side, until it is mended. */
  freeze(): void;
  mend(): void;
}

/** Lays a line to the server at this WebSocket URL. */
export async function layLine(webSocket: string): Promise<Line> {
  const { hostname, port } = new URL(webSocket);
  const sockets = new Map<Socket, Socket>();
  let state: 'whole' | 'cut' | 'frozen' = 'whole';

  const carry = (from: Socket, to: Socket): void => {
    sockets.set(from, to);
    from.on('data', (bytes) => to.write(bytes));
    from.on('end', () => to.end());
    from.on('error', () => to.resetAndDestroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroySoon();
    });
    if (state === 'frozen') {
      from.pause();
    }
  };
  const reset = (): void => {
    for (const socket of sockets.keys()) {
      socket.resetAndDestroy();
    }
  };

  const server = createServer({ noDelay: true }, (client) => {
    if (state === 'cut') {
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    carry(client, far);
    carry(far, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    reset();
  });

  return {
    webSocket: `ws://localhost:${(server.address() as AddressInfo).port}`,
    get isUsed() {
      return [...sockets.keys()].some((socket) => socket.bytesRead > 0);
    },
    reset,
    cut() {
      state = 'cut';
      reset();
    },
    freeze() {
      state = 'frozen';
      for (const socket of sockets.keys()) {
        socket.pause();
      }
    },
    mend() {
      state = 'whole';
      for (const socket of sockets.keys()) {
        socket.resume();
      }
    },
  };
}
