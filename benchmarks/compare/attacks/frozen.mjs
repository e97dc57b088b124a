// SPDX-License-Identifier: Apache-2.0
// Sessions of parley.v1 that never acknowledge, in a channel into which one peer publishes full-size messages.
// Innocents: pairs of another app, and pairs of the same app and key that are not in that channel.

import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { ATTACKED, INNOCENT, Target } from './target.mjs';
import { list, milliseconds, Row } from './table.mjs';

const P99_MS = 100;
const WARM_UP_MS = 4000;
const FULL = 65_536;
const CHANNEL = 'crowd';

/** What the hostile sessions do with what they get, and how the publisher goes on. */
const VARIANTS = {
  deaf: { isReading: true, messages: 15, perSecond: 0 }, // reads, never says `received`
  unread: { isReading: false, messages: 15, perSecond: 0 }, // does not read the socket
  steady: { isReading: true, isComingBack: true, messages: 15, perSecond: 5 }, // sessions that end are opened again
};

export const options = {
  sessions: { default: '300,600,1000' },
  heap: { default: '256m,default' },
  variant: { default: Object.keys(VARIANTS).join() },
  seconds: { default: '15' },
};

export async function* run(values) {
  for (const heap of list(values.heap)) {
    for (const variant of list(values.variant)) {
      for (const sessions of list(values.sessions))
        yield await once({ ...values, heap, variant, sessions: Number(sessions) });
    }
  }
}

async function once({ heap, variant, sessions, seconds, ...values }) {
  const row = new Row(`frozen ${sessions} ${variant} heap ${heap}`);
  const target = await Target.start({ ...values.target, heap: heap === 'default' ? undefined : heap });
  const pairs = new Actor('pairs.mjs');
  const hostile = new Actor('hostile.mjs');
  try {
    const protocols = ['v1', 'parley.v1'];
    await pairs.call('start', { name: 'other app', port: target.port, key: INNOCENT, protocols });
    await pairs.call('start', { name: 'same app', port: target.port, key: ATTACKED, protocols });
    await sleep(WARM_UP_MS);
    await pairs.call('measure');
    const { messages, perSecond, ...habits } = VARIANTS[variant];
    const attack = { port: target.port, key: ATTACKED, channel: CHANNEL, addresses: values.addresses };
    const opened = await within(20, hostile.call('fill', { ...attack, ...habits, count: sessions }));
    await within(5, hostile.call('publish', { ...attack, messages, perSecond, bytes: FULL }));
    await sleep(Number(seconds) * 1000);
    const result = await pairs.call('finish');
    for (const [name, it] of Object.entries(result.groups)) {
      row.check(`${name} lost`, it.lost === 0 && it.ends.length === 0, `${it.lost} of ${it.sent}${ended(it.ends)}`);
      row.check(
        `${name} p99`,
        it.p99 <= P99_MS,
        milliseconds(it.p99),
        `p50 ${milliseconds(it.p50)}, max ${milliseconds(it.max)}`,
      );
    }
    row.lag(result.lag);
    const report = await hostile.call('report');
    row.note(`hostile ${report.sessions} of ${opened ?? '?'} open, ${JSON.stringify(report.ends)}`);
    await hostile.call('finish');
    await row.stop(target);
  } catch (error) {
    row.fail(error);
  } finally {
    hostile.stop();
    pairs.stop();
    await target.kill();
  }
  return row;
}

const ended = (ends) => (ends.length > 0 ? `, closed ${[...new Set(ends)].join('; ')}` : '');

/** Returns the value, or undefined if it takes longer: a frozen server answers nobody. */
const within = (seconds, promise) => Promise.race([promise, sleep(seconds * 1000)]);
