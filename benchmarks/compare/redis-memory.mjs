// SPDX-License-Identifier: Apache-2.0
// What a peer costs in Redis that is on one of two servers, in a room of two, and says nothing.
//
//   node benchmarks/compare/redis-memory.mjs [--peers 4000] [--parley FILE]

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startRedis } from './redis.mjs';
import { cleanUp, cleanUpOnSignals, home, plainEnvironment, run, start } from './servers.mjs';
import { show } from './statistics.mjs';

const CLUSTER_MS = 3000; // until two servers know each other
const QUIET_MS = 10_000;

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '4000' },
    parley: { type: 'string', default: path.join(home, 'parley') },
  },
});
const peers = Number(values.peers);

/** Milliseconds of a processor, in steps of ten. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Waits until Redis has the same memory for two seconds, and returns it. */
async function settled(redis) {
  let before = 0;
  for (let now = await redis.memory(); Math.abs(now - before) > 4096; now = await redis.memory()) {
    before = now;
    await sleep(2000);
  }
  return before;
}

cleanUpOnSignals();

try {
  const redis = await startRedis();
  const servers = [];
  for (const node of ['first', 'second']) {
    const settings = `cluster: {redis: "${redis.url}", node: ${node}}\n`;
    servers.push(await start({ server: 'parley', settings }, values.parley));
  }
  await sleep(CLUSTER_MS);
  const empty = await settled(redis);
  const begin = cpu(redis.pid);
  const command = [values.parley, 'bench', 'idle', '--connections', String(peers)];
  command.push('--url', servers[0].url, '--second-url', servers[1].url);
  const bench = run(command, { env: plainEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
  bench.ended.then((code) => {
    if (code !== 0) {
      console.error(bench.said);
      cleanUp();
      process.exit(1);
    }
  });
  while ((await redis.memory()) < empty + 500 * peers) await sleep(1000);
  const full = await settled(redis);
  const there = cpu(redis.pid);
  await sleep(QUIET_MS);
  const later = cpu(redis.pid);
  bench.child.stdin.end();
  await bench.ended;
  await settled(redis);
  const gone = cpu(redis.pid);
  console.log(`memory of a peer: ${show((full - empty) / peers)} bytes`);
  console.log(`CPU of a peer that comes and joins a room: ${show((there - begin) / peers)} ms`);
  console.log(`CPU of a peer that leaves: ${show((gone - later) / peers)} ms`);
  console.log(`CPU of ${show(peers)} peers that are there: ${show(((later - there) / QUIET_MS) * 1000)} ms a second`);
} finally {
  cleanUp();
}
