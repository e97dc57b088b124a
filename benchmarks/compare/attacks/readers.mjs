// SPDX-License-Identifier: Apache-2.0
// Clients that read all they get: the shipped ones, and raw ones that acknowledge by a given rule. A process.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import vm from 'node:vm';
import WebSocket from 'ws';
import { home } from '../servers.mjs';
import { LagMeter, serve, takePrecedence } from './actor.mjs';
import { open, RECEIPTS } from './session.mjs';
import { Wire } from './wire.mjs';

const SCRIPT = path.join(home, 'server/src/main/resources/dev/parley/client/parley.js');
const LIBRARIES = path.join(home, 'benchmarks/load/target/libraries/*');
const NUMBERED = /"data":\{"s":(\d+),"n":(\d+)/;
const START_MS = 20_000;
const SERVER_WORD_BYTES = 40;

takePrecedence();

/** What a reader counts. `disorder` is how many numbered messages were not the next of their sender. */
class Count {
  received = 0;
  disorder = 0;
  undelivered = 0;
  sessionsLost = 0;
  connectionsLost = 0;
  ends = '';
  rosters = {};
  #next = new Map();

  take(sender, number) {
    this.received++;
    if (sender === undefined) return;
    const expected = (this.#next.get(sender) ?? 0) + 1;
    if (number !== expected) this.disorder++;
    this.#next.set(sender, expected);
  }

  lose(how) {
    this.connectionsLost++;
    this.ends += `${how}; `;
  }
}

/** A raw client of v1 or parley.v1 that acknowledges by a rule. */
async function raw(protocol, receipts, { port, key, channels }) {
  const count = new Count();
  const roster = (frame) => (count.rosters[frame.channel] = (count.rosters[frame.channel] ?? 0) + frame.joined.length);
  const session = await open({
    port,
    key,
    protocol,
    receipts,
    onFrame: (frame, payload) => {
      if (frame?.type === 'undelivered') count.undelivered++;
      else if (frame?.type === 'presence') roster(frame);
      else if (frame === undefined && payload.indexOf('"type":"presence"') >= 0) roster(JSON.parse(payload));
      else if (frame === undefined || frame.type === 'direct' || frame.type === 'message') {
        const match = NUMBERED.exec(payload.toString('latin1', 0, 400));
        count.take(match?.[1], match && Number(match[2]));
      }
    },
    onEnd: (code, reason) => {
      count.lose(`${code} ${reason}`);
      if (protocol === 'parley.v1') count.sessionsLost++;
    },
  });
  await Promise.all(channels.map((channel) => session.subscribe(channel)));
  return { peerId: session.peerId, report: async () => count };
}

/** The built script of the browser client. */
async function browser(continuity, { port, key, channels }) {
  const Parley = vm.runInThisContext(`${readFileSync(SCRIPT, 'utf8')};Parley`);
  const count = new Count();
  const client = new Parley.ParleyClient({
    url: `http://127.0.0.1:${port}`,
    key,
    continuity,
    webSocket: (url, protocols) => new WebSocket(url, protocols, { perMessageDeflate: false }),
  });
  let wasConnected = false;
  client.on('direct', ({ data }) => count.take(data?.s, data?.n));
  client.on('undelivered', () => count.undelivered++);
  client.on('session-lost', ({ reason }) => {
    count.sessionsLost++;
    count.ends += `session ${reason}; `;
  });
  client.on('state-change', ({ from, to, reason }) => {
    if (to === 'connected') wasConnected = true;
    else if (wasConnected && from === 'connected') count.lose(`${to} ${reason}`);
  });
  await client.connect();
  const join = async (channel) => {
    const room = await client.join(channel);
    count.rosters[channel] = room.peers.size;
    room.on('message', ({ data }) => count.take(data?.s, data?.n));
  };
  await Promise.all(channels.map(join));
  return { peerId: client.peerId, report: async () => count };
}

/** The Java client, in a process of its own. */
async function java({ port, key, channels, javaHome }) {
  const program = path.join(javaHome, 'bin', 'java');
  const file = path.join(home, 'benchmarks/compare/attacks/Reader.java');
  const child = spawn(program, ['-Xmx512m', '-cp', LIBRARIES, file, `ws://127.0.0.1:${port}/v1`, key, ...channels], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = [];
  const lines = createInterface({ input: child.stdout });
  let peerId;
  const ready = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the Java client does not connect')), START_MS);
    child.once('exit', (code) => reject(new Error(`the Java client ended with ${code}`)));
    lines.on('line', (line) => {
      const answer = JSON.parse(line);
      if (answer.peerId) {
        peerId = answer.peerId;
        clearTimeout(late);
        resolve();
      } else {
        waiting.shift()(answer);
      }
    });
  });
  await ready;
  const report = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      child.stdin.write('\n');
    });
  return { peerId, report };
}

/** A client of the minimal protocol. */
async function minimal({ port, path: room, localAddress }) {
  const count = new Count();
  await new Promise((resolve, reject) => {
    new Wire({
      port,
      path: room,
      localAddress,
      wholeBytes: 4096,
      onMessage: (_, length) => {
        if (length > SERVER_WORD_BYTES) count.take(); // `welcome` and `ready` are shorter
        resolve();
      },
      onEnd: (code, reason) => {
        count.lose(`${code} ${reason}`);
        reject(new Error(`${code} ${reason}`));
      },
    });
  });
  return { report: async () => count };
}

const KINDS = {
  v1: (place) => raw('v1', undefined, place),
  'acks by frames': (place) => raw('parley.v1', RECEIPTS.frames, place),
  'acks by bytes': (place) => raw('parley.v1', RECEIPTS.bytes, place),
  browser: (place) => browser(true, place),
  'browser v1': (place) => browser(false, place),
  java,
  minimal,
};

const readers = [];
const lag = new LagMeter();

serve({
  /** Opens a reader and returns its number and peer id. */
  async open({ kind, ...place }) {
    const reader = await KINDS[kind]({ channels: [], ...place });
    readers.push(reader);
    lag.start();
    return { index: readers.length - 1, peerId: reader.peerId };
  },

  async report({ index }) {
    return { ...(await readers[index].report()), lag: lag.read() };
  },
});
