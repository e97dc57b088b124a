// SPDX-License-Identifier: Apache-2.0
// Time to start, side by side: ./parley to its first answered /health, and a bare Node `ws` server to listening.
// Arguments are passed to ./parley: `serve` measures a start whose command line is parsed.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

const options = process.argv.slice(2);
const ROUNDS = 10;
const PORT = 8080; // what ./parley without arguments listens on
const here = fileURLToPath(new URL('.', import.meta.url));
const parley = fileURLToPath(new URL('../parley', import.meta.url));
const BARE = `const { WebSocketServer } = require('ws');
new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => console.log('listening'));`;

const ended = (process) => new Promise((resolve) => process.once('exit', resolve));
const answersHealth = () =>
  new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port: PORT, path: '/health', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });

async function startParley() {
  const begin = performance.now();
  const process = spawn(parley, options, { stdio: 'ignore' });
  while (!(await answersHealth())) await new Promise((resolve) => setTimeout(resolve, 1));
  const took = performance.now() - begin;
  process.kill('SIGTERM');
  await ended(process);
  return took;
}

async function startNode() {
  const begin = performance.now();
  const process = spawn('node', ['-e', BARE], { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => process.stdout.once('data', resolve));
  const took = performance.now() - begin;
  process.kill('SIGKILL');
  await ended(process);
  return took;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const show = (name, values) =>
  console.log(`${name}  median ${median(values).toFixed(0)} ms  (${values.map((it) => it.toFixed(0)).join(' ')})`);

if (await answersHealth()) throw new Error(`something answers on port ${PORT} already`);
if (!existsSync(`${here}node_modules`)) spawnSync('npm', ['ci'], { cwd: here, stdio: 'inherit' });
await startParley(); // builds if it must
const ours = [];
const theirs = [];
for (let round = 0; round < ROUNDS; round++) {
  ours.push(await startParley());
  theirs.push(await startNode());
}
show('parley ', ours);
show('node ws', theirs);
console.log(`ratio of medians ${(median(ours) / median(theirs)).toFixed(2)}`);
