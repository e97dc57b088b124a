// SPDX-License-Identifier: Apache-2.0
// What a case found, against its bounds.

import os from 'node:os';
import { Trouble } from '../servers.mjs';
import { mebibytes } from './actor.mjs';

const UNITS = { k: 1 << 10, m: 1 << 20, g: 1 << 30 };

/** Returns the bytes of a size like 512m. */
export function bytesOf(size) {
  const match = /^(\d+)([kmg])$/.exec(size);
  if (!match) throw new Trouble(`${size} is no size like 512m`);
  return Number(match[1]) * UNITS[match[2]];
}

/** Returns the parts of an option that may be several, separated by commas. */
export const list = (text) => text.split(',').filter(Boolean);

export const milliseconds = (value) =>
  Number.isFinite(value) ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : 'none';

/** Returns "4001 invalid_token: 3" for each way in which something ended. */
export const endings = (ends) =>
  Object.entries(ends)
    .map(([how, count]) => `${how}: ${count}`)
    .join('; ');

/** One case: bounds that held or not, and figures beside them. */
export class Row {
  #checks = [];
  #notes = [];

  constructor(name) {
    this.name = name;
  }

  /** A figure with a bound. */
  check(name, isFine, value, beside) {
    this.#checks.push({ name, isFine: Boolean(isFine), value, beside });
  }

  /** A figure without a bound. */
  note(text) {
    this.#notes.push(text);
  }

  /** The case could not be carried out. */
  fail(error) {
    this.check('case', false, error.message.split('\n')[0]);
  }

  /** What members of a room of an honest publisher found, see victims.mjs: they miss nothing, p99 as above. */
  members(name, it, p99) {
    const isWhole = it.arrived === it.expected && it.closed === 0 && !it.end;
    this.check(`${name}: arrived`, isWhole, `${it.arrived} of ${it.expected}`, it.end);
    this.check('p99', it.p99 <= p99, milliseconds(it.p99), `p50 ${milliseconds(it.p50)}, max ${milliseconds(it.max)}`);
  }

  /** How late the measuring process ran its timers. */
  lag({ p99, max }) {
    this.note(`lag p99 ${milliseconds(p99)}, max ${milliseconds(max)}`);
  }

  /** Ends a server by SIGTERM, and tells how that went and what it had said. */
  async stop(target) {
    const { isInTime, seconds, code } = await target.stop();
    this.check('SIGTERM', isInTime, `${seconds.toFixed(1)} s, exit ${code}`);
    this.server(target);
  }

  /** What pairs found, see pairs.mjs: they lose nothing, and have a p99 of at most so many ms. */
  pairs(groups, p99) {
    for (const [name, it] of Object.entries(groups)) {
      const ends = [...new Set(it.ends)].join('; ');
      this.check(`${name} lost`, it.lost === 0 && it.ends.length === 0, `${it.lost} of ${it.sent}`, ends);
      const others = `p50 ${milliseconds(it.p50)}, max ${milliseconds(it.max)}`;
      this.check(`${name} p99`, it.p99 <= p99, milliseconds(it.p99), others);
    }
  }

  /** What every case says of the server. */
  server(target) {
    this.check(
      'memory',
      target.outOfMemory === 0 && target.leaks === 0,
      `${target.outOfMemory} OOM, ${target.leaks} LEAK`,
    );
    this.note(`load ${os.loadavg()[0].toFixed(1)}`);
    this.note(`RSS at most ${mebibytes(target.peakRss)} MiB`);
    if (target.group) this.note(`control group at most ${mebibytes(target.group.peak())} MiB`);
  }

  get isFine() {
    return this.#checks.every((check) => check.isFine);
  }

  static get heading() {
    return '| case | | bounds | beside |\n| --- | --- | --- | --- |';
  }

  toString() {
    const checks = this.#checks.map(({ name, isFine, value, beside }) => {
      const text = `${name} ${value}${beside ? ` (${beside})` : ''}`;
      return isFine ? text : `**${text}**`;
    });
    return `| ${this.name} | ${this.isFine ? 'PASS' : 'FAIL'} | ${checks.join('; ')} | ${this.#notes.join('; ')} |`;
  }
}
