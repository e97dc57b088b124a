// SPDX-License-Identifier: Apache-2.0
// The latency of messages in one app while a back end of another app,
// with many rooms, asks for lists on four sockets without a pause.
//
//   node benchmarks/compare/rest.mjs [--rooms 15000] [--seconds 10] [--unlimited] [--parley FILE ...]
//
// Measures each launcher that is given. --unlimited takes off the rate of the key.

import { writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import WebSocket from 'ws';
import { cleanUp, home, sleep, start, temporary } from './servers.mjs';

const SOCKETS = 4;
const RATE = 50; // messages a second of the innocent pair
const CHANNELS = 100; // of each connection
const PEERS_A_ROOM = 2;
const SECRET = 'only-to-be-measured-on-127.0.0.1-and-nowhere-else';
const AUTHORIZATION = `Bearer sk_id_hostile:${SECRET}`;
const WARM_UP = 2_000; // ms
const ROUTES = [
  '/v1/peers?limit=1',
  '/v1/peers?limit=1000',
  '/v1/channels?limit=1',
  '/v1/channels/room-0/peers',
  '/v1/peers?channels=none',
];
const HEAD = '| asked for | p50, ms | p99, ms | lost | answers |\n| --- | --- | --- | --- | --- |';

const settings = (isUnlimited) => `
listen: 127.0.0.1:0
admin: 127.0.0.1:0
apps:
  - id: hostile
    publishableKeys:
      - {id: pk_hostile, channels: ["**"], actions: [subscribe, publish, presence, send]}
    secretKeys:
      - {id: sk_id_hostile, secret: ${SECRET}}
  - id: innocent
    publishableKeys:
      - {id: pk_innocent, channels: ["**"], actions: [subscribe, publish, presence, send]}
log: {level: warn}
drain: {spread: 0s, timeout: 0s}
${isUnlimited ? 'limits: {restPerSecond: 0}' : ''}
`;

function connect(url, key, heard = () => {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/v1?key=${key}`, { perMessageDeflate: false });
    socket.on('error', reject);
    socket.on('message', (bytes) => {
      const frame = JSON.parse(bytes);
      if (frame.type === 'welcome') resolve(socket);
      else heard(frame, socket);
    });
  });
}

const subscribe = (socket, channel) => socket.send(JSON.stringify({ type: 'subscribe', channel, requestId: channel }));

async function fill(url, rooms) {
  for (let first = 0; first < rooms; first += CHANNELS)
    for (let i = 0; i < PEERS_A_ROOM; i++) {
      let left = Math.min(CHANNELS, rooms - first);
      let done;
      const all = new Promise((resolve) => (done = resolve));
      const socket = await connect(url, 'pk_hostile', (frame) => frame.type === 'ack' && --left === 0 && done());
      for (let room = first; room < first + CHANNELS && room < rooms; room++) subscribe(socket, `room-${room}`);
      await all;
    }
}

// {send(), latencies}, in ms.
async function innocentPair(url) {
  const latencies = [];
  let done;
  const subscribed = new Promise((resolve) => (done = resolve));
  const receiver = await connect(url, 'pk_innocent', (frame) => {
    if (frame.type === 'ack') done();
    if (frame.type === 'message') latencies.push(performance.now() - frame.data);
  });
  subscribe(receiver, 'pair');
  await subscribed;
  const sender = await connect(url, 'pk_innocent');
  return {
    latencies,
    send: () => sender.send(JSON.stringify({ type: 'publish', channel: 'pair', data: performance.now() })),
    close: () => [sender, receiver].forEach((socket) => socket.terminate()),
  };
}

// Runs in the worker: asks until it receives a message.
function hammer({ url, route }) {
  const { hostname, port } = new URL(url);
  const agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS });
  const answers = {};
  let isAsking = true;
  const ask = () =>
    http
      .get({ hostname, port, path: route, agent, headers: { authorization: AUTHORIZATION } }, (answer) => {
        answer.resume();
        answer.on('end', () => {
          answers[answer.statusCode] = (answers[answer.statusCode] ?? 0) + 1;
          if (isAsking) ask();
        });
      })
      .on('error', () => isAsking && ask());
  for (let i = 0; i < SOCKETS; i++) ask();
  parentPort.on('message', () => {
    isAsking = false;
    parentPort.postMessage(answers);
    process.exit();
  });
}

const quantile = (values, q) => values[Math.min(values.length - 1, Math.floor(q * values.length))];

async function measure(url, route, seconds) {
  const worker = route && new Worker(new URL(import.meta.url), { workerData: { url, route } });
  const pair = await innocentPair(url);
  await sleep(WARM_UP);
  const begin = performance.now();
  let sent = 0;
  while (performance.now() - begin < seconds * 1000) {
    pair.send();
    sent++;
    await sleep(Math.max(0, begin + (sent * 1000) / RATE - performance.now()));
  }
  await sleep(2_000); // the last messages arrive
  let answers = {};
  if (worker) {
    answers = await new Promise((resolve) => {
      worker.once('message', resolve);
      worker.postMessage('stop');
    });
    await worker.terminate();
  }
  pair.close();
  const sorted = pair.latencies.toSorted((a, b) => a - b);
  const said = Object.entries(answers).map(([status, count]) => `${count} x ${status}`);
  return [
    route ?? 'nothing',
    quantile(sorted, 0.5)?.toFixed(1),
    quantile(sorted, 0.99)?.toFixed(1),
    sent - sorted.length,
    said.join(', '),
  ];
}

async function run() {
  const { values } = parseArgs({
    options: {
      rooms: { type: 'string', default: '15000' },
      seconds: { type: 'string', default: '10' },
      unlimited: { type: 'boolean', default: false },
      parley: { type: 'string', multiple: true, default: [path.join(home, 'parley')] },
    },
  });
  const file = path.join(temporary(), 'rest.yaml');
  writeFileSync(file, settings(values.unlimited));
  for (const launcher of values.parley) {
    const server = await start({ server: 'parley', protocol: 'v1', file, javaOptions: '-Xmx1g' }, launcher);
    await fill(server.url, Number(values.rooms));
    console.log(`\n${launcher}: ${values.rooms} rooms\n\n${HEAD}`);
    for (const route of [undefined, ...ROUTES])
      console.log(`| ${(await measure(server.url, route, Number(values.seconds))).join(' | ')} |`);
    await server.stop();
  }
}

if (isMainThread) {
  try {
    await run();
  } catch (error) {
    console.error(`rest: ${error.message}`);
    process.exitCode = 1;
  } finally {
    cleanUp();
    process.exit();
  }
} else hammer(workerData);
