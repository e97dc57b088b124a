// SPDX-License-Identifier: Apache-2.0
// Clients that hold patterns which take long to compare with the name of a room, or hold them for a moment again and
// again, and clients that publish to many rooms. Innocents: pairs of another app and of the same app, and a member who
// publishes to a room of ten. On two servers the patterns are on the second, the publishers on the first.

import { startRedis } from '../redis.mjs';
import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { endings, list, Row } from './table.mjs';
import { ATTACKED, INNOCENT, Target } from './target.mjs';

const P99_MS = 250;
const WARM_UP_MS = 3000;
const CLUSTER_MS = 2000; // until two servers know each other
const ROOM = 'a'.repeat(200);
const MEMBERS = 10;
const PER_SECOND = 40;
const WANDERERS = 20;

/** What others publish to while the patterns are there. */
const ROOMS = {
  hold: undefined,
  wander: { prefix: `${'a'.repeat(200)}/`, names: 1e9 },
  evict: { prefix: '', names: 600 }, // names that are cheap to compare
  toggle: { prefix: `${'a'.repeat(250)}/`, names: 240 },
};
const PATTERN_CHARACTERS = 240;
const INNOCENT_ADDRESS = '127.0.0.200';

export const options = {
  servers: { default: '1,2' },
  patterns: { default: '175' },
  variant: { default: Object.keys(ROOMS).join(',') },
  seconds: { default: '20' },
};

export async function* run(values) {
  for (const servers of list(values.servers)) {
    for (const variant of list(values.variant)) yield await once({ ...values, servers: Number(servers), variant });
  }
}

/** Returns patterns that no name matches before its last character was compared. */
function slowPatterns(count) {
  const numbered = (index) => `z${index}`;
  return Array.from({ length: count }, (_, index) => {
    const end = numbered(index);
    return 'a*'.repeat((PATTERN_CHARACTERS - end.length) / 2) + end;
  });
}

async function once({ servers, variant, patterns, seconds, addresses, target: how }) {
  const row = new Row(`patterns ${servers} servers, ${patterns} patterns, ${variant}`);
  const redis = servers > 1 ? await startRedis() : undefined;
  const start = (name) =>
    Target.start({ ...how, settings: redis ? `cluster: {redis: "${redis.url}", node: ${name}}` : '' });
  const first = await start('first');
  const second = redis ? await start('second') : first;
  const pairs = new Actor('pairs.mjs');
  const members = new Actor('victims.mjs');
  const hostile = new Actor('hostile.mjs');
  try {
    if (redis) await sleep(CLUSTER_MS);
    const place = { port: second.port, otherPort: first.port, localAddress: INNOCENT_ADDRESS };
    const protocols = ['v1', 'parley.v1'];
    await pairs.call('start', { ...place, name: 'other app', key: INNOCENT, protocols });
    await pairs.call('start', { ...place, name: 'same app', key: ATTACKED, protocols });
    const room = { ...place, key: ATTACKED, channel: ROOM };
    await members.call('join', { ...room, protocols, count: MEMBERS });
    await hostile.call(variant === 'toggle' ? 'toggle' : 'subscribe', {
      port: second.port,
      key: ATTACKED,
      patterns: slowPatterns(Number(patterns)),
      addresses,
    });
    await members.call('talk', { ...room, port: first.port, way: 'publish', perSecond: PER_SECOND });
    if (ROOMS[variant]) {
      const load = { port: first.port, key: ATTACKED, count: WANDERERS, addresses };
      await hostile.call('wander', { ...load, ...ROOMS[variant] });
    }
    await sleep(WARM_UP_MS);
    await pairs.call('measure');
    await members.call('measure');
    await sleep(Number(seconds) * 1000);
    await hostile.call('finish');
    const found = await pairs.call('finish');
    row.pairs(found.groups, P99_MS);
    row.members(`room of ${MEMBERS}`, await members.call('finish'), P99_MS);
    row.lag(found.lag);
    const said = await hostile.call('report');
    row.note(`hostile sent ${said.sent}, ${endings(said.ends) || 'none closed'}`);
    for (const target of new Set([first, second])) {
      await row.stop(target);
    }
  } catch (error) {
    row.fail(error);
  } finally {
    for (const actor of [hostile, pairs, members]) actor.stop();
    for (const target of new Set([first, second])) await target.kill();
    redis?.stop();
  }
  return row;
}
