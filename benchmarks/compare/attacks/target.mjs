// SPDX-License-Identifier: Apache-2.0
// The server under attack: a configuration with the default limits, a bounded heap or control group, and a watch over
// its memory and its log.

import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { home, plainEnvironment, run, sleep, temporary, Trouble } from '../servers.mjs';

export const SECRET = { id: 'sk_id_attacked', secret: 'only-to-be-attacked-on-127.0.0.1-and-nowhere-else' };
export const ATTACKED = 'pk_attacked'; // the key the attackers hold
export const INNOCENT = 'pk_innocent'; // of another app
const DRAIN = { spread: 1, timeout: 4 }; // seconds
const LOOK_MS = 100;
const STOP_MS = 120_000; // after that it counts as hanging

const configuration = (settings) => `
listen: 127.0.0.1:0
admin: 127.0.0.1:0
apps:
  - id: attacked
    publishableKeys:
      - {id: ${ATTACKED}, channels: ["**"], actions: [subscribe, publish, presence, send]}
    secretKeys:
      - {id: ${SECRET.id}, secret: ${SECRET.secret}}
  - id: innocent
    publishableKeys:
      - {id: ${INNOCENT}, channels: ["**"], actions: [subscribe, publish, presence, send]}
minimal: {enabled: true, key: ${ATTACKED}}
drain: {spread: ${DRAIN.spread}s, timeout: ${DRAIN.timeout}s}
${settings}
`;

const V1 = '/sys/fs/cgroup/memory';
const V2 = '/sys/fs/cgroup';
const isV2 = () => existsSync(path.join(V2, 'cgroup.controllers'));

/** A control group of its own that bounds memory. Needs root. */
class ControlGroup {
  constructor(bytes) {
    const root = isV2() ? V2 : V1;
    this.folder = path.join(root, `parley-attacks-${process.pid}`);
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(path.join(this.folder, isV2() ? 'memory.max' : 'memory.limit_in_bytes'), String(bytes));
    } catch (error) {
      throw new Trouble(`a memory control group cannot be made (${error.message}); run as root, or without --cgroup`);
    }
  }

  /** Returns a command that runs another one inside the group. */
  wrap(command) {
    return ['/bin/sh', '-c', `echo $$ > ${this.folder}/cgroup.procs && exec "$@"`, 'sh', ...command];
  }

  /** Bytes it used at most, files in the cache included. */
  peak() {
    const file = isV2() ? 'memory.peak' : 'memory.max_usage_in_bytes';
    return Number(readFileSync(path.join(this.folder, file), 'utf8'));
  }

  async remove() {
    for (let tries = 0; tries < 50; tries++) {
      try {
        rmdirSync(this.folder);
        return;
      } catch {
        await sleep(100); // the kernel has not forgotten the process yet
      }
    }
  }
}

/** Bytes of memory a process holds. */
function resident(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

/** A started server. */
export class Target {
  outOfMemory = 0;
  leaks = 0;
  peakRss = 0;

  /**
   * @param options launcher; heap: like 256m; cgroup: bytes; leaks: level of leak detection; settings: YAML
   */
  static async start({ launcher = path.join(home, 'parley'), heap, cgroup, leaks, settings = '' }) {
    const target = new Target();
    const file = path.join(temporary(), `attacked-${Date.now()}.yaml`);
    writeFileSync(file, configuration(settings));
    const options = [];
    if (heap) options.push(`-Xmx${heap}`);
    if (leaks) options.push(`-Dio.netty.leakDetection.level=${leaks}`);
    let command = [launcher, 'serve', '--config', file];
    if (cgroup) {
      target.group = new ControlGroup(cgroup);
      command = target.group.wrap(command);
    }
    target.process = run(command, { env: { ...plainEnvironment(), JAVA_OPTS: options.join(' ') } });
    target.#watchLog();
    const said = await target.process.says(/websocket ws:\/\/[^\s/]+:(?<port>\d+)\//);
    target.port = Number(said.groups.port);
    target.adminPort = Number(/admin https?:\/\/[^\s/]+:(\d+)\//.exec(target.process.said)?.[1]);
    target.#watch = setInterval(() => target.#look(), LOOK_MS);
    return target;
  }

  #watch;

  #look() {
    try {
      this.peakRss = Math.max(this.peakRss, resident(this.process.pid));
    } catch {
      clearInterval(this.#watch); // it has ended
    }
  }

  #watchLog() {
    const count = (text) => {
      const added = String(text);
      this.outOfMemory += added.match(/OutOfMemoryError|OutOfDirectMemoryError/g)?.length ?? 0;
      this.leaks += added.match(/LEAK:/g)?.length ?? 0;
    };
    this.process.child.stdout.on('data', count);
    this.process.child.stderr.on('data', count);
  }

  get hasEnded() {
    return this.process.child.exitCode !== null || this.process.child.signalCode !== null;
  }

  /** The last lines of its log. */
  get log() {
    return this.process.said.split('\n').slice(-30).join('\n');
  }

  /** Returns seconds from SIGTERM to its exit, and how it ended. */
  async stop() {
    clearInterval(this.#watch);
    const begin = performance.now();
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    const code = await this.process.ended;
    clearTimeout(late);
    const seconds = (performance.now() - begin) / 1000;
    return { seconds, code, isInTime: code === 0 && seconds <= DRAIN.timeout + 1 };
  }

  /** Ends it at once, if it has not ended, and takes its control group away. */
  async kill() {
    clearInterval(this.#watch);
    this.process.kill('SIGKILL');
    await this.process.ended;
    await this.group?.remove();
  }

  /** Returns the metrics of the server as text, undefined if it does not answer in time. */
  metrics() {
    return new Promise((resolve) => {
      const request = http.get(
        { host: '127.0.0.1', port: this.adminPort, path: '/metrics', timeout: 2000 },
        (answer) => {
          let text = '';
          answer.on('data', (part) => (text += part));
          answer.on('end', () => resolve(text));
        },
      );
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(undefined));
    });
  }
}

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Returns a token of the attacked app. */
export function mint(subject, claims = {}) {
  const head = base64url({ alg: 'HS256', kid: SECRET.id, typ: 'JWT' });
  const body = base64url({ sub: subject, exp: Math.floor(Date.now() / 1000) + 3600, ...claims });
  const seal = createHmac('sha256', SECRET.secret).update(`${head}.${body}`).digest('base64url');
  return `${head}.${body}.${seal}`;
}
