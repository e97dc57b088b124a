// SPDX-License-Identifier: Apache-2.0
// What two builds of Parley cost side by side: CPU time and heap for each message.
//
//   node benchmarks/compare/versions.mjs --before FILE [--after FILE] [--starts 2] [--pairs 5] [--seconds 4]
//     [--warmup 45] [--load v1,minimal,parley-v1,burst,fanout]
//
// FILE is a launcher, such as ./parley of another work tree that has been built. Both servers start, share core 0, and
// are warmed up: each for long, as what they allocate depends on what the compiler of the JVM has done. Then they are
// measured in turns, in pairs of which every second begins with the other one; and so with the next two servers. The
// generator has core 1.

import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cleanUp, cleanUpOnSignals, home, onLoadCore, plainEnvironment, run, start, temporary } from './servers.mjs';
import { median, ratio, show } from './statistics.mjs';

const LOADS = {
  v1: ['relay', '--connections', '1000', '--window', '1'],
  minimal: ['relay', '--protocol', 'minimal', '--connections', '1000', '--window', '1'],
  'parley-v1': ['relay', '--protocol', 'parley-v1', '--connections', '1000', '--window', '1'],
  burst: ['relay', '--connections', '100', '--window', '8'],
  fanout: ['fanout', '--members', '100'],
};

// Of the JVM's own events only what each thread has allocated, at the begin and the end of a recording.
const RECORDED = `<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0"><event name="jdk.ThreadAllocationStatistics"><setting name="enabled">true</setting>
<setting name="period">everyChunk</setting></event></configuration>
`;

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    after: { type: 'string', default: path.join(home, 'parley') },
    starts: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '45' },
    load: { type: 'string', default: Object.keys(LOADS).join(',') },
  },
});
const loads = values.load.split(',');
const unknown = loads.find((name) => !LOADS[name]);
if (!values.before || unknown) {
  console.error(
    unknown
      ? `--load ${unknown}: choose from ${Object.keys(LOADS).join(', ')}`
      : '--before FILE is missing: the launcher of the build to compare with, such as ../other/parley',
  );
  process.exit(2);
}

const ORDER = ['before', 'after'];
const SPAN = 2; // s in which what is allocated is counted

function jvm(pid, tool, ...rest) {
  const file = path.join(path.dirname(readlinkSync(`/proc/${pid}/exe`)), tool);
  const [command, ...all] = onLoadCore([file, ...rest]);
  const answer = spawnSync(command, all, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (answer.status !== 0) throw new Error(`${tool} ${rest.join(' ')}: ${answer.stderr}${answer.stdout}`);
  return answer.stdout;
}

// Bytes a second that the server's threads allocate.
async function allocated(pid) {
  const settings = path.join(temporary(), 'allocations.jfc');
  const recording = path.join(temporary(), 'allocations.jfr');
  writeFileSync(settings, RECORDED);
  jvm(pid, 'jcmd', String(pid), 'JFR.start', 'name=allocations', `settings=${settings}`);
  const begin = performance.now();
  await sleep(SPAN * 1000);
  const seconds = (performance.now() - begin) / 1000;
  jvm(pid, 'jcmd', String(pid), 'JFR.stop', 'name=allocations', `filename=${recording}`);
  const print = jvm(pid, 'jfr', 'print', '--json', '--events', 'jdk.ThreadAllocationStatistics', recording);
  rmSync(recording);
  const spans = new Map();
  for (const { values: event } of JSON.parse(print).recording.events) {
    const thread = event.thread?.javaName;
    if (!thread || /JFR|Attach/.test(thread)) continue;
    const [least, most] = spans.get(thread) ?? [Infinity, 0];
    spans.set(thread, [Math.min(least, event.allocated), Math.max(most, event.allocated)]);
  }
  return [...spans.values()].reduce((sum, [least, most]) => sum + most - least, 0) / seconds;
}

async function bench(server, load, warmup, seconds, meanwhile) {
  const json = path.join(temporary(), 'versions.json');
  const command = [values.after, 'bench', ...LOADS[load], '--url', server.url, '--pid', String(server.pid)];
  command.push('--warmup', `${warmup}s`, '--duration', `${seconds}s`, '--json', json);
  const it = run(onLoadCore(command), { env: plainEnvironment() });
  const found = await meanwhile?.();
  const code = await it.ended;
  if (code !== 0) throw new Error(`${load}: ${it.said}`);
  const result = JSON.parse(readFileSync(json, 'utf8'));
  if (result.lost + result.errors > 0) throw new Error(`${load}: ${JSON.stringify(result)}`);
  return { ...result, found };
}

// CPU time and heap of one message, of pairs of two servers.
async function measure(load, pairs) {
  const servers = {};
  for (const name of ORDER) servers[name] = await start({ server: 'parley' }, values[name]);
  for (const server of Object.values(servers)) await bench(server, load, Number(values.warmup), 1);
  const each = async (number, figure) => {
    const found = {};
    for (const name of number % 2 ? ORDER.toReversed() : ORDER) found[name] = await figure(servers[name]);
    return found;
  };
  for (let number = 0; number < Number(values.pairs); number++) {
    pairs.cpu.push(await each(number, (server) => cpu(server, load)));
    pairs.heap.push(await each(number, (server) => heap(server, load)));
    const [cpus, heaps] = [pairs.cpu, pairs.heap].map((all) => (all.at(-1).after / all.at(-1).before).toFixed(3));
    console.error(`${load} ${pairs.cpu.length}: CPU ${cpus}, heap ${heaps}`);
  }
  await Promise.all(Object.values(servers).map((server) => server.stop()));
}

async function cpu(server, load) {
  return (await bench(server, load, 1, Number(values.seconds))).server.cpuMicrosPerOperation;
}

async function heap(server, load) {
  const span = async () => (await sleep(2000), allocated(server.pid));
  const { found, operations, seconds } = await bench(server, load, 1, SPAN + 2, span);
  return found / (operations / seconds);
}

cleanUpOnSignals();

try {
  console.log('| load | figure | before | after | ratio of medians | ratios of pairs |');
  console.log('|---|---|---|---|---|---|');
  for (const load of loads) {
    const pairs = { cpu: [], heap: [] };
    for (let number = 0; number < Number(values.starts); number++) await measure(load, pairs);
    for (const [figure, label] of Object.entries({ cpu: 'CPU, µs a message', heap: 'heap, bytes a message' })) {
      const [before, after] = ORDER.map((name) => pairs[figure].map((it) => it[name]));
      const ratios = ratio(after, before);
      const spread = `${ratios.min.toFixed(3)} to ${ratios.max.toFixed(3)}`;
      const medians = `${show(median(before))} | ${show(median(after))} | ${ratios.median.toFixed(3)}`;
      console.log(`| ${load} | ${label} | ${medians} | ${spread} |`);
    }
  }
} finally {
  cleanUp();
}
