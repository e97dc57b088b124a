// SPDX-License-Identifier: Apache-2.0
// Runs Parley and its peers in turn and writes docs/performance.md. benchmarks/compare/README.md says how.

import { createHmac } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { between, document, goalTable, plots } from './report.mjs';
import * as results from './results.mjs';
import { PROTOCOLS, rows as allRows } from './rows.mjs';
import * as servers from './servers.mjs';
import { Trouble, here, home } from './servers.mjs';
import { show } from './statistics.mjs';

const USAGE = `Usage: node benchmarks/compare/run.mjs [--quick] [--row NAME ...] [--fresh] [--runs N]
    [--peer NAME=PROTOCOL,URL[,PID] ...]
  --quick       one short run of each, at most 5 minutes; writes no document
  --row NAME    this row only; may be repeated
  --fresh       forget what was measured before
  --runs N      runs of each server in a row (default 5)
  --peer ...    another server that runs already, in every row its protocol fits; with its process id its CPU counts
  --parley FILE another launcher than ./parley, such as that of an unpacked tarball`;
const TOKENS = 50; // as many as clients shake hands at once
const OVERHEAD = 4; // seconds to start and stop both processes and to connect

function options() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        row: { type: 'string', multiple: true, default: [] },
        fresh: { type: 'boolean', default: false },
        runs: { type: 'string' },
        peer: { type: 'string', multiple: true, default: [] },
        parley: { type: 'string', default: path.join(home, 'parley') },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new Trouble(`${error.message}\n${USAGE}`);
  }
  const rows = allRows(values.quick);
  for (const name of values.row)
    if (!rows.some((it) => it.name === name))
      throw new Trouble(`no row '${name}'; there are ${rows.map((it) => it.name).join(', ')}`);
  if (values.runs !== undefined && !/^[1-9]\d?$/.test(values.runs)) throw new Trouble('--runs takes 1 to 99');
  const peers = values.peer.map((it) => {
    const match = /^(?<id>[\w.-]+)=(?<protocol>\w+),(?<url>[^,]+)(,(?<pid>\d+))?$/.exec(it);
    if (!match || !PROTOCOLS.includes(match.groups.protocol))
      throw new Trouble(`--peer takes NAME=PROTOCOL,URL[,PID] with a protocol of ${PROTOCOLS.join(', ')}`);
    const { id, protocol, url, pid } = match.groups;
    return { id, protocol, url, pid, guest: true };
  });
  return {
    ...values,
    peers,
    parley: path.resolve(values.parley),
    rows: values.row.length ? rows.filter((it) => values.row.includes(it.name)) : rows,
    runs: Number(values.runs ?? (values.quick ? 1 : 5)),
  };
}

function installPeers() {
  const { dependencies } = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));
  const there = ([name, version]) => {
    const file = path.join(here, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  };
  if (Object.entries(dependencies).every(there)) return;
  if (spawnSync('npm', ['ci'], { cwd: here, stdio: 'inherit' }).status !== 0)
    throw new Trouble('npm ci failed in benchmarks/compare/');
}

// Builds if it must, before anything is timed.
function token(launcher) {
  const made = spawnSync(
    launcher,
    ['token', '--config', servers.configuration(), '--peer', 'bench', '--expires', '24h'],
    {
      encoding: 'utf8',
      env: servers.plainEnvironment(),
    },
  );
  if (made.status !== 0) throw new Trouble(`${launcher} token: ${made.error?.message ?? made.stderr}`);
  return made.stdout.trim();
}

