// SPDX-License-Identifier: Apache-2.0
// Attackers who hold one publishable key. A process.

import { beHostile, serve } from './actor.mjs';
import { open, padding, RECEIPTS } from './session.mjs';
import { mint } from './target.mjs';
import { frame, Wire } from './wire.mjs';

const AT_ONCE = 50; // connections being opened
const BATCH_BYTES = 256 << 10; // written before the next look at the socket
const TICK_MS = 10;
const RENEW_MS = 200; // between the end of a burst and the next connection
const VISIT_MS = 60; // a visitor stays, and is gone: it enters within 15 ms and its answer to a ping
const PHASE_MS = 10_000; // of an attack that comes in waves
const SKIPPED = 4096; // payloads above are not looked at
const HEAD_ONLY = 512; // as SKIPPED, for those who read very many

const sessions = [];
const floods = [];
const ends = {};
let isOver = false;

beHostile();

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const address = (index, addresses) => (addresses ? `127.0.0.${2 + (index % addresses)}` : undefined);

/** Counts an end that was not ours. */
function note(code, reason, session) {
  if (isOver || session?.wire.isEndedHere) return;
  const name = `${code} ${reason}`.trim();
  ends[name] = (ends[name] ?? 0) + 1;
}

/** Does something for each index, several at once. */
async function each(count, action) {
  let next = 0;
  const work = async () => {
    while (next < count && !isOver) await action(next++);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
}

/** Opens a session of v1 that counts its end. */
const openPlain = (port, key, localAddress) =>
  open({ port, key, protocol: 'v1', localAddress, wholeBytes: SKIPPED, onEnd: note });

/** An attacker that sends what the limits allow: a burst, then a steady rate, or a burst on each new connection. */
class Flood {
  sent = 0;
  connections = 0;

  constructor(options, index) {
    this.options = options;
    this.index = index;
  }

  async run() {
    while (!isOver) {
      try {
        await this.#connect();
        if ((await this.#burst()) && this.options.pattern === 'renew') {
          await sleep(RENEW_MS);
          this.session.wire.close();
        } else {
          await this.#goOn();
        }
      } catch {
        await sleep(RENEW_MS); // refused or closed: the next connection
      }
    }
    this.session?.wire.cut();
  }

  async #connect() {
    const { port, key, channel, addresses, bytes, way, victims } = this.options;
    this.session = await openPlain(port, key, address(this.index, addresses));
    this.connections++;
    const data = padding(bytes);
    const heads = way === 'publish' ? [{ type: 'publish', channel }] : victims.map((to) => ({ type: 'send', to }));
    this.frames = heads.map((head) => Buffer.concat(this.session.encode(head, data)));
    this.at = this.index; // not all attackers begin with one victim
  }

  /** Writes messages in pieces, never more than the socket takes. Returns false if the connection ended. */
  async #write(count) {
    const { wire } = this.session;
    let left = count;
    while (left > 0 && !isOver) {
      if (this.session.end) return false;
      if (this.#isResting()) {
        await sleep(TICK_MS);
        continue;
      }
      const batch = [];
      let size = 0;
      while (left > 0 && size < BATCH_BYTES) {
        const frame = this.frames[this.at++ % this.frames.length];
        batch.push(frame);
        size += frame.length;
        left--;
      }
      if (!wire.writeAll(batch)) await this.#drained();
      this.sent += batch.length;
    }
    return !this.session.end;
  }

  /** In waves, two phases of three are quiet: others' attacks need the processors too. */
  #isResting() {
    return this.options.isInWaves && Math.floor(performance.now() / PHASE_MS) % 3 !== 0;
  }

  async #drained() {
    do await sleep(1);
    while (!isOver && !this.session.end && this.session.wire.unsent > 0);
  }

  async #burst() {
    return this.#write(this.options.pattern === 'flood' ? Infinity : this.options.burst);
  }

  async #goOn() {
    const begin = performance.now();
    let written = 0;
    while (!isOver && !this.session.end) {
      const due = Math.floor(((performance.now() - begin) * this.options.perSecond) / 1000);
      if (due > written && !(await this.#write(due - written))) return;
      written = due;
      await sleep(TICK_MS);
    }
  }
}

