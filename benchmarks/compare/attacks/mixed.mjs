// SPDX-License-Identifier: Apache-2.0
// All kinds of abuse at once for minutes, on a server with little memory, beside healthy pairs of another app.

import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { bytesOf, endings, list, milliseconds, Row } from './table.mjs';
import { ATTACKED, INNOCENT, Target } from './target.mjs';

const WARM_UP_MS = 4000;
const ROSTERS = ['roster-1', 'roster-2'];
const PEERS = 500;
const METADATA_BYTES = 1024;
const LEAKS = 'simple'; // level of leak detection, unless another one is asked for

/** Publishers at line speed, in waves: few with large messages, few with small ones. */
const FLOODS = [
  { connections: 3, bytes: 60_000, way: 'publish', channel: 'flooded', pattern: 'renew', burst: 950, perSecond: 190 },
  { connections: 3, bytes: 50, way: 'publish', channel: 'flooded', pattern: 'renew', burst: 950, perSecond: 190 },
  { connections: 1, bytes: 60_000, way: 'publish', channel: 'flooded', pattern: 'flood' }, // beyond every rate
];

/** What bounds the server's memory. */
const BOXES = {
  'heap 256m': { heap: '256m' },
  'group 512m': { cgroup: bytesOf('512m') },
};

export const options = {
  box: { default: Object.keys(BOXES).join() },
  minutes: { default: '10' },
};

export async function* run(values) {
  for (const box of list(values.box)) yield await once({ ...values, box });
}

async function once({ box, minutes, target: how, addresses }) {
  const row = new Row(`mixed ${minutes} min, ${box}`);
  const target = await Target.start({ ...how, ...BOXES[box], leaks: how.leaks ?? LEAKS });
  const pairs = new Actor('pairs.mjs');
  const crowd = new Actor('roster.mjs');
  const abuse = new Actor('abuse.mjs');
  const hostile = new Actor('hostile.mjs');
  try {
    await pairs.call('start', { name: 'other app', port: target.port, key: INNOCENT, protocols: ['v1', 'parley.v1'] });
    await crowd.call('start', { port: target.port, channels: ROSTERS, count: PEERS, metadataBytes: METADATA_BYTES });
    await sleep(WARM_UP_MS);
    await pairs.call('measure');
    const place = { port: target.port, key: ATTACKED };
    await abuse.call('start', { ...place, channels: ROSTERS });
    for (const flood of FLOODS) await hostile.call('flood', { ...place, ...flood, addresses, isInWaves: true });
    const until = performance.now() + Number(minutes) * 60_000;
    while (performance.now() < until && !target.hasEnded) await sleep(500);
    const done = await abuse.call('finish');
    const report = await hostile.call('report');
    await hostile.call('finish');
    const it = await pairs.call('finish');
    const healthy = it.groups['other app'];
    row.check('server', !target.hasEnded, target.hasEnded ? 'ended' : 'runs');
    row.check(
      'healthy lost',
      healthy.lost === 0 && healthy.ends.length === 0,
      `${healthy.lost} of ${healthy.sent}`,
      [...new Set(healthy.ends)].join('; '),
    );
    row.server(target);
    row.note(
      `healthy p50 ${milliseconds(healthy.p50)}, p99 ${milliseconds(healthy.p99)}, max ${milliseconds(healthy.max)}`,
    );
    row.lag(it.lag);
    row.note(
      `published ${report.sent} over ${report.connections} connections, closed ${endings(report.ends) || 'none'}`,
    );
    row.note(endings(done));
    if (!target.hasEnded) {
      const stopped = await target.stop();
      row.check('SIGTERM', stopped.isInTime, `${stopped.seconds.toFixed(1)} s, exit ${stopped.code}`);
    }
  } catch (error) {
    row.fail(error);
  } finally {
    for (const actor of [hostile, abuse, crowd, pairs]) actor.stop();
    await target.kill();
  }
  return row;
}
