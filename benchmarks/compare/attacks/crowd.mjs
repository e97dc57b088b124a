// SPDX-License-Identifier: Apache-2.0
// Members of a channel under attackers that send as much as every limit allows, into the channel or to each of its
// members; or that enter and leave it and three others all the time.

import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { bitsPerSecond, layLines, takeLines } from './line.mjs';
import { endings, list, milliseconds, Row } from './table.mjs';
import { ATTACKED, Target } from './target.mjs';

const VICTIMS = 30;
const CHANNEL = 'crowd';
const ROOMS = [CHANNEL, 'crowd-2', 'crowd-3', 'crowd-4']; // that visitors enter and leave
const PROTOCOLS = ['v1', 'parley.v1'];
const BURST = 950; // messages, of the 1,000 the limits allow
const PER_SECOND = 190; // of 200
const P99_MS = 250;
const QUEUED_BYTES = 128 << 10; // may wait for a victim in front of an honest message
const JUDGED = 20; // hostile connections up to which p99 has a bound
const WARM_UP_MS = 3000;

export const options = {
  connections: { default: '1,6,20,100' },
  bytes: { default: '50,65536' },
  way: { default: 'publish,send' }, // or visit: bytes and pattern mean nothing then
  line: { default: 'none,1mbit' },
  pattern: { default: 'renew' }, // or burst: one burst, then the steady rate; or flood: as fast as the socket accepts
  honest: { default: '10' }, // messages a second of the honest member
  seconds: { default: '15' },
};

export const needsLines = (values) => list(values.line).some((line) => line !== 'none');

export async function* run(values) {
  for (const line of list(values.line)) {
    for (const way of list(values.way)) {
      for (const bytes of list(values.bytes)) {
        for (const connections of list(values.connections)) {
          yield await once({ ...values, line, way, bytes: Number(bytes), connections: Number(connections) });
        }
      }
    }
  }
}

async function once({ connections, bytes, way, line, pattern, honest, seconds, target: how, addresses }) {
  const row = new Row(`crowd ${connections} x ${bytes} B ${way}, line ${line}`);
  const isShaped = line !== 'none';
  const lines = isShaped ? layLines(line, VICTIMS) : undefined;
  const target = await Target.start(how);
  const victims = new Actor('victims.mjs');
  const hostile = new Actor('hostile.mjs');
  try {
    const isVisit = way === 'visit';
    const place = { port: target.port, key: ATTACKED, channel: CHANNEL, rooms: isVisit ? ROOMS : [] };
    const peers = await victims.call('join', { ...place, protocols: PROTOCOLS, count: VICTIMS, addresses: lines });
    await victims.call('talk', { ...place, way: isVisit ? 'publish' : way, perSecond: Number(honest) });
    await sleep(WARM_UP_MS);
    await victims.call('measure');
    const load = { connections, bytes, way, pattern, addresses, victims: peers, burst: BURST, perSecond: PER_SECOND };
    await hostile.call(isVisit ? 'visit' : 'flood', { ...place, ...load });
    await sleep(Number(seconds) * 1000);
    await hostile.call('finish');
    const report = await hostile.call('report');
    const it = await victims.call('finish');
    row.check('victims closed', it.closed === 0, `${it.closed} of ${VICTIMS}`, endings(it.ends));
    const refused = endings(it.refused);
    const reports = it.undelivered > 0 ? `${it.undelivered} reports of undelivered` : '';
    row.check(
      'honest arrived',
      it.arrived === it.expected && !it.end,
      `${it.arrived} of ${it.expected}`,
      [refused, reports, it.end].filter(Boolean).join('; '),
    );
    const bound = P99_MS + (isShaped ? (QUEUED_BYTES * 8 * 1000) / bitsPerSecond(line) : 0);
    const others = `p50 ${milliseconds(it.p50)}, max ${milliseconds(it.max)}`;
    const latency = `p99 ${milliseconds(it.p99)} of ${milliseconds(bound)}, ${others}`;
    row.check(
      'honest',
      connections > JUDGED || it.p99 <= bound,
      latency,
      connections > JUDGED ? 'no bound' : undefined,
    );
    row.lag(it.lag);
    row.note(
      `hostile sent ${report.sent} over ${report.connections} connections, closed ${endings(report.ends) || 'none'}`,
    );
    row.note(`hostile frames read ${it.others}`);
    row.server(target);
    row.check('server', !target.hasEnded, target.hasEnded ? 'ended' : 'runs');
  } catch (error) {
    row.fail(error);
  } finally {
    hostile.stop();
    victims.stop();
    await target.kill();
    if (isShaped) takeLines();
  }
  return row;
}
