// SPDX-License-Identifier: Apache-2.0
// Innocent pairs: each client sends numbered signals to the other at a steady rate and counts what arrives. A process.

import { LagMeter, quantile, serve, takePrecedence } from './actor.mjs';
import { open, padding, RECEIPTS } from './session.mjs';

const GRACE_MS = 15_000; // for what is under way at the end

const groups = new Map();
const lag = new LagMeter();

takePrecedence();

class Member {
  sent = 0;
  arrived = 0;
  disorder = 0;
  latencies = [];
  end;

  constructor(group, pair) {
    this.group = group;
    this.pair = pair;
  }

  async connect({ port, key, protocol, localAddress }) {
    this.session = await open({
      port,
      key,
      protocol,
      localAddress,
      receipts: RECEIPTS.bytes,
      onFrame: (frame) => this.#take(frame),
      onEnd: (code, reason) => (this.end = `${code} ${reason}`),
    });
  }

  #take(frame) {
    if (frame?.type !== 'direct' || frame.data.run === undefined) return;
    const { number, at, run } = frame.data;
    if (run !== this.group.run) return;
    this.arrived++;
    if (number !== this.arrived) this.disorder++;
    this.latencies.push(performance.now() - at);
  }

  send(to) {
    const { run, pad } = this.group;
    const data = `{"run":${run},"number":${++this.sent},"at":${performance.now()},"pad":"${pad}"}`;
    this.session.say({ type: 'send', to: to.session.peerId }, Buffer.from(data));
  }
}

serve({
  /**
   * Opens pairs: `name` of the group, port, otherPort of the second, key, protocols: one pair for each, localAddress,
   * bytes and perSecond of each member.
   */
  async start({ name, port, otherPort = port, key, protocols, localAddress, bytes = 200, perSecond = 50 }) {
    const group = { run: 0, pad: padding(bytes).toString().slice(1, -1), members: [] };
    groups.set(name, group);
    for (const protocol of protocols) {
      const pair = [];
      pair.push(new Member(group, pair), new Member(group, pair));
      await pair[0].connect({ port, key, protocol, localAddress });
      await pair[1].connect({ port: otherPort, key, protocol, localAddress });
      group.members.push(...pair);
    }
    const begin = performance.now();
    let ticks = 0;
    group.timer = setInterval(() => {
      const due = Math.floor(((performance.now() - begin) * perSecond) / 1000);
      for (; ticks < due; ticks++) {
        if (group.isResting) continue;
        for (const member of group.members) member.send(member.pair.find((other) => other !== member));
      }
    }, 1000 / perSecond);
  },

  /** Forgets what was counted: the warm-up is over. */
  measure() {
    for (const group of groups.values()) {
      group.run++;
      for (const member of group.members) {
        member.sent = 0;
        member.arrived = 0;
        member.disorder = 0;
        member.latencies = [];
      }
    }
    lag.start();
  },

  /** Stops sending, waits for what is under way, and returns what each group counted. */
  async finish() {
    const late = lag.read();
    const result = { lag: late, groups: {} };
    for (const group of groups.values()) group.isResting = true;
    const until = performance.now() + GRACE_MS;
    const isComplete = (group) =>
      group.members.every((it) => it.pair.reduce((sum, one) => sum + one.sent - one.arrived, 0) <= 0);
    while (performance.now() < until && ![...groups.values()].every(isComplete)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const [name, group] of groups) {
      const latencies = group.members.flatMap((member) => member.latencies);
      const sum = (field) => group.members.reduce((total, member) => total + member[field], 0);
      result.groups[name] = {
        sent: sum('sent'),
        lost: sum('sent') - sum('arrived'),
        disorder: sum('disorder'),
        ends: group.members.map((member) => member.end).filter(Boolean),
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
        max: quantile(latencies, 1),
      };
      clearInterval(group.timer);
    }
    return result;
  },
});
