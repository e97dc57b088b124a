// SPDX-License-Identifier: Apache-2.0
// What several servers cost: signals of pairs, of which each half is on another of two servers on one Redis, beside one
// server that is alone, and beside Socket.IO with its adapter of Redis Streams.
//
//   node benchmarks/compare/cluster.mjs [--runs 10] [--seconds 6] [--warmup 30]
//     [--load saturation|2000 ...] [--variant alone|cluster|Socket.IO ...] [--parley FILE]
//
// The servers and Redis share core 0, the generator has core 1. All are there from the begin on, each is warmed up for
// each load, and runs alternate. It needs redis-server.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from './redis.mjs';
import {
  cleanUp,
  cleanUpOnSignals,
  home,
  onLoadCore,
  onServerCore,
  plainEnvironment,
  run,
  start,
  temporary,
} from './servers.mjs';
import { median, show } from './statistics.mjs';

const PAIRS = 500;
const LOADS = { saturation: ['--window', '1'], 2000: ['--rate', '2000'] };

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '6' },
    load: { type: 'string', multiple: true, default: ['saturation', '2000'] },
    warmup: { type: 'string', default: '30' },
    variant: { type: 'string', multiple: true, default: ['alone', 'cluster', 'Socket.IO'] },
    parley: { type: 'string', default: path.join(home, 'parley') },
  },
});

const AGAIN = 2; // s of a run that are not measured, of servers that are warm

const parley = (redis, name) =>
  start({ server: 'parley', settings: redis && `cluster: {redis: "${redis.url}", node: ${name}}\n` }, values.parley);

const socketIo = (redis) => start({ server: 'socket-io', arguments: [redis.url] });

const variants = {
  alone: async () => ({ servers: [await parley(undefined, 'alone')], protocol: 'v1' }),
  cluster: async () => {
    const redis = await startRedis(onServerCore);
    return { redis, servers: [await parley(redis, 'first'), await parley(redis, 'second')], protocol: 'v1' };
  },
  'Socket.IO': async () => {
    const redis = await startRedis(onServerCore);
    return { redis, servers: [await socketIo(redis), await socketIo(redis)], protocol: 'socketio' };
  },
};

// Commands that clients send to Redis. Scripts call some of them, too, so the count is an upper bound.
const SENT = /^(evalsha|eval|fcall|xread|xreadgroup|xadd|publish|spublish|xrange|xtrim|ping|info|hset|get|set)$/;

async function measure({ name, redis, servers, protocol }, load, warmUp, seconds) {
  const json = path.join(temporary(), 'cluster.json');
  const command = [values.parley, 'bench', 'relay', '--protocol', protocol, '--connections', String(2 * PAIRS)];
  command.push('--url', servers[0].url, '--second-url', servers.at(-1).url, ...LOADS[load], '--json', json);
  command.push('--warmup', `${warmUp}s`, '--duration', `${seconds}s`);
  for (const { pid } of [...servers, ...(redis ? [redis] : [])]) command.push('--pid', String(pid));
  const it = run(onLoadCore(command), { env: plainEnvironment() });
  let before;
  let begin;
  if (redis) {
    setTimeout(async () => ([before, begin] = [await redis.commands(), performance.now()]), (warmUp + 2) * 1000);
  }
  let after;
  let end;
  if (redis) {
    const late = (warmUp + seconds) * 1000;
    setTimeout(async () => ([after, end] = [await redis.commands(), performance.now()]), late);
  }
  const code = await it.ended;
  if (code !== 0) throw new Error(`${name}: ${it.said}`);
  const result = JSON.parse(readFileSync(json, 'utf8'));
  const each = result.server.cpuMicrosPerOperationOfEach;
  const perSecond = result.operations / result.seconds;
  const sent = (commands) =>
    [...commands].filter(([command]) => SENT.test(command)).reduce((sum, [, count]) => sum + count, 0);
  return {
    perSecond,
    servers: each.slice(0, servers.length).reduce((sum, it) => sum + it, 0),
    redis: redis ? each.at(-1) : 0,
    commands: redis ? (sent(after) - sent(before)) / (((end - begin) / 1000) * perSecond) : 0,
    p50: result.latencyMicros.p50 / 1000,
    p99: result.latencyMicros.p99 / 1000,
    lost: result.lost + result.errors,
  };
}

cleanUpOnSignals();

try {
  console.log(
    '| load | servers | a second | CPU of servers, us | CPU of Redis, us | commands | p50, ms | p99, ms | lost |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  const started = {};
  for (const name of values.variant) started[name] = { name, ...(await variants[name]()) };
  for (const load of values.load) {
    for (const name of values.variant) await measure(started[name], load, Number(values.warmup), 4);
    const results = Object.fromEntries(values.variant.map((name) => [name, []]));
    for (let number = 0; number < Number(values.runs); number++) {
      for (const name of values.variant)
        results[name].push(await measure(started[name], load, AGAIN, Number(values.seconds)));
    }
    const of = (name, figure) => median(results[name].map((it) => it[figure]));
    for (const name of values.variant) {
      const figures = ['perSecond', 'servers', 'redis', 'commands', 'p50', 'p99', 'lost'].map((it) =>
        show(of(name, it)),
      );
      console.log(`| ${load} | ${name} | ${figures.join(' | ')} |`);
    }
    const all = (name) => of(name, 'servers') + of(name, 'redis');
    const has = (name) => values.variant.includes(name);
    if (has('cluster') && has('alone')) {
      const [servers, redis] = ['servers', 'redis'].map((it) => show(of('cluster', it) / of('alone', 'servers')));
      console.log(`\n${load}: the servers take ${servers}, Redis ${redis} of the CPU of one server that is alone`);
    }
    if (has('cluster') && has('Socket.IO')) {
      console.log(`${load}: all processes take ${show(all('cluster') / all('Socket.IO'))} of those of Socket.IO`);
    }
  }
} finally {
  cleanUp();
}
