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

/**
 * Starts a Redis. `wrap` changes its command. Returns its address, its process, and what INFO says of commands and of
 * the bytes of its memory.
 */
export async function startRedis(wrap = (command) => command) {
  const port = await freePort();
  const it = run(wrap(['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--save', '']), {
    cwd: temporary(),
  });
  await it.says(/Ready to accept connections/);
  const info = (section) =>
    new Promise((resolve, reject) => {
      let text = '';
      const socket = net.connect(port, '127.0.0.1', () => socket.write(`INFO ${section}\r\nQUIT\r\n`));
      socket.on('data', (bytes) => (text += bytes)).on('error', reject);
      socket.on('close', () => resolve(text));
    });
  const commands = async () => {
    const calls = (await info('commandstats')).matchAll(/cmdstat_([^:]+):calls=(\d+)/g);
    return new Map([...calls].map(([, name, count]) => [name, Number(count)]));
  };
  const memory = async () => Number(/used_memory:(\d+)/.exec(await info('memory'))[1]);
  return { url: `redis://127.0.0.1:${port}`, pid: it.pid, commands, memory, stop: () => it.kill('SIGKILL') };
}
