// SPDX-License-Identifier: Apache-2.0
// Clients that are attached and read, under senders that use all the limits allow: the shipped clients and plain ones.

import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { javaHome } from './ordinary.mjs';
import { endings, list, Row } from './table.mjs';
import { ATTACKED, Target } from './target.mjs';

const CHANNEL = 'crowd';
const ROOM = `/minimal/room?key=${ATTACKED}`;
const PROBES = 10; // messages of an honest sender after the load
const SETTLE_MS = 5000;

/** What a client may send: a little less than the limits, so that the clock of this machine does not decide. */
const PROFILES = {
  default: { settings: '', burst: 950, perSecond: 190 },
  strict: {
    settings: 'limits: {profile: strict, connectsPerMinutePerIp: 0}', // senders that connect again are let in
    burst: 190,
    perSecond: 95,
  },
};

export const options = {
  kind: { default: 'browser,browser v1,java,v1,acks by bytes,acks by frames,minimal' },
  profile: { default: 'default,strict' },
  connections: { default: '1,20,100' },
  bytes: { default: '50,65536' },
  way: { default: 'publish,send' },
  pattern: { default: 'burst' }, // or renew: burst after burst, each on a new connection
  seconds: { default: '8' },
};

export async function* run(values) {
  for (const kind of list(values.kind)) {
    for (const profile of list(values.profile)) {
      for (const bytes of list(values.bytes)) {
        if (kind === 'minimal') {
          if (profile === list(values.profile)[0])
            yield await once({ ...values, kind, profile, bytes: Number(bytes), connections: 1, way: 'minimal' });
          continue; // two peers a room, and no profile
        }
        for (const way of list(values.way)) {
          for (const connections of list(values.connections)) {
            yield await once({ ...values, kind, profile, bytes: Number(bytes), way, connections: Number(connections) });
          }
        }
      }
    }
  }
}

async function once({ kind, profile, connections, bytes, way, pattern, seconds, target: how, addresses }) {
  const row = new Row(`reading ${kind}, ${connections} x ${bytes} B ${way}, ${profile}`);
  const { settings, burst, perSecond } = PROFILES[profile];
  const target = await Target.start({ ...how, settings });
  const readers = new Actor('readers.mjs');
  const hostile = new Actor('hostile.mjs');
  const sending = new Actor('senders.mjs');
  try {
    const place = { port: target.port, key: ATTACKED };
    const isMinimal = kind === 'minimal';
    const channels = way === 'publish' ? [CHANNEL] : [];
    const reader = await readers.call('open', { ...place, kind, channels, path: ROOM, javaHome: javaHome(target) });
    if (isMinimal) {
      await hostile.call('floodMinimal', { port: target.port, path: ROOM, bytes });
    } else {
      const load = {
        channel: CHANNEL,
        connections,
        bytes,
        way,
        pattern,
        addresses,
        burst,
        perSecond,
        victims: [reader.peerId],
      };
      await hostile.call('flood', { ...place, ...load });
    }
    await sleep(Number(seconds) * 1000);
    await hostile.call('finish');
    const report = await hostile.call('report');
    await sleep(SETTLE_MS);
    const before = await readers.call('report', { index: reader.index });
    row.check('reader', before.connectionsLost === 0 && before.sessionsLost === 0, before.ends || 'not closed');
    if (!isMinimal) {
      await sending.call('start', { ...place, senders: 1, messages: PROBES, bytes: 100, to: reader.peerId });
      await sleep(1500);
      const sent = await sending.call('report');
      row.check(
        'messages after it',
        sent.acknowledged === PROBES,
        `${sent.acknowledged} of ${PROBES}`,
        endings(sent.refused),
      );
    }
    row.note(
      `sent ${report.sent} over ${report.connections} connections, closed ${endings(report.ends) || 'none'}; ` +
        `received ${before.received}`,
    );
    row.lag(before.lag);
    row.server(target);
  } catch (error) {
    row.fail(error);
  } finally {
    sending.stop();
    hostile.stop();
    readers.stop();
    await target.kill();
  }
  return row;
}
