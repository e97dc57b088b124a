// SPDX-License-Identifier: Apache-2.0
// Many members of one room who all publish to it at one moment, again and again. Innocents: pairs of another app and of
// the same app, and a member who publishes to a room of 100 from another address, in the other app and in the same. On
// two servers each pair and each such room is on both; those who publish are on the first, the members on the second.

import { startRedis } from '../redis.mjs';
import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { endings, list, Row } from './table.mjs';
import { ATTACKED, INNOCENT, Target } from './target.mjs';

const P99_MS = 250;
const WARM_UP_MS = 3000;
const HONEST_ROOM = 100; // members
const CHANNEL = 'large';
const CLUSTER_MS = 2000; // until two servers know each other
const INNOCENT_ADDRESS = '127.0.0.200';

export const options = {
  members: { default: '100,500,1000' },
  bytes: { default: '1024' },
  way: { default: 'publish,send' }, // send: all are connections of one peer, and send to it
  servers: { default: '1,2' },
  read: { default: 'all,none' }, // whether the members read
  every: { default: '5000' }, // ms between the moments
  seconds: { default: '20' },
};

export async function* run(values) {
  for (const servers of list(values.servers)) {
    for (const way of list(values.way)) {
      for (const members of list(values.members)) {
        for (const read of list(values.read)) {
          for (const bytes of list(values.bytes)) {
            const numbers = { servers: Number(servers), members: Number(members), bytes: Number(bytes) };
            yield await once({ ...values, ...numbers, way, read });
          }
        }
      }
    }
  }
}

async function once({ servers, way, members, read, bytes, every, seconds, addresses, target: how }) {
  const row = new Row(`rooms ${servers} servers, ${members} members, ${read} read, ${bytes} B ${way}`);
  const redis = servers > 1 ? await startRedis() : undefined;
  const start = (name) => {
    const settings = [`limits: {connectionsPerPeer: ${Math.max(members, 100)}}`];
    if (redis) settings.push(`cluster: {redis: "${redis.url}", node: ${name}}`);
    return Target.start({ ...how, settings: settings.join('\n') });
  };
  const first = await start('first');
  const second = redis ? await start('second') : first;
  const pairs = new Actor('pairs.mjs');
  const hostile = new Actor('hostile.mjs');
  const speaking = redis ? new Actor('hostile.mjs') : hostile;
  const rooms = { 'other app': INNOCENT, 'same app': ATTACKED };
  const listening = Object.fromEntries(Object.keys(rooms).map((name) => [name, new Actor('victims.mjs')]));
  try {
    const port = second.port;
    if (redis) await sleep(CLUSTER_MS);
    for (const [name, key] of Object.entries(rooms)) {
      const place = { port, otherPort: first.port, key, localAddress: INNOCENT_ADDRESS };
      await pairs.call('start', { ...place, name, protocols: ['v1', 'parley.v1'] });
      const room = { ...place, channel: 'honest' };
      await listening[name].call('join', { ...room, protocols: ['v1', 'parley.v1'], count: HONEST_ROOM });
      await listening[name].call('talk', { ...room, port: first.port, way: 'publish', perSecond: 10 });
    }
    const load = { port, key: ATTACKED, channel: CHANNEL, addresses, bytes, way };
    await hostile.call('enter', { ...load, count: members, isReading: read === 'all' });
    if (redis) await speaking.call('enter', { ...load, channel: undefined, port: first.port, count: members });
    await sleep(WARM_UP_MS);
    await pairs.call('measure');
    for (const actor of Object.values(listening)) await actor.call('measure');
    const begin = performance.now();
    while (performance.now() - begin < Number(seconds) * 1000) {
      await speaking.call('speak', load);
      await sleep(Number(every));
    }
    await hostile.call('finish');
    const found = await pairs.call('finish');
    row.pairs(found.groups, P99_MS);
    for (const [name, actor] of Object.entries(listening)) {
      row.members(`${name}, room of ${HONEST_ROOM}`, await actor.call('finish'), P99_MS);
    }
    row.lag(found.lag);
    const said = await speaking.call('report');
    const heard = await hostile.call('report');
    const ends = endings({ ...said.ends, ...heard.ends }) || 'none closed';
    row.note(`hostile sent ${said.sent}, read ${heard.frames}, ${ends}`);
    for (const target of new Set([first, second])) {
      await row.stop(target);
    }
  } catch (error) {
    row.fail(error);
  } finally {
    for (const actor of [hostile, speaking, pairs, ...Object.values(listening)]) actor.stop();
    for (const target of new Set([first, second])) await target.kill();
    redis?.stop();
  }
  return row;
}
