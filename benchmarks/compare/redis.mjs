// SPDX-License-Identifier: Apache-2.0
// A Redis for several servers, in memory only.

import net from 'node:net';
import { run, temporary } from './servers.mjs';

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts a Redis. `wrap` changes its command. Returns its address, its process, and what INFO says of commands. */
export async function startRedis(wrap = (command) => command) {
  const port = await freePort();
  const it = run(wrap(['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--save', '']), {
    cwd: temporary(),
  });
  await it.says(/Ready to accept connections/);
  const commands = () =>
    new Promise((resolve, reject) => {
      let text = '';
      const socket = net.connect(port, '127.0.0.1', () => socket.write('INFO commandstats\r\nQUIT\r\n'));
      socket.on('data', (bytes) => (text += bytes)).on('error', reject);
      socket.on('close', () => {
        const calls = [...text.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)].map(([, name, count]) => [
          name,
          Number(count),
        ]);
        resolve(new Map(calls));
      });
    });
  return { url: `redis://127.0.0.1:${port}`, pid: it.pid, commands, stop: () => it.kill('SIGKILL') };
}
