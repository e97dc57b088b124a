// SPDX-License-Identifier: Apache-2.0
// Hostile sessions of one app hold as many unacknowledged messages as the server allows; clients of another app lose
// their sockets and resume.

import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { endings, list, Row } from './table.mjs';
import { ATTACKED, INNOCENT, Target } from './target.mjs';

const CLIENTS = 100;
const FULL = 65_536;
const MESSAGES = 15; // of 64 KiB: just below continuity.bytes
const MISSED_BYTES = 500;
const PATIENCE_S = 60; // of a frozen server

/** Whether the hostile sessions keep their sockets. */
const VARIANTS = ['attached', 'away'];

export const options = {
  sessions: { default: '285,600,1000' },
  heap: { default: 'default,256m' },
  variant: { default: VARIANTS.join() },
};

export async function* run(values) {
  for (const heap of list(values.heap)) {
    for (const variant of list(values.variant)) {
      for (const sessions of list(values.sessions))
        yield await once({ ...values, heap, variant, sessions: Number(sessions) });
    }
  }
}

async function once({ heap, variant, sessions, target: how, addresses }) {
  const row = new Row(`continuity ${sessions} ${variant} heap ${heap}`);
  const target = await Target.start({ ...how, heap: heap === 'default' ? undefined : heap });
  const innocents = new Actor('returning.mjs');
  const hostile = new Actor('hostile.mjs');
  try {
    await innocents.call('start', { port: target.port, key: INNOCENT, count: CLIENTS });
    const attack = { port: target.port, key: ATTACKED, channel: 'crowd', addresses };
    const opened = await within(hostile.call('fill', { ...attack, count: sessions }));
    await within(hostile.call('publish', { ...attack, messages: MESSAGES, bytes: FULL }));
    await sleep(3000); // what is published is delivered
    if (variant === 'away') {
      await hostile.call('cutAll');
      await sleep(1000);
    }
    await innocents.call('cut');
    await sleep(500);
    const acknowledged = await within(innocents.call('send', { bytes: MISSED_BYTES }));
    const it = await within(innocents.call('resume'));
    row.check('resumed', it?.resumed === CLIENTS, `${it?.resumed ?? 'none'} of ${CLIENTS}`, it && endings(it.reasons));
    row.check(
      'got what they missed',
      it?.complete === CLIENTS,
      `${it?.complete ?? 'none'} of ${acknowledged ?? 'none'} acknowledged`,
    );
    const report = await hostile.call('report');
    row.note(`hostile ${report.sessions} of ${opened ?? '?'} open, closed ${endings(report.ends) || 'none'}`);
    row.server(target);
  } catch (error) {
    row.fail(error);
  } finally {
    hostile.stop();
    innocents.stop();
    await target.kill();
  }
  return row;
}

const within = (promise) => Promise.race([promise, sleep(PATIENCE_S * 1000)]);
