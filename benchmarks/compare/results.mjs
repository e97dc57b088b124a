// SPDX-License-Identifier: Apache-2.0
// What was measured, a file a row in benchmarks/compare/results: facts of the machine, settings, and the runs so far.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { here, home } from './servers.mjs';

const read = (command, ...rest) => (spawnSync(command, rest, { cwd: home, encoding: 'utf8' }).stdout ?? '').trim();

export function facts(pid) {
  const { dependencies } = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));
  const measured = ['server', 'clients/java', 'benchmarks', 'parley', 'pom.xml'];
  const changed = read('git', 'status', '--porcelain', '--', ...measured) !== '';
  return {
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    kernel: os.release(),
    jdk: jdk(pid),
    node: process.version,
    peers: dependencies,
    commit: (read('git', 'rev-parse', '--short=12', 'HEAD') || 'unknown') + (changed ? ' with changes' : ''),
  };
}

// Of the JVM that runs under this id, which the launcher has chosen.
function jdk(pid) {
  try {
    const release = readFileSync(
      path.join(`/proc/${pid}/root`, path.dirname(read('readlink', `/proc/${pid}/exe`)), '..', 'release'),
      'utf8',
    );
    return ['IMPLEMENTOR', 'JAVA_RUNTIME_VERSION']
      .map((it) => new RegExp(`^${it}="(.*)"`, 'm').exec(release)?.[1])
      .join(' ');
  } catch {
    return 'unknown';
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// The results of one row. `settings` is all that makes two runs comparable; with others, what there is does not count.
export function open(folder, row, settings, machine, fresh) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${row.name}.json`);
  let kept = null;
  if (!fresh && existsSync(file)) {
    kept = JSON.parse(readFileSync(file, 'utf8'));
    const finished = kept.finished ?? false;
    if (!same(kept.settings, settings)) {
      console.log(`${row.name}: was measured with other settings, begins anew`);
      kept = null;
    } else if (!finished && !same(kept.machine, machine)) {
      console.log(`${row.name}: was begun on another machine or commit, begins anew`);
      kept = null;
    } else if (finished && !same(kept.machine, machine)) {
      console.log(`${row.name}: kept from commit ${kept.machine.commit}; --fresh measures it anew`);
    }
  }
  const content = kept ?? { row: row.name, settings, machine, finished: false, runs: {} };
  return {
    ...content,
    has: (id, k) => content.runs[id]?.[k] != null,
    put(id, k, result) {
      (content.runs[id] ??= [])[k] = result;
      this.save();
    },
    finish(finished) {
      content.finished = finished;
      this.save();
    },
    save() {
      writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 1)}\n`);
      renameSync(`${file}.new`, file);
    },
    content,
  };
}
