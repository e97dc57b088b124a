// SPDX-License-Identifier: Apache-2.0
// Members of many rooms that read next to nothing, while others enter and leave these rooms: presence waits for them.
// Innocents: pairs of another app and of the same app, and members of the same rooms that read.

import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { endings, list, Row } from './table.mjs';
import { ATTACKED, INNOCENT, Target } from './target.mjs';

const P99_MS = 100;
const WARM_UP_MS = 4000;
const SETTLE_MS = 5000;
const SLOW = { readBytes: 1024, intervalMs: 3000 };
const PROBES = 10; // messages to each reader after the attack

/** What those who enter the rooms do next. */
const VARIANTS = {
  stay: { isStaying: true }, // each change waits by itself
  visit: {}, // leave, and enter again
  renew: { isNewEachTime: true }, // leave, and enter as another peer
};

export const options = {
  members: { default: '200' }, // that read slowly
  visitors: { default: '220' },
  rooms: { default: '100' },
  heap: { default: '256m' },
  variant: { default: Object.keys(VARIANTS).join() },
  seconds: { default: '30' },
};

export async function* run(values) {
  for (const heap of list(values.heap)) {
    for (const variant of list(values.variant)) yield await once({ ...values, heap, variant });
  }
}

async function once({ heap, variant, members, visitors, rooms: count, seconds, addresses, target: how }) {
  const row = new Row(`presence ${members} members, ${visitors} ${variant}, ${count} rooms, heap ${heap}`);
  const rooms = Array.from({ length: Number(count) }, (_, index) => `room-${index}`);
  const target = await Target.start({ ...how, heap: heap === 'default' ? undefined : heap });
  const pairs = new Actor('pairs.mjs');
  const reading = new Actor('readers.mjs');
  const slow = new Actor('hostile.mjs');
  const hostile = new Actor('hostile.mjs');
  const sending = new Actor('senders.mjs');
  try {
    const place = { port: target.port, key: ATTACKED, rooms, addresses };
    const protocols = ['v1', 'parley.v1'];
    await pairs.call('start', { name: 'other app', port: target.port, key: INNOCENT, protocols });
    await pairs.call('start', { name: 'same app', port: target.port, key: ATTACKED, protocols });
    const readers = [];
    for (const kind of ['v1', 'acks by bytes']) {
      readers.push({ kind, ...(await reading.call('open', { ...place, kind, channels: rooms })) });
    }
    await sleep(WARM_UP_MS);
    await pairs.call('measure');
    await slow.call('lag', { ...place, ...SLOW, count: Number(members) });
    await hostile.call('visit', { ...place, ...VARIANTS[variant], connections: Number(visitors) });
    await sleep(Number(seconds) * 1000);
    await slow.call('finish');
    await hostile.call('finish');
    const result = await pairs.call('finish');
    row.pairs(result.groups, P99_MS);
    await sleep(SETTLE_MS);
    for (const { kind, index, peerId } of readers) {
      const { connectionsLost, ends } = await reading.call('report', { index });
      row.check(`reader ${kind}`, connectionsLost === 0, ends || 'not closed');
      await sending.call('start', { ...place, senders: 1, messages: PROBES, bytes: 100, to: peerId });
    }
    await sleep(SETTLE_MS);
    const sent = await sending.call('report');
    const wanted = readers.length * PROBES;
    row.check(
      'messages after it',
      sent.acknowledged === wanted,
      `${sent.acknowledged} of ${wanted}`,
      endings(sent.refused),
    );
    row.lag(result.lag);
    const held = await slow.call('report');
    row.note(`slow ${held.sessions} open, closed ${endings(held.ends) || 'none'}`);
    const report = await hostile.call('report');
    row.note(
      `entered ${report.sent} rooms over ${report.connections} connections, ${endings(report.ends) || 'none closed'}`,
    );
    await row.stop(target);
  } catch (error) {
    row.fail(error);
  } finally {
    for (const actor of [sending, hostile, slow, reading, pairs]) actor.stop();
    await target.kill();
  }
  return row;
}
