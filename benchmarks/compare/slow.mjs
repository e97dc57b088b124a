// SPDX-License-Identifier: Apache-2.0
// Receivers of parley.v1 that stop reading while others go on sending to them, far more than is kept: what the server
// keeps for them, and what healthy pairs notice. The same load with receivers that read is the baseline.
//
//   node benchmarks/compare/slow.mjs [--receivers 200] [--seconds 15] [--bytes 8000] [--rate 20]

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { cleanUp, home, plainEnvironment, pss, run, sleep, start, temporary } from './servers.mjs';

const { values } = parseArgs({
  options: {
    receivers: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '15' },
    bytes: { type: 'string', default: '8000' },
    // Signals a second to each: more than is kept after some seconds, and less than fills a core.
    rate: { type: 'string', default: '20' },
  },
});
const receivers = Number(values.receivers);
const data = JSON.stringify('x'.repeat(Number(values.bytes)));
// Ms, of the average sender: they differ, so that not all receivers are full at one moment.
const PAUSE = 1000 / Number(values.rate);
const LOOK = 100; // ms between looks at the memory

let isSending = true;
let isReading = true;
let sent = 0;
let ended = 0;

// A session; `heard` receives each frame after the welcome.
function connect(url, heard) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/v1`, ['parley.v1', 'key.pk_live_demo'], { perMessageDeflate: false });
    let last = 0;
    socket.on('error', reject);
    socket.on('message', (bytes) => {
      const frame = JSON.parse(bytes);
      if (frame.type === 'welcome') resolve({ socket, peerId: frame.peerId });
      else heard(frame);
      if (frame.seq > 0 && ++last % 64 === 0) socket.send(JSON.stringify({ type: 'received', seq: frame.seq }));
    });
  });
}

// A receiver, and another one when the server has given it up.
async function receive(url, pair) {
  const { socket, peerId } = await connect(url, () => {});
  pair.to = peerId;
  pair.receiver = socket;
  if (!isReading) socket._socket.pause();
  socket.on('error', () => {});
}

async function send(url, pair) {
  const { socket } = await connect(url, (frame) => {
    if (frame.type === 'undelivered' || frame.code === 'peer_not_found') {
      if (pair.to === undefined || (frame.to && frame.to !== pair.to)) return;
      pair.to = undefined;
      ended++;
      pair.receiver.terminate();
      receive(url, pair).catch(() => {}); // then its sender has nobody to send to
    }
  });
  const pause = PAUSE / (0.5 + Math.random());
  let seq = 0;
  while (isSending) {
    if (pair.to !== undefined) {
      socket.send(`{"seq":${++seq},"type":"send","to":"${pair.to}","data":${data}}`);
      sent++;
    }
    await sleep(pause);
  }
  socket.close();
}

// p99 of healthy pairs in ms.
async function healthy(url) {
  const json = path.join(temporary(), 'healthy.json');
  const bench = run(
    [
      ...[
        path.join(home, 'parley'),
        'bench',
        'relay',
        '--protocol',
        'parley-v1',
        '--connections',
        '1000',
        '--rate',
        '2000',
      ],
      ...['--warmup', '5s', '--duration', `${values.seconds}s`, '--url', url, '--json', json],
    ],
    { env: { ...plainEnvironment(), JAVA_OPTS: '' } },
  );
  if ((await bench.ended) !== 0) throw new Error(bench.said);
  const result = JSON.parse(readFileSync(json, 'utf8'));
  if (result.lost > 0 || result.errors > 0)
    throw new Error(`healthy pairs lost ${result.lost}, ${result.errors} errors`);
  return result.latencyMicros.p99 / 1000;
}

try {
  const server = await start({ server: 'parley', protocol: 'v1', javaOptions: '-Xmx1g' }, path.join(home, 'parley'));
  const pairs = Array.from({ length: receivers }, () => ({}));
  await Promise.all(pairs.map((pair) => receive(server.url, pair)));
  const sending = pairs.map((pair) => send(server.url, pair));
  await healthy(server.url); // until the JVM has compiled what it runs
  const sentWarm = sent;
  const baseline = await healthy(server.url);
  const sentReading = sent;
  const before = pss(server.pid);
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, pss(server.pid))), LOOK);
  isReading = false;
  pairs.forEach((pair) => pair.receiver?._socket.pause());
  const slow = await healthy(server.url);
  clearInterval(looking);
  isSending = false;
  await Promise.all(sending);
  const rate = (count) => Math.round(count / (5 + Number(values.seconds)));
  const mebibytes = (kibibytes) => (kibibytes / 1024).toFixed(0);
  const share = ((most - before) / 1024 / receivers).toFixed(2);
  console.log(`
| ${receivers} receivers, ${values.bytes} bytes a signal | reading | not reading |
| --- | --- | --- |
| signals sent to them a second | ${rate(sentReading - sentWarm)} | ${rate(sent - sentReading)} |
| sessions that ended | 0 | ${ended} |
| p99 of 500 healthy pairs, ms | ${baseline.toFixed(2)} | ${slow.toFixed(2)} (${(slow / baseline).toFixed(2)} times) |
| memory of the server (PSS), MiB | ${mebibytes(before)} | at most ${mebibytes(most)}: ${share} MiB a receiver |
`);
  await server.stop();
} catch (error) {
  console.error(`slow: ${error.message}`);
  process.exitCode = 1;
} finally {
  cleanUp();
  process.exit();
}
