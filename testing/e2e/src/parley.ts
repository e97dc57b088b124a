// SPDX-License-Identifier: Apache-2.0
// Servers for tests: each a process of its own, started through ./parley on free ports, ended by its id.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const launcher = fileURLToPath(new URL('../../../parley', import.meta.url));

const READY = /ready: (?:page \S+ )?websocket (wss?:\/\/\S+)\/v1 (?:minimal \S+ )?admin (http:\/\/\S+)\//;

export interface Parley {
  /** Without a slash at their ends. */
  readonly page: string;
  readonly webSocket: string;
  readonly admin: string;
  /** The process. */
  readonly id: number;
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** Sends the signal, and returns the exit code when the process is gone; null if the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface ParleyOptions {
  readonly listen?: string;
  readonly admin?: string;
  /** YAML of a configuration; without it the server runs in development mode. */
  readonly configuration?: string;
  /** Where the configuration is written, for a server that is started again; without it in a folder of its own. */
  readonly folder?: string;
  /** What starts it, instead of ./parley: a program that becomes it, and its first arguments. */
  readonly command?: readonly string[];
  /** More variables of its environment. */
  readonly variables?: Record<string, string>;
  /** Registers what ends it; by default it ends after the test. */
  readonly endAfter?: (end: () => Promise<void>) => void;
}

/** A running server, gone after the test, or when `endAfter` says. */
export async function startParley({
  listen = 'localhost:0',
  admin = '127.0.0.1:0',
  configuration,
  folder,
  command: [program, ...first] = [launcher],
  variables = {},
  endAfter = onTestFinished,
}: ParleyOptions = {}): Promise<Parley> {
  const file = configuration === undefined ? [] : ['--config', await configurationFile(configuration, folder)];
  const process = spawn(program!, [...first, 'serve', '--listen', listen, '--admin', admin, ...file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...globalThis.process.env, ...variables },
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (process.exitCode === null && process.signalCode === null) {
      const ended = once(process, 'exit');
      process.kill(signal);
      await ended;
    }
    return process.exitCode;
  };
  endAfter(async () => {
    await end('SIGKILL');
  });
  const lines: string[] = [];
  const [webSocket, admin_] = await ready(process, lines);
  return { page: webSocket.replace(/^ws/, 'http'), webSocket, admin: admin_, id: process.pid!, lines, end };
}

/** An empty folder, gone after the test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function configurationFile(text: string, folder?: string): Promise<string> {
  const file = join(folder ?? (await emptyFolder()), 'parley.yaml');
  await writeFile(file, text);
  return file;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs ./parley to its own end. */
export async function runParley(...options: string[]): Promise<Outcome> {
  return runParleyIn({}, ...options);
}

/** The same, with these variables added to its environment. */
export async function runParleyIn(variables: Record<string, string>, ...options: string[]): Promise<Outcome> {
  const env = { ...globalThis.process.env, ...variables };
  const process = spawn(launcher, options, { stdio: ['ignore', 'pipe', 'pipe'], env });
  onTestFinished(() => {
    process.kill('SIGKILL');
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(process.stdout),
    text(process.stderr),
    once(process, 'exit') as Promise<[number]>,
  ]);
  return { exitCode, stdout, stderr };
}

function ready(process: ChildProcess, lines: string[]): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    createInterface({ input: process.stdout! }).on('line', (line) => {
      lines.push(line);
      const match = READY.exec(line);
      if (match) {
        resolve([match[1]!, match[2]!]);
      }
    });
    process.once('error', reject);
    process.once('exit', (code) => reject(new Error(`parley ended with ${code}:\n${lines.join('\n')}`)));
  });
}