// One token for each client, as each is a peer of its own: what Parley signed, for other peers, with the same secret.
function tokens(launcher) {
  const made = token(launcher);
  const [header, claims] = made.split('.');
  const secret = /secret: (\S+)\}/.exec(readFileSync(servers.configuration(), 'utf8'))[1];
  const claimed = JSON.parse(Buffer.from(claims, 'base64url'));
  const signed = (text) => `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  if (signed(`${header}.${claims}`) !== made) throw new Trouble('the tokens of this Parley are signed in another way');
  return Array.from({ length: TOKENS }, (_, i) =>
    signed(`${header}.${Buffer.from(JSON.stringify({ ...claimed, sub: `bench-${i}` })).toString('base64url')}`),
  );
}

const filesAllowed = () =>
  Number(spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim()) || Infinity;
const secondsOf = (row) => OVERHEAD + (row.seconds.around ?? row.seconds.warmup + row.seconds.duration);

function generator(row, variant, target, json, setup) {
  const command = [
    setup.parley,
    'bench',
    ...row.scenario,
    '--protocol',
    variant.protocol,
    '--url',
    target.url,
    '--json',
    json,
  ];
  if (variant.token) for (const token of setup.tokens) command.push('--token', token);
  if (row.seconds.duration)
    command.push('--warmup', String(row.seconds.warmup), '--duration', String(row.seconds.duration));
  if (target.pid) command.push('--pid', String(target.pid));
  return servers.onLoadCore(command);
}

async function load(row, variant, target, setup) {
  const json = path.join(servers.temporary(), 'result.json');
  writeFileSync(json, '');
  const before = row.kind === 'memory' ? servers.liveHeap(target.pid) : 0;
  const it = servers.run(generator(row, variant, target, json, setup), {
    env: servers.plainEnvironment(),
    stdio: [row.kind === 'memory' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  const late = setTimeout(() => it.kill('SIGKILL'), (secondsOf(row) * 3 + 60) * 1000);
  let memory;
  try {
    if (row.kind === 'memory') {
      await it.says(/^holding/m, 120_000);
      const pss = servers.pss(target.pid);
      const heap = servers.liveHeap(target.pid);
      // 1 kB is 1,000 bytes here, 1,024 in /proc.
      memory = {
        heapPerPeer: (heap - before) / 1000 / row.peers,
        pssPerPeer: (pss * 1.024) / row.peers,
        pssCollectedPerPeer: (servers.pss(target.pid) * 1.024) / row.peers,
        heapBefore: before / 1000,
      };
      it.child.stdin.end();
    }
    const code = await it.ended;
    if (code !== 0)
      throw new Error(`the generator ended with ${code}: ${it.said.trim().split('\n').slice(-5).join('\n')}`);
  } finally {
    clearTimeout(late);
    it.kill('SIGKILL');
    await it.ended;
  }
  const result = JSON.parse(readFileSync(json, 'utf8'));
  if (result.lost || result.errors) throw new Error(`${result.lost} lost, ${result.errors} errors`);
  if (memory) result.extra = { ...result.extra, ...memory };
  return result;
}

async function measure(row, variant, setup) {
  if (row.kind === 'start-up') return { extra: { millis: await servers.startUp(variant.server, setup.parley) } };
  const target = await servers.start(variant, setup.parley);
  try {
    return await load(row, variant, target, setup);
  } finally {
    await target.stop();
  }
}

function line(row, result) {
  const goal = row.comparisons[0]?.figure ?? row.limits[0].figure;
  const shown = row.figures.filter((it) => it.name === goal || it.name === 'rate' || row.kind === 'memory');
  return shown.map((it) => `${show(it.of(result))} ${it.label}`).join(', ');
}

// All missing runs of a row, the servers in turn. Whether it is complete now.
async function measureRow({ row, store, variants, runs }, setup) {
  let complete = true;
  for (let k = 0; k < runs; k++) {
    for (const variant of variants) {
      if (store.has(variant.id, k)) continue;
      const load = os.loadavg()[0];
      const head = `${row.name}  run ${k + 1} of ${runs}  ${variant.id}`;
      try {
        const result = await measure(row, variant, setup);
        store.put(variant.id, k, { ...result, loadBefore: load });
        console.log(`${head}: ${line(row, result)}`);
      } catch (error) {
        console.log(`${head}: FAILED: ${error.message}`);
        // A guest that cannot do it must not keep the others from being finished.
        if (variant.guest) store.put(variant.id, k, { failed: error.message });
        else complete = false;
      }
    }
  }
  store.finish(complete);
  return complete;
}

function plan(it, machine) {
  const folder = path.join(here, 'results', ...(it.quick ? ['quick'] : []));
  return it.rows.map((row) => {
    const variants = [...row.variants, ...it.peers.filter((peer) => row.fits.includes(peer.protocol))];
    const runs = Math.max(it.runs, it.quick ? 1 : 0, row.runs ?? 0);
    const settings = { scenario: row.scenario, seconds: row.seconds, variants };
    const store = results.open(folder, row, settings, machine, it.fresh || it.quick);
    let missing = 0;
    for (let k = 0; k < runs; k++) for (const variant of variants) if (!store.has(variant.id, k)) missing++;
    return { row, variants, runs, store, missing };
  });
}

// Everything that is complete, in the order of the rows, whichever of them were measured this time.
function writeDocument() {
  const kept = allRows(false).flatMap((row) => {
    const file = path.join(here, 'results', `${row.name}.json`);
    if (!existsSync(file)) return [];
    const content = JSON.parse(readFileSync(file, 'utf8'));
    return content.finished ? [{ row, content }] : [];
  });
  if (!kept.length) return;
  const images = path.join(home, 'docs', 'images');
  mkdirSync(images, { recursive: true });
  for (const { row, content } of kept)
    for (const { file, svg } of plots(row, content)) writeFileSync(path.join(images, file), svg);
  const file = path.join(home, 'docs', 'performance.md');
  writeFileSync(file, between(readFileSync(file, 'utf8'), document(kept)));
  console.log(`wrote docs/performance.md (${kept.length} rows)`);
}

async function main() {
  const it = options();
  if (it.help) return console.log(USAGE);
  servers.toolsAreThere();
  installPeers();
  const setup = { parley: it.parley, tokens: tokens(it.parley) };
  const most = Math.max(...it.rows.map((row) => Number(row.scenario[row.scenario.indexOf('--connections') + 1]) || 0));
  if (filesAllowed() < most + 500)
    throw new Trouble(`${most} connections need as many open files and 500 more; raise 'ulimit -n'`);
  // A first server tells which JVM it is, and that one starts at all.
  const first = await servers.start({ server: 'parley' }, it.parley);
  const machine = results.facts(first.pid);
  await first.stop();

  const planned = plan(it, machine);
  const seconds = planned.reduce((sum, { row, missing }) => sum + missing * secondsOf(row), 0);
  console.log(
    `${planned.reduce((sum, { missing }) => sum + missing, 0)} runs, about ${Math.ceil(seconds / 60)} minutes`,
  );
  let complete = true;
  for (const each of planned) complete = (await measureRow(each, setup)) && complete;

  console.log(`\n${goalTable(planned.map(({ row, store }) => ({ row, content: store.content })))}\n`);
  if (!it.quick) writeDocument();
  if (!complete) throw new Trouble('some runs failed, see above; the same command makes up for them');
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.once(signal, () => {
    servers.cleanUp();
    process.exit(code);
  });
try {
  await main();
} catch (error) {
  console.error(error instanceof Trouble ? `bench: ${error.message}` : error);
  process.exitCode = 1;
} finally {
  servers.cleanUp();
}
