// SPDX-License-Identifier: Apache-2.0
// Runs the functions of a file in a process of their own, so that hostile load does not delay what is measured.

import { fork } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import os from 'node:os';
import path from 'node:path';
import { here } from '../servers.mjs';

const running = new Set();
const MiB = 1 << 20;
export const NICE = 'ATTACKS_NICE'; // of attackers, in the environment of their processes
const CALL_MS = 120_000; // a call may take

/** A process that runs one file of benchmarks/compare/attacks. */
export class Actor {
  #file;
  #child;
  #calls = new Map();
  #ids = 0;

  constructor(file) {
    this.#file = file;
    this.#child = fork(path.join(here, 'attacks', file), { serialization: 'advanced' });
    running.add(this);
    this.#child.on('message', ({ id, value, error }) => {
      const call = this.#calls.get(id);
      if (!call) return; // given up before
      this.#calls.delete(id);
      if (error === undefined) call.resolve(value);
      else call.reject(new Error(`${file}: ${error}`));
    });
    this.#child.on('exit', (code, signal) => {
      running.delete(this);
      for (const call of this.#calls.values()) call.reject(new Error(`${file} ended with ${code ?? signal}`));
      this.#calls.clear();
    });
  }

  /** Calls a function of the file. Fails if it does not answer in time. */
  call(name, parameters = {}) {
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.#file}: ${name} takes too long`)), CALL_MS);
      const settle = (how) => (value) => {
        clearTimeout(late);
        how(value);
      };
      this.#calls.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#child.send({ id, name, parameters });
    });
  }

  stop() {
    this.#child.kill('SIGKILL');
  }
}

export function stopActors() {
  for (const actor of running) actor.stop();
}

/** Gives this process the priority of attackers, which is that of the server where nothing else is asked for. */
export function beHostile() {
  os.setPriority(Number(process.env[NICE] ?? 0));
}

/** Gives a process that measures precedence, if it may: its latencies are to be the server's. */
export function takePrecedence() {
  try {
    os.setPriority(-10);
  } catch {
    // not as root
  }
}

/** Answers the calls of the process that started this one. */
export function serve(functions) {
  process.on('message', async ({ id, name, parameters }) => {
    try {
      process.send({ id, value: await functions[name](parameters) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  process.on('disconnect', () => process.exit());
}

/** Measures how late this process runs its timers, in ms: the part of a latency that is not the server's. */
export class LagMeter {
  #histogram = monitorEventLoopDelay({ resolution: 5 });

  start() {
    this.#histogram.reset();
    this.#histogram.enable();
  }

  /** The histogram counts the resolution itself, which is no delay. */
  read() {
    const delay = (nanos) => Math.max(0, nanos / 1e6 - 5);
    return { p99: delay(this.#histogram.percentile(99)), max: delay(this.#histogram.max) };
  }
}

/** Returns the value below which this part of the values lies. */
export function quantile(values, part) {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
}

export const mebibytes = (bytes) => Math.round(bytes / MiB);
