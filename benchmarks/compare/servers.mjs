// SPDX-License-Identifier: Apache-2.0
// Starts and stops what is measured. The server has core 0 to itself and whatever loads it core 1.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const home = path.dirname(path.dirname(here));
const CONFIGURATION = path.join(here, 'parley.yaml');
const BARE = `const { WebSocketServer } = require('ws');
new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => console.log('listening'));`;
const START = 30_000; // ms a server may take until it listens
const STOP = 10_000; // ms it may take to end

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Problems of the person at the keyboard, told without a stack.
export class Trouble extends Error {}

const running = new Set();
let folder;
let binary;

export const temporary = () => (folder ??= mkdtempSync(path.join(tmpdir(), 'parley-bench-')));

export function cleanUp() {
  for (const it of running) it.kill('SIGKILL');
  if (folder) rmSync(folder, { recursive: true, force: true });
}

/** Has a signal end the processes that were started, and this one. */
export function cleanUpOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      cleanUp();
      process.exit(1);
    });
  }
}

// A process that is ended with us. What it says is kept, to be shown if it fails.
export function run(command, options = {}) {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const it = {
    child,
    pid: child.pid,
    out: '',
    said: '',
    kill: (signal) => child.exitCode === null && child.signalCode === null && child.kill(signal),
  };
  running.add(it);
  it.ended = new Promise((resolve) => {
    const end = (code) => {
      running.delete(it);
      resolve(code);
    };
    child.once('error', (error) => {
      it.said += `${error.message}\n`;
      end(-1);
    });
    child.once('close', (code, signal) => end(code ?? signal));
  });
  const waiters = new Set();
  const hear = (text) => {
    it.said = (it.said + text).slice(-20_000);
    for (const waiter of waiters) waiter();
  };
  child.stdout?.on('data', (text) => {
    it.out += text;
    hear(text);
  });
  child.stderr?.on('data', hear);
  // The match of a pattern in what it has said, as soon as there is one.
  it.says = (pattern, within = START) =>
    new Promise((resolve, reject) => {
      let timer;
      const done = (settle, value) => {
        clearTimeout(timer);
        waiters.delete(look);
        settle(value);
      };
      const look = () => {
        const match = pattern.exec(it.said);
        if (match) done(resolve, match);
      };
      timer = setTimeout(
        () => done(reject, new Error(`${command.join(' ')} did not say ${pattern} in time:\n${it.said}`)),
        within,
      );
      waiters.add(look);
      it.ended.then((code) => done(reject, new Error(`${command.join(' ')} ended with ${code}:\n${it.said}`)));
      look();
    });
  return it;
}

async function stop(it) {
  it.kill('SIGTERM');
  const late = setTimeout(() => it.kill('SIGKILL'), STOP);
  await it.ended;
  clearTimeout(late);
}

export function toolsAreThere() {
  if (process.platform !== 'linux') throw new Trouble('the measurements read /proc and pin to cores: they need Linux');
  if (spawnSync('taskset', ['-c', '0,1', 'true']).status !== 0)
    throw new Trouble('taskset (util-linux) must be there and let us use cores 0 and 1');
}

function forwarder() {
  if (binary) return binary;
  const target = path.join(temporary(), 'forwarder');
  const built = spawnSync('cc', ['-O2', '-o', target, path.join(here, 'peers', 'forwarder.c')], { encoding: 'utf8' });
  if (built.error?.code === 'ENOENT')
    throw new Trouble('the forwarder is compiled, and there is no cc; install a C compiler (on Debian: gcc libc6-dev)');
  if (built.status !== 0) throw new Trouble(`the forwarder does not compile:\n${built.stderr}`);
  return (binary = target);
}

export const onServerCore = (command) => ['taskset', '-c', '0', ...command];
export const onLoadCore = (command) => ['taskset', '-c', '1', ...command];

// Configuration, with what a variant sets beside it.
export function configuration(settings) {
  if (!settings) return CONFIGURATION;
  const file = path.join(temporary(), 'parley.yaml');
  writeFileSync(file, `${readFileSync(CONFIGURATION, 'utf8')}${settings}`);
  return file;
}

// Ours, without what would configure a server or its JVM.
export function plainEnvironment() {
  const env = { ...process.env, NODE_ENV: 'production' };
  for (const name of Object.keys(env)) if (name.startsWith('PARLEY_') || name === 'JAVA_OPTS') delete env[name];
  return env;
}

// {url, pid, stop()} of a server of its own for one run.
export async function start(variant, launcher) {
  if (variant.url) return { url: variant.url, pid: variant.pid, stop: async () => {} };
  let command;
  const env = plainEnvironment();
  let listens = /^listening (?<port>\d+)$/m;
  if (variant.server === 'parley') {
    command = [launcher, 'serve', '--config', variant.file ?? configuration(variant.settings)];
    env.JAVA_OPTS = variant.javaOptions ?? '';
    listens = /websocket ws:\/\/[^\s/]+:(?<port>\d+)\//;
  } else if (variant.server === 'forwarder') {
    command = [forwarder(), '0'];
  } else {
    command = [process.execPath, path.join(here, 'peers', `${variant.server}.mjs`), '0', ...(variant.arguments ?? [])];
  }
  const it = run(onServerCore(command), { env });
  try {
    const { port } = (await it.says(listens)).groups;
    return { url: `ws://127.0.0.1:${port}`, pid: it.pid, stop: () => stop(it) };
  } catch (error) {
    it.kill('SIGKILL');
    throw error;
  }
}

// Bytes of the heap that two collections and the one of the histogram leave.
export function liveHeap(pid) {
  const jcmd = path.join(path.dirname(readlinkSync(`/proc/${pid}/exe`)), 'jcmd');
  const ask = (what) => {
    const [command, ...rest] = onLoadCore([jcmd, String(pid), what]);
    const answer = spawnSync(command, rest, { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (answer.status !== 0) throw new Error(`jcmd ${what}: ${answer.stderr}${answer.stdout}`);
    return answer.stdout;
  };
  ask('GC.run');
  ask('GC.run');
  const total = /^Total\s+\d+\s+(\d+)/m.exec(ask('GC.class_histogram'));
  if (!total) throw new Error('jcmd GC.class_histogram has no total');
  return Number(total[1]);
}

// Kilobytes (1,024 bytes) of memory that count for the process.
export const pss = (pid) => Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);

const PORT = 8080; // what ./parley listens on where nothing says otherwise

const answersHealth = () =>
  new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port: PORT, path: '/health', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });

// Milliseconds from the command to a server that answers.
export async function startUp(server, launcher) {
  if (server === 'parley') {
    // Without any settings, as somebody who tries it: reading some takes longer.
    if (await answersHealth()) throw new Error(`something answers on port ${PORT} already`);
    const begin = performance.now();
    const it = run([launcher], { env: plainEnvironment(), stdio: 'ignore' });
    while (!(await answersHealth())) {
      if (it.child.exitCode !== null) throw new Error(`${launcher} ended with ${it.child.exitCode}`);
      if (performance.now() - begin > START) throw new Error(`${launcher} does not answer`);
      await sleep(1);
    }
    const took = performance.now() - begin;
    await stop(it);
    return took;
  }
  const begin = performance.now();
  const it = run([process.execPath, '-e', BARE], { cwd: here });
  await it.says(/listening/);
  const took = performance.now() - begin;
  await stop(it);
  return took;
}
