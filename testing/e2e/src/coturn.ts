// SPDX-License-Identifier: Apache-2.0
// TURN servers for tests: coturn with the configuration Parley ships, on free ports of loopback, ended by its id.

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { TurnClient } from './turn.ts';

const start = fileURLToPath(new URL('../../../deploy/coturn/start', import.meta.url));
export const shipped = fileURLToPath(new URL('../../../deploy/coturn/turnserver.conf', import.meta.url));

export interface CoturnOptions {
  /** What it shares with who makes credentials. */
  readonly secret: string;
  /** Whether it relays to 127.0.0.1 and ::1, which the shipped configuration denies. For calls on this machine. */
  readonly allowLoopbackPeers?: boolean;
}

export interface Coturn {
  /** Of UDP and TCP, at 127.0.0.1 and ::1. */
  readonly port: number;
  /** The process. */
  readonly id: number;
  /** What it has printed so far. */
  readonly lines: readonly string[];
}

/** A running coturn that answers, gone after the test. */
export async function startCoturn({ secret, allowLoopbackPeers = false }: CoturnOptions): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), 'coturn-'));
  const secretFile = join(folder, 'secret');
  await writeFile(secretFile, `${secret}\n`, { mode: 0o600 });
  const port = await freePort();
  const options = [
    `--listening-port=${port}`,
    ...['127.0.0.1', '::1'].flatMap((address) => [`--listening-ip=${address}`, `--relay-ip=${address}`]),
    ...(allowLoopbackPeers ? ['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1', '--allowed-peer-ip=::1'] : []),
  ];
  const process = spawn(start, [shipped, secretFile, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...globalThis.process.env, RUNTIME_DIRECTORY: folder },
  });
  onTestFinished(async () => {
    if (process.exitCode === null && process.signalCode === null) {
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true });
  });
  const lines: string[] = [];
  createInterface({ input: process.stdout }).on('line', (line) => lines.push(line));
  const ended = new Promise<never>((_, reject) => {
    process.once('error', reject);
    process.once('exit', (code) => reject(new Error(`coturn ended with ${code}:\n${lines.join('\n')}`)));
  });
  await Promise.race([answers(port), ended]);
  return { port, id: process.pid!, lines };
}

/** Each transport may be ready before the other. */
async function answers(port: number): Promise<void> {
  await (await TurnClient.connect('127.0.0.1', port)).binding();
  await (await TurnClient.connect('127.0.0.1', port, 'tcp')).binding();
}

/** A port that is free for UDP and TCP: coturn takes none for any. */
async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket('udp4');
    const isFree = await new Promise<boolean>((resolve) => {
      udp.once('error', () => resolve(false));
      udp.bind(port, '127.0.0.1', () => resolve(true));
    });
    await Promise.all([
      new Promise((resolve) => tcp.close(resolve)),
      new Promise<void>((resolve) => udp.close(() => resolve())),
    ]);
    if (isFree) {
      return port;
    }
  }
}