/**
 * An attacker that enters and leaves rooms all the time, each for as long as it takes to be seen. With `isNewEachTime`
 * every visit is another peer's; with `isStaying` it never leaves.
 */
class Visitor {
  sent = 0;
  connections = 0;

  constructor(options, index) {
    this.options = options;
    this.index = index;
  }

  async run() {
    const { port, key, rooms, addresses, isStaying, isNewEachTime } = this.options;
    while (!isOver) {
      try {
        const session = await openPlain(port, key, address(this.index, addresses));
        this.connections++;
        do {
          for (const type of isStaying ? ['subscribe'] : ['subscribe', 'unsubscribe']) {
            for (const channel of rooms) session.say({ type, channel });
            await sleep(VISIT_MS);
          }
          this.sent += rooms.length;
          while (isStaying && !isOver && !session.end) await sleep(RENEW_MS);
        } while (!isNewEachTime && !isOver && !session.end);
        session.wire.cut();
      } catch {
        await sleep(RENEW_MS); // refused: the next connection
      }
    }
  }
}

serve({
  /**
   * Opens sessions that never acknowledge: port, key, channel, count, addresses, isReading; with isComingBack it opens
   * another one for each that ends.
   */
  async fill({ port, key, channel, count, addresses, isReading = true, isComingBack = false }) {
    const one = async (index) => {
      try {
        const session = await open({
          port,
          key,
          protocol: 'parley.v1',
          receipts: RECEIPTS.none,
          localAddress: address(index, addresses),
          wholeBytes: SKIPPED,
          onEnd: (code, reason, ended) => {
            note(code, reason, ended);
            if (isComingBack && !isOver) setTimeout(() => one(index), RENEW_MS);
          },
        });
        sessions[index] = session;
        await session.subscribe(channel);
        if (!isReading) session.wire.stopReading();
      } catch {
        // refused: the server is full or frozen
      }
    };
    await each(count, one);
    return sessions.filter((session) => session && !session.end).length;
  },

  /**
   * Opens members of rooms that read `readBytes` at each interval of `intervalMs`: port, key, rooms, count, addresses.
   * One that ends is opened again.
   */
  async lag({ port, key, rooms, count, addresses, readBytes, intervalMs }) {
    const one = async (index) => {
      const onEnd = (code, reason, ended) => {
        note(code, reason, ended);
        if (!isOver) setTimeout(() => one(index), RENEW_MS);
      };
      try {
        const localAddress = address(index, addresses);
        const session = await open({ port, key, protocol: 'v1', localAddress, wholeBytes: SKIPPED, readBytes, onEnd });
        sessions[index] = session;
        for (const channel of rooms) session.say({ type: 'subscribe', channel, interest: ['presence'] });
        session.wire.readSlowly(intervalMs);
      } catch {
        // refused: onEnd opens the next one
      }
    };
    await each(count, one);
  },

  /**
   * Opens members of a channel, or of none: port, key, channel, count, addresses, way, isReading. With the way `send`
   * all are one peer. `speak` has each of them send.
   */
  async enter({ port, key, channel, count, addresses, way, isReading = true }) {
    const token = way === 'send' ? mint('crowd') : undefined;
    await each(count, async (index) => {
      const localAddress = address(index, addresses);
      const session = await open({
        port,
        key,
        token,
        protocol: 'v1',
        localAddress,
        wholeBytes: HEAD_ONLY,
        onEnd: note,
      });
      sessions[index] = session;
      if (channel) await session.subscribe(channel);
      session.isWanted = () => false;
      if (!isReading) session.wire.stopReading();
    });
  },

  /** Opens clients that subscribe to a pattern each: port, key, patterns, addresses. */
  async subscribe({ port, key, patterns, addresses }) {
    await each(patterns.length, async (index) => {
      sessions[index] = await openPlain(port, key, address(index, addresses));
      await sessions[index].subscribe(patterns[index]);
    });
  },

  /** Begins to hold a pattern for a moment and to leave it, each client its own: port, key, patterns, addresses. */
  async toggle({ port, key, patterns, addresses }) {
    await each(patterns.length, async (index) => {
      const session = await openPlain(port, key, address(index, addresses));
      const goOn = async () => {
        while (!isOver && !session.end) {
          for (const type of ['subscribe', 'unsubscribe']) {
            await session.request({ type, channel: patterns[index] }).catch(() => {});
            await sleep(VISIT_MS);
          }
        }
      };
      goOn();
    });
  },

  /**
   * Begins to publish to so many channels in turn, as fast as the server reads: port, key, prefix, names, count,
   * addresses.
   */
  async wander({ port, key, prefix, names, count, addresses }) {
    const stats = { sent: 0 };
    floods.push(stats);
    await each(count, async (index) => {
      const session = await openPlain(port, key, address(index, addresses));
      const goOn = async () => {
        while (!isOver && !session.end) {
          const channel = `${prefix}${(stats.sent++ % names).toString(36)}`;
          session.say({ type: 'publish', channel }, padding(2));
          await sleep(session.wire.unsent > 0 ? TICK_MS : 1);
        }
      };
      goOn();
    });
  },

  /** Each member that was opened publishes one message into the channel, or sends it to the peer they all are. */
  speak({ channel, bytes, way }) {
    const data = padding(bytes);
    const stats = { sent: 0 };
    floods.push(stats);
    for (const session of sessions) {
      if (!session || session.end) continue;
      session.say(way === 'send' ? { type: 'send', to: session.peerId } : { type: 'publish', channel }, data);
      stats.sent++;
    }
  },

  /** Publishes large messages into a channel: `messages` at once, then `perSecond` until the end. */
  async publish({ port, key, channel, messages, perSecond, bytes, addresses }) {
    const data = padding(bytes);
    const begin = async (count) => {
      const session = await openPlain(port, key, address(0, addresses));
      for (let index = 0; index < count; index++) session.say({ type: 'publish', channel }, data);
      return session;
    };
    let session = await begin(messages);
    if (!perSecond) return;
    const timer = setInterval(() => {
      if (isOver) clearInterval(timer);
      else if (!session.end) session.say({ type: 'publish', channel }, data);
      else if (session !== undefined)
        begin(0)
          .then((next) => (session = next))
          .catch(() => {});
    }, 1000 / perSecond);
  },

  /** Breaks the sockets of all sessions, which stay away. */
  cutAll() {
    for (const session of sessions) session?.wire.cut();
  },

  /** Begins to flood: see Flood. */
  flood(options) {
    for (let index = 0; index < options.connections; index++) {
      const flood = new Flood(options, index);
      floods.push(flood);
      flood.run();
    }
  },

  /** Begins to visit rooms: see Visitor. */
  visit(options) {
    for (let index = 0; index < options.connections; index++) {
      const visitor = new Visitor(options, index);
      floods.push(visitor);
      visitor.run();
    }
  },

  /** Joins a room of the minimal protocol and sends full-size messages at line speed. */
  async floodMinimal({ port, path, bytes, localAddress }) {
    const payload = Buffer.from('x'.repeat(bytes));
    const batch = Array.from({ length: 4 }, () => frame(payload));
    const stats = { sent: 0 };
    floods.push(stats);
    const wire = new Wire({ port, path, localAddress, wholeBytes: SKIPPED, onEnd: note });
    await new Promise((resolve) => (wire.options.onMessage = resolve));
    wire.options.onMessage = undefined;
    const write = async () => {
      while (!isOver && wire.isOpen) {
        if (!wire.writeAll(batch)) while (!isOver && wire.isOpen && wire.unsent > 0) await sleep(1);
        stats.sent += batch.length;
        await sleep(0);
      }
    };
    write();
  },

  /** Returns what was done until now. */
  report() {
    return {
      sessions: sessions.filter((session) => session && !session.end).length,
      frames: sessions.reduce((sum, session) => sum + (session?.frames ?? 0), 0),
      sent: floods.reduce((sum, flood) => sum + flood.sent, 0),
      connections: floods.reduce((sum, flood) => sum + (flood.connections ?? 0), 0),
      ends,
    };
  },

  /** Stops sending; connections stay as they are. */
  finish() {
    isOver = true;
  },
});
