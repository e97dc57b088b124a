// SPDX-License-Identifier: Apache-2.0
// Slow lines to clients: in a network namespace of its own, traffic to 127.0.1.1, 127.0.1.2 and so on passes a token
// bucket with a queue of 64 KiB, in packets of 1,500 bytes. All other traffic passes at full speed.

import { spawn, spawnSync } from 'node:child_process';
import { Trouble } from '../servers.mjs';

const MARK = 'ATTACKS_OWN_NETWORK';
const QUEUE = '64k'; // of a line
const UNSHAPED = '100gbit';

const isOurs = () => process.env[MARK] === '1';

/** Whether namespaces and shaping are to be had. */
export const canShape = () =>
  spawnSync('unshare', ['-n', 'sh', '-c', 'ip link set lo up && tc qdisc add dev lo root handle 1: htb'], {
    stdio: 'ignore',
  }).status === 0;

/** Runs this program again in a network namespace of its own. Returns false if it runs there already. */
export async function moveToOwnNetwork() {
  if (isOurs()) return false;
  const inside = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath, ...process.argv.slice(1)];
  const child = spawn('unshare', ['-n', ...inside], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1' },
  });
  const forward = (signal) => child.kill(signal);
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  process.on('SIGINT', forward).on('SIGTERM', forward);
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  return true;
}

function command(text) {
  const [program, ...parameters] = text.split(' ');
  const result = spawnSync(program, parameters, { encoding: 'utf8' });
  if (result.status !== 0) throw new Trouble(`${text}: ${result.stderr}`);
}

export const bitsPerSecond = (line) => {
  const match = /^(\d+)mbit$/.exec(line);
  if (!match) throw new Trouble(`${line} is no line like 1mbit`);
  return Number(match[1]) * 1e6;
};

/** Lays a line to each of so many clients and returns their addresses. */
export function layLines(line, count) {
  if (!isOurs()) throw new Trouble('lines are laid in a network namespace of its own only');
  command('ip link set lo gso_max_segs 1');
  command('ip route replace table local local 127.0.1.0/24 dev lo proto kernel scope host src 127.0.1.1 mtu lock 1500');
  spawnSync('tc', ['qdisc', 'del', 'dev', 'lo', 'root']);
  command('tc qdisc add dev lo root handle 1: htb default ffff');
  command(`tc class add dev lo parent 1: classid 1:ffff htb rate ${UNSHAPED} quantum 200000`);
  const addresses = Array.from({ length: count }, (_, index) => `127.0.1.${index + 1}`);
  addresses.forEach((address, index) => {
    const minor = (index + 1).toString(16);
    command(
      `tc class add dev lo parent 1: classid 1:${minor} htb rate ${line} ceil ${line} burst 3k cburst 3k quantum 1600`,
    );
    command(`tc qdisc add dev lo parent 1:${minor} bfifo limit ${QUEUE}`);
    command(`tc filter add dev lo parent 1: protocol ip u32 match ip dst ${address}/32 flowid 1:${minor}`);
  });
  return addresses;
}

/** Takes the lines away. */
export function takeLines() {
  if (isOurs()) spawnSync('tc', ['qdisc', 'del', 'dev', 'lo', 'root'], { stdio: 'ignore' });
}
