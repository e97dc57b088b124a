// SPDX-License-Identifier: Apache-2.0
// Many kinds of abuse at once, each a loop until the end. A process.

import net from 'node:net';
import http from 'node:http';
import { randomBytes } from 'node:crypto';
import { beHostile, serve } from './actor.mjs';
import { open, padding, RECEIPTS } from './session.mjs';
import { SECRET } from './target.mjs';
import { frame, Wire } from './wire.mjs';

const SKIPPED = 4096; // payloads above are not looked at
const PAUSE_MS = 100; // after a refusal
const KEPT_MESSAGES = 16; // for a session that is away
const KEPT_BYTES = 60_000;

const counts = {};
let isOver = false;
let place;

beHostile();

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const count = (name, by = 1) => (counts[name] = (counts[name] ?? 0) + by);
const pick = (values) => values[Math.floor(Math.random() * values.length)];
const client = (protocol, more = {}) =>
  open({ ...place, protocol, receipts: RECEIPTS.none, wholeBytes: SKIPPED, ...more });

/** Repeats an action until the end, in so many lanes. */
function repeat(lanes, pause, action) {
  const lane = async () => {
    while (!isOver) {
      try {
        await action();
      } catch {
        await sleep(PAUSE_MS); // refused or closed
      }
      await sleep(pause);
    }
  };
  for (let index = 0; index < lanes; index++) lane();
}

/** Fills a session that is away with kept messages. */
async function fillAway() {
  const away = await client('parley.v1');
  away.wire.cut();
  const sender = await client('v1');
  for (let index = 0; index < KEPT_MESSAGES; index++) {
    await sender.request({ type: 'send', to: away.peerId }, padding(KEPT_BYTES));
  }
  sender.wire.close();
  count('sessions away filled');
}

/** Holds a member that reads nothing, until the server closes it. */
async function holdUnread(protocol) {
  const session = await client(protocol);
  await session.subscribe('flooded');
  session.wire.stopReading();
  count('members that do not read');
  const until = performance.now() + 30_000;
  while (!isOver && !session.end && performance.now() < until) await sleep(500); // a paused socket may not see its end
  session.wire.cut();
}

/** Holds a member that reads and never acknowledges, until the server closes it. */
async function holdDeaf() {
  const session = await client('parley.v1');
  await session.subscribe('flooded');
  count('members that do not acknowledge');
  while (!isOver && !session.end) await sleep(500);
}

/** Connects, enters and leaves a channel several times, and disconnects. */
async function storm() {
  const session = await client(pick(['v1', 'parley.v1']));
  for (let index = 0; index < 5; index++) {
    await session.subscribe('storm');
    await session.request({ type: 'unsubscribe', channel: 'storm' });
    count('joins');
  }
  if (Math.random() < 0.5) session.wire.cut();
  else session.wire.close();
}

/** Asks for large rosters again and again; one in three reads none of them. */
async function askRosters(channels) {
  const session = await client(pick(['v1', 'parley.v1']));
  if (Math.random() < 0.33) session.wire.stopReading();
  for (let index = 0; index < 10 && !session.end; index++) {
    for (const channel of channels) session.say({ type: 'subscribe', channel });
    count('rosters asked for', channels.length);
    await sleep(50);
  }
  session.wire.cut();
}

/** Loses its socket and resumes, many times. */
async function comeBack() {
  let session = await client('parley.v1', { receipts: RECEIPTS.bytes });
  await session.subscribe('flooded');
  for (let index = 0; index < 20 && !isOver; index++) {
    session.wire.cut();
    session = await client('parley.v1', { receipts: RECEIPTS.bytes, resume: session.resume });
    count(session.welcome.resumed ? 'resumes' : 'resumes refused');
  }
  session.wire.cut();
}

/** Sends what no client may send. */
async function sendMalformed() {
  const bad = [
    () => frame('{"type":'),
    () => frame('{"type":"publish","channel":"flooded"}'),
    () => frame(`{"type":"publish","channel":"${'x'.repeat(300)}","data":1}`),
    () => frame(randomBytes(100)), // no UTF-8
    () => frame(randomBytes(1000), 2),
    () => randomBytes(2000), // no frames
    () => Buffer.concat([Buffer.from([0x81, 0xff]), Buffer.alloc(8, 0xff), Buffer.alloc(4)]), // length with its top bit
    () => Buffer.from([0x01, 0xfe, 0xff, 0xf0, 0, 0, 0, 0, 0x61]), // a frame that never ends
    () => frame('[[[['.repeat(1000)),
  ];
  const session = await client(pick(['v1', 'parley.v1']));
  for (let index = 0; index < 50 && !session.end; index++) {
    session.wire.write(pick(bad)());
    count('malformed messages');
    await sleep(5);
  }
  session.wire.cut();
}

/** Opens a socket and says half of a request, or none. */
async function sayHalf() {
  const socket = net.connect({ port: place.port, host: '127.0.0.1' });
  socket.on('error', () => {});
  socket.write(pick(['', 'GET /v1 HTTP/1.1\r\nHost: ', `GET /${'x'.repeat(60_000)}`]));
  count('half requests');
  await sleep(2000);
  socket.destroy();
}

/** Fills a room of the minimal protocol whose other peer does not read. */
async function fillMinimal() {
  const path = `/minimal/room-${Math.floor(Math.random() * 1e9)}?key=${place.key}`;
  const wires = [0, 1].map(() => new Wire({ port: place.port, path, wholeBytes: SKIPPED }));
  await sleep(200);
  wires[0].stopReading();
  const large = frame('x'.repeat(60_000));
  for (let index = 0; index < 50 && wires[1].isOpen; index++) {
    wires[1].write(large);
    count('minimal messages');
    await sleep(2);
  }
  await sleep(1000);
  for (const wire of wires) wire.cut();
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

function call(method, path, body, isUnread = false) {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${SECRET.id}:${SECRET.secret}` };
    const request = http.request(
      { host: '127.0.0.1', port: place.port, method, path, headers, agent: isUnread ? false : agent },
      (answer) => {
        count(`REST ${answer.statusCode}`);
        if (isUnread) {
          setTimeout(() => answer.destroy(), 3000);
          resolve();
        } else {
          answer.resume();
          answer.on('end', resolve);
          answer.on('error', reject);
        }
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Asks what is costly to answer, and sometimes reads no answer. */
async function askRest(channels) {
  await call('GET', '/v1/peers?limit=1000', undefined, Math.random() < 0.1);
  await call('GET', '/v1/channels?limit=1000');
  await call('GET', `/v1/channels/${pick(channels)}/peers`, undefined, Math.random() < 0.3);
  await call('POST', '/v1/channels/flooded/publish', JSON.stringify({ data: 'x'.repeat(30_000) }));
}

serve({
  /** Begins all of it: port, key, and the channels with large rosters. */
  start({ port, key, channels }) {
    place = { port, key };
    repeat(8, 0, fillAway);
    repeat(50, 0, () => holdUnread('v1'));
    repeat(50, 0, () => holdUnread('parley.v1'));
    repeat(50, 0, holdDeaf);
    repeat(10, 10, storm);
    repeat(5, 50, () => askRosters(channels));
    repeat(5, 10, comeBack);
    repeat(5, 20, sendMalformed);
    repeat(20, 0, sayHalf);
    repeat(2, 100, fillMinimal);
    repeat(2, 20, () => askRest(channels));
  },

  finish() {
    isOver = true;
    return counts;
  },
});
