// SPDX-License-Identifier: Apache-2.0
// Members of a channel that read all they get, and one honest member that sends to them. A process.

import { LagMeter, quantile, serve, takePrecedence } from './actor.mjs';
import { open, padding, RECEIPTS } from './session.mjs';

const SKIPPED = 4096; // payloads above are not looked at
const GRACE_MS = 15_000; // for messages queued for slow lines
const DATA_BYTES = 1000;

const victims = [];
const lag = new LagMeter();
const honest = { expected: 0, refused: {}, undelivered: 0 };
let run = 0;

takePrecedence();

class Victim {
  arrived = 0;
  others = 0;
  latencies = [];

  async join({ port, key, protocol, channel, rooms = [], localAddress }) {
    this.protocol = protocol;
    this.session = await open({
      port,
      key,
      protocol,
      localAddress,
      receipts: RECEIPTS.bytes,
      wholeBytes: SKIPPED,
      onFrame: (frame) => this.#take(frame),
      onEnd: (code, reason) => (this.end = `${code} ${reason}`),
    });
    for (const name of new Set([channel, ...rooms])) await this.session.subscribe(name);
    // Hostile frames are read and counted only: victims are machines of their own, and this process plays all of them.
    this.session.isWanted = (length) => length >= DATA_BYTES && length < SKIPPED;
  }

  #take(frame) {
    const data = frame?.data;
    if (data?.run === undefined) {
      this.others++;
    } else if (data.run === run) {
      this.arrived++;
      this.latencies.push(performance.now() - data.at);
    }
  }
}

serve({
  /** Opens the victims: port, key, channel, protocols in turn, count, and an address for each if they have lines. */
  async join({ port, key, channel, rooms, protocols, count, addresses, localAddress }) {
    for (let index = 0; index < count; index++) {
      const victim = new Victim();
      const protocol = protocols[index % protocols.length];
      await victim.join({ port, key, channel, rooms, protocol, localAddress: addresses?.[index] ?? localAddress });
      victims.push(victim);
    }
    return victims.map((victim) => victim.session.peerId);
  },

  /** Begins to send 10 messages a second into the channel, or to each of the first ten victims. */
  async talk({ port, key, channel, way, perSecond = 10, localAddress }) {
    const session = await open({
      port,
      key,
      localAddress,
      protocol: 'parley.v1',
      receipts: RECEIPTS.bytes,
      onFrame: (frame) => {
        if (frame?.type === 'undelivered') honest.undelivered++;
      },
      onEnd: (code, reason) => (honest.end = `${code} ${reason}`),
    });
    const pad = padding(DATA_BYTES).toString();
    const heard = victims.slice(0, 10);
    honest.timer = setInterval(() => {
      const data = Buffer.from(`{"run":${run},"at":${performance.now()},"pad":${pad}}`);
      const heads =
        way === 'publish'
          ? [{ type: 'publish', channel }]
          : heard.map((victim) => ({ type: 'send', to: victim.session.peerId }));
      for (const head of heads) {
        const expected = way === 'publish' ? victims.length : 1;
        honest.expected += expected;
        const mine = run;
        const refuse = (code) => {
          if (mine === run) honest.refused[code] = (honest.refused[code] ?? 0) + 1;
        };
        session
          .request(head, data)
          .then((answer) => answer.type === 'error' && refuse(answer.code))
          .catch((error) => refuse(error.message));
      }
    }, 1000 / perSecond);
  },

  /** Forgets what was counted: the warm-up is over. */
  measure() {
    run++;
    honest.expected = 0;
    honest.refused = {};
    honest.undelivered = 0;
    for (const victim of victims) {
      victim.arrived = 0;
      victim.others = 0;
      victim.latencies = [];
    }
    lag.start();
  },

  /** Stops the honest member, waits for what is under way, and returns what was counted. */
  async finish() {
    clearInterval(honest.timer);
    const late = lag.read();
    const arrived = () => victims.reduce((sum, victim) => sum + victim.arrived, 0);
    const until = performance.now() + GRACE_MS;
    while (performance.now() < until && arrived() < honest.expected)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const latencies = victims.flatMap((victim) => victim.latencies);
    const ends = {};
    for (const victim of victims.filter(({ end }) => end)) {
      const how = `${victim.protocol} ${victim.end}`;
      ends[how] = (ends[how] ?? 0) + 1;
    }
    return {
      lag: late,
      closed: victims.filter(({ end }) => end).length,
      ends,
      end: honest.end,
      expected: honest.expected,
      arrived: arrived(),
      refused: honest.refused,
      undelivered: honest.undelivered,
      others: victims.reduce((sum, victim) => sum + victim.others, 0),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      max: quantile(latencies, 1),
    };
  },
});
