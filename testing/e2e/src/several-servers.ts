// SPDX-License-Identifier: Apache-2.0
// Several servers that share a Redis, and a HAProxy in front of them, each a process of its own, gone after the test.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { type Parley, startParley } from './parley.ts';
import { WAIT_MS } from './patience.ts';
import { KEY } from './sdk.ts';

const PATH = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;

export interface SeveralServers {
  /** The address for all clients, without a slash at its end. */
  readonly page: string;
  readonly servers: readonly Parley[];
}

/** Starts so many servers, and awaits that each of them takes clients. */
export async function startServers(count: number): Promise<SeveralServers> {
  const folder = await mkdtemp(join(tmpdir(), 'servers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const redis = await freePort();
  await start('redis-server', ['--bind', '127.0.0.1', '--port', `${redis}`, '--save', '', '--dir', folder], redis);
  const configuration = `
apps:
  - id: calls
    publishableKeys:
      - {id: ${KEY}, channels: ["**"], actions: [subscribe, publish, presence, send]}
proxies: [127.0.0.1]
continuity: {secret: only-for-a-test-on-this-machine-and-nowhere-else}
cluster: {redis: "redis://127.0.0.1:${redis}"}
`;
  const servers = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      startParley({ listen: '127.0.0.1:0', configuration, variables: { PARLEY_CLUSTER_NODE: `server-${i + 1}` } }),
    ),
  );
  const [port, statistics] = [await freePort(), await freePort()];
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, haproxy(port, statistics, servers));
  await start('haproxy', ['-db', '-f', file], port);
  await until('a server behind HAProxy', () => areUp(statistics, count));
  return { page: `http://127.0.0.1:${port}`, servers };
}

/** Each socket to a server that has the fewest, whatever requests come between. */
function haproxy(port: number, statistics: number, servers: readonly Parley[]): string {
  const lines = servers.map(
    ({ page, admin }, i) =>
      `  server s${i} ${new URL(page).host} check port ${new URL(admin).port} inter 500ms fall 1 rise 1`,
  );
  const backend = (name: string): string => `
backend ${name}
  balance leastconn
  option httpchk
  http-check send meth GET uri /ready ver HTTP/1.1 hdr Host localhost
${lines.join('\n')}
`;
  return `
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout check 10s
frontend statistics
  bind 127.0.0.1:${statistics}
  stats enable
  stats uri /
frontend clients
  bind 127.0.0.1:${port}
  option forwardfor
  use_backend sockets if { hdr(Upgrade) -i websocket }
  default_backend requests
${backend('sockets')}${backend('requests')}`;
}

/** How many clients a server has. */
export async function connections({ admin }: Parley): Promise<number> {
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  return Number(/^parley_connections\{dialect="v1"\} (\S+)/m.exec(metrics)?.[1] ?? 0);
}

async function start(program: string, options: string[], port: number): Promise<void> {
  const process = spawn(program, options, { stdio: 'ignore', env: { PATH } });
  onTestFinished(() => end(process));
  await until(program, () => isListening(port));
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode === null && process.signalCode === null) {
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }
}

/** Whether HAProxy sends sockets to all of them. */
async function areUp(statistics: number, count: number): Promise<boolean> {
  const table = await (await fetch(`http://127.0.0.1:${statistics}/;csv`)).text();
  return table.split('\n').filter((line) => /^sockets,s\d+,.*,UP,/.test(line)).length === count;
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`${what} is not there after ${WAIT_MS} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
