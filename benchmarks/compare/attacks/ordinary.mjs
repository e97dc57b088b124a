// SPDX-License-Identifier: Apache-2.0
// Ordinary use that asks much of a receiver of parley.v1: full-size messages one after the other, and large rosters.

import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { endings, list, Row } from './table.mjs';
import { ATTACKED, Target } from './target.mjs';

const FULL = 65_536;
const CHANNELS = ['first', 'second'];
const PEERS = 500; // in each channel
const METADATA_BYTES = 1024;
const SETTLE_MS = 4000;
const LOOK_MS = 100;
const STANDSTILL_MS = 10_000; // without any acknowledgement the senders are given up

export const options = {
  part: { default: 'sends,rosters' },
  kind: { default: 'browser,java,acks by bytes,acks by frames' },
  senders: { default: '10' },
  messages: { default: '10000' },
  seconds: { default: '180' }, // for the messages of one case
};

export async function* run(values) {
  for (const kind of list(values.kind)) {
    if (list(values.part).includes('sends')) {
      yield await sends({ ...values, kind, senders: Number(values.senders), messages: Number(values.messages) });
    }
    if (list(values.part).includes('rosters')) yield await rosters({ ...values, kind });
  }
}

export const javaHome = (target) => path.dirname(path.dirname(readlinkSync(`/proc/${target.process.pid}/exe`)));

async function sends({ kind, senders, messages, seconds, target: how }) {
  const row = new Row(`ordinary ${messages} full-size sends, ${kind}`);
  const target = await Target.start(how);
  const readers = new Actor('readers.mjs');
  const sending = new Actor('senders.mjs');
  try {
    const place = { port: target.port, key: ATTACKED };
    const reader = await readers.call('open', { ...place, kind, javaHome: javaHome(target) });
    const begin = performance.now();
    await sending.call('start', { ...place, senders, messages, bytes: FULL, to: reader.peerId });
    const sent = await watch(sending, Number(seconds) * 1000);
    const took = (performance.now() - begin) / 1000;
    await sleep(SETTLE_MS);
    const it = await readers.call('report', { index: reader.index });
    const isStill = sent.acknowledged === 0 || sent.isStill;
    row.check(
      'acknowledged',
      (sent.acknowledged === messages || took >= Number(seconds)) && !isStill,
      `${sent.acknowledged} of ${messages}`,
      endings(sent.refused),
    );
    row.check(
      'lost',
      it.received === sent.acknowledged && it.disorder === 0,
      `${sent.acknowledged - it.received}`,
      `${it.disorder} out of order`,
    );
    row.check('session', it.sessionsLost === 0 && it.connectionsLost === 0, `lost ${it.sessionsLost} times`, it.ends);
    row.check('undelivered', sent.undelivered === 0, `${sent.undelivered}`);
    row.note(`${took.toFixed(1)} s, ${Math.round(sent.acknowledged / took)} a second`);
    row.note(`receiver_busy ${sent.busy} times`);
    row.server(target);
  } catch (error) {
    row.fail(error);
  } finally {
    sending.stop();
    readers.stop();
    await target.kill();
  }
  return row;
}

/** Waits until the senders are done, make no progress, or run out of time. */
async function watch(sending, patience) {
  const begin = performance.now();
  let last = 0;
  let lastAt = begin;
  for (;;) {
    const it = await sending.call('report');
    const now = performance.now();
    if (it.acknowledged > last) {
      last = it.acknowledged;
      lastAt = now;
    }
    const isStill = now - lastAt > STANDSTILL_MS;
    if (it.isDone || isStill || now - begin > patience) {
      await sending.call('finish');
      await sleep(1500); // the last request is answered
      return { ...(await sending.call('report')), isStill };
    }
    await sleep(LOOK_MS);
  }
}

async function rosters({ kind, target: how }) {
  const row = new Row(`ordinary two channels of ${PEERS} with ${METADATA_BYTES} B of metadata, ${kind}`);
  const target = await Target.start(how);
  const crowd = new Actor('roster.mjs');
  const readers = new Actor('readers.mjs');
  const sending = new Actor('senders.mjs');
  try {
    await crowd.call('start', { port: target.port, channels: CHANNELS, count: PEERS, metadataBytes: METADATA_BYTES });
    await sleep(1000); // the last has entered
    const place = { port: target.port, key: ATTACKED };
    const opening = readers.call('open', { ...place, kind, channels: CHANNELS, javaHome: javaHome(target) });
    const reader = await Promise.race([opening.catch((error) => ({ error })), sleep(15_000)]);
    if (reader?.index === undefined) {
      row.check('joined', false, reader ? reader.error.message.split('\n')[0] : 'not in time');
    } else {
      await sleep(SETTLE_MS);
      await sending.call('start', { ...place, senders: 1, messages: 10, bytes: 100, to: reader.peerId });
      await sleep(2000);
      const it = await readers.call('report', { index: reader.index });
      const counts = CHANNELS.map((channel) => it.rosters[channel] ?? 0);
      row.check(
        'rosters',
        counts.every((count) => count === PEERS),
        counts.join(' and '),
      );
      row.check('session', it.sessionsLost === 0 && it.connectionsLost === 0, `lost ${it.sessionsLost} times`, it.ends);
      row.check('messages after it', it.received === 10, `${it.received} of 10`);
    }
    row.server(target);
  } catch (error) {
    row.fail(error);
  } finally {
    sending.stop();
    readers.stop();
    crowd.stop();
    await target.kill();
  }
  return row;
}
