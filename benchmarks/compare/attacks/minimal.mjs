// SPDX-License-Identifier: Apache-2.0
// One peer of the minimal protocol sends full-size messages at line speed to the other, which reads.

import { sleep } from '../servers.mjs';
import { Actor } from './actor.mjs';
import { endings, list, milliseconds, Row } from './table.mjs';
import { ATTACKED, INNOCENT, Target } from './target.mjs';
import { bitsPerSecond, layLines, takeLines } from './line.mjs';

const FULL = 65_536;
const ROOM = `/minimal/room?key=${ATTACKED}`;
const P99_MS = 100; // of a pair of another app
const WARM_UP_MS = 3000;
const DRAINED_MS = 10_000; // until a slow line has delivered its queue

export const options = {
  line: { default: 'none,1mbit' },
  seconds: { default: '15' },
};

export const needsLines = (values) => list(values.line).some((line) => line !== 'none');

export async function* run(values) {
  for (const line of list(values.line)) yield await once({ ...values, line });
}

async function once({ line, seconds, target: how, addresses }) {
  const row = new Row(`minimal ${FULL} B at line speed, line ${line}`);
  const isShaped = line !== 'none';
  const [lineAddress] = isShaped ? layLines(line, 1) : [];
  const target = await Target.start(how);
  const readers = new Actor('readers.mjs');
  const pairs = new Actor('pairs.mjs');
  const hostile = new Actor('hostile.mjs');
  try {
    await pairs.call('start', { name: 'other app', port: target.port, key: INNOCENT, protocols: ['v1', 'parley.v1'] });
    const place = { port: target.port, path: ROOM };
    const victim = await readers.call('open', { ...place, kind: 'minimal', localAddress: lineAddress });
    await sleep(WARM_UP_MS);
    await pairs.call('measure');
    await hostile.call('floodMinimal', { ...place, bytes: FULL, localAddress: addresses && '127.0.0.2' });
    await sleep(Number(seconds) * 1000);
    await hostile.call('finish');
    if (isShaped) await sleep(DRAINED_MS);
    const it = await readers.call('report', { index: victim.index });
    const report = await hostile.call('report');
    const others = (await pairs.call('finish')).groups['other app'];
    row.check('victim', it.connectionsLost === 0, it.ends || 'not closed');
    const floor = isShaped ? (bitsPerSecond(line) / 8 / FULL) * Number(seconds) * 0.5 : Number(seconds);
    row.check('victim received', it.received >= floor, `${it.received} messages`, `at least ${Math.floor(floor)}`);
    row.check('other app lost', others.lost === 0 && others.ends.length === 0, `${others.lost} of ${others.sent}`);
    row.check('other app p99', others.p99 <= P99_MS, milliseconds(others.p99), `max ${milliseconds(others.max)}`);
    row.note(`hostile sent ${report.sent}, closed ${endings(report.ends) || 'none'}`);
    row.lag(it.lag);
    row.server(target);
  } catch (error) {
    row.fail(error);
  } finally {
    hostile.stop();
    readers.stop();
    pairs.stop();
    await target.kill();
    if (isShaped) takeLines();
  }
  return row;
}
