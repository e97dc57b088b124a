// SPDX-License-Identifier: Apache-2.0
// How many peers one machine holds: servers and clients on it, as many processes as the limit of open files asks for.
// All peers are authenticated by key and subscribed, two in a room; some exchange signals; a client that stops
// answering pings is closed by its server and counts as lost. Memory is split into heap, process and kernel.
//
//   node benchmarks/compare/capacity.mjs [--peers 500000] [--minutes 10] [--signaling 1] [--rate 1000]

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  cleanUp,
  configuration,
  home,
  liveHeap,
  plainEnvironment,
  pss,
  run,
  sleep,
  temporary,
  toolsAreThere,
} from './servers.mjs';

const SPARE_FILES = 1000; // for the process itself, and for sockets that are closed and not gone
const LOOK = 30_000; // ms between looks at the memory
// Servers and clients share the cores: 8,000 pings a second for 500,000.
const PINGS = 'keepalive: {ping: 60s, timeout: 30s}\n';
// Servers whose live heap is looked at, with collections that stop them; for all of them it takes minutes.
const SAMPLED = 3;
const SMALL = '-XX:+UseSerialGC -Xms16m'; // many processes on two cores: each with one thread that collects

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '500000' },
    minutes: { type: 'string', default: '10' },
    signaling: { type: 'string', default: '1' },
    rate: { type: 'string', default: '1000' },
  },
});
const peers = Number(values.peers);
const minutes = Number(values.minutes);
const files = Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout);
const processes = Math.ceil(peers / (files - SPARE_FILES));

const available = () => 1024 * Number(/^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1]);
const sum = (numbers) => numbers.reduce((all, it) => all + it, 0);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const minutesSince = (begin) => ((performance.now() - begin) / 60_000).toFixed(1);
const each = (bytes) => `${(bytes / peers / 1000).toFixed(2)} kB`;
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`;
const million = (bytes) => gigabytes((1_000_000 / peers) * bytes);
const children = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

function environment(options) {
  return { ...plainEnvironment(), JAVA_OPTS: `${SMALL} ${options}` };
}

async function startServers() {
  const servers = [];
  for (let i = 0; i < processes; i++) {
    const server = run([path.join(home, 'parley'), 'serve', '--config', configuration(PINGS)], {
      env: environment(''),
    });
    const { port } = (await server.says(/websocket ws:\/\/[^\s/]+:(?<port>\d+)\//)).groups;
    servers.push({ pid: server.pid, url: `ws://127.0.0.1:${port}` });
  }
  return servers;
}

try {
  toolsAreThere();
  const before = available();
  console.log(`${peers} peers, ${processes} servers and as many generators; ${gigabytes(before)} of memory are free`);
  const servers = await startServers();
  const sampled = () => sum(servers.slice(0, SAMPLED).map((it) => liveHeap(it.pid))) / Math.min(SAMPLED, processes);
  const heapBefore = sampled();
  const processBefore = 1024 * sum(servers.map((it) => pss(it.pid)));

  const json = path.join(temporary(), 'capacity.json');
  const generator = run(
    [
      ...[path.join(home, 'parley'), 'bench', 'idle', '--connections', String(peers), '--processes', String(processes)],
      ...['--signaling', values.signaling, '--rate', values.rate, '--duration', `${minutes}m`, '--json', json],
      ...servers.flatMap((it) => ['--url', it.url]),
    ],
    { env: environment('') },
  );
  const began = performance.now();
  await Promise.race([generator.says(/^holding$/m, 30 * 60_000), generator.ended]);
  console.log(`all there after ${((performance.now() - began) / 1000).toFixed(0)} s`);

  const kernel = () =>
    before -
    available() -
    1024 * sum([...servers.map((it) => it.pid), generator.pid, ...children(generator.pid)].map(pss));
  let isOver = false;
  generator.ended.then(() => (isOver = true));
  const looks = [];
  let heap;
  for (let look = 1; !isOver && performance.now() - began < 3600_000; look++) {
    await Promise.race([sleep(LOOK), generator.ended]);
    if (isOver) break;
    const processNow = 1024 * sum(servers.map((it) => pss(it.pid)));
    const seen = { process: processNow, kernel: kernel() };
    looks.push(seen);
    console.log(
      `${minutesSince(began)} min: servers ${gigabytes(seen.process)}, kernel ${gigabytes(seen.kernel)}, ` +
        `free ${gigabytes(available())}`,
    );
    if (look === 2) heap = processes * (sampled() - heapBefore);
  }
  const code = await generator.ended;
  const held = { process: median(looks.map((it) => it.process)), kernel: median(looks.map((it) => it.kernel)) };
  const result = JSON.parse(readFileSync(json, 'utf8'));
  console.log(generator.out.trim());
  console.log(`
| of each peer | |
| --- | --- |
| live heap of its server, of ${SAMPLED} servers | ${each(heap)} |
| process of its server, heap and what it had before any peer included | ${each(held.process)} |
| of that, added by the peers | ${each(held.process - processBefore)} |
| kernel, both ends of the connection | ${each(held.kernel)} |
| still there at the end | ${result.operations} of ${peers} |
| signals exchanged | ${result.extra.signals}, lost ${result.lost} |

A million peers by this arithmetic, clients elsewhere: ${million(held.process + held.kernel / 2)};
with the clients' sockets on the machine: ${million(held.process + held.kernel)}.
${os.cpus().length} cores, ${gigabytes(os.totalmem())}, Linux ${os.release()}`);
  process.exitCode = code === 0 && result.operations === peers ? 0 : 1;
} catch (error) {
  console.error(`capacity: ${error.message}`);
  process.exitCode = 1;
} finally {
  cleanUp();
}
