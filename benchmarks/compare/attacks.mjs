// SPDX-License-Identifier: Apache-2.0
// What somebody who holds one publishable key can do to others: attacks on a server of its own, with a bound for each.
//
//   node benchmarks/compare/attacks.mjs [--scenario NAME ...] [--cgroup 512m] [--leaks paranoid] [--addresses N]
//     [--nice N] [--parley FILE] [options of the scenario]
//
// README.md lists the scenarios, their options and their bounds.

import { parseArgs } from 'node:util';
import { cleanUp, Trouble } from './servers.mjs';
import { NICE, stopActors } from './attacks/actor.mjs';
import { canShape, moveToOwnNetwork } from './attacks/line.mjs';
import { bytesOf, Row } from './attacks/table.mjs';

const SCENARIOS = [
  'frozen',
  'continuity',
  'crowd',
  'ordinary',
  'minimal',
  'reading',
  'presence',
  'rooms',
  'patterns',
  'mixed',
];

const common = {
  scenario: { type: 'string', multiple: true, default: SCENARIOS },
  parley: { type: 'string' }, // another launcher
  cgroup: { type: 'string' }, // bytes of the server's control group, as root
  leaks: { type: 'string' }, // a level of io.netty.leakDetection.level
  nice: { type: 'string', default: '0' }, // of the attackers' processes
  addresses: { type: 'string' }, // attackers come from so many addresses, 127.0.0.2 and so on
};

function parse(all) {
  const options = { ...common };
  for (const scenario of Object.values(all)) {
    for (const name of Object.keys(scenario.options)) options[name] = { type: 'string' };
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Trouble(error.message);
  }
}

/** Returns the options of one scenario, with its defaults. */
function valuesFor(scenario, values) {
  const own = {};
  for (const [name, option] of Object.entries(scenario.options)) own[name] = values[name] ?? option.default;
  const target = { launcher: values.parley, leaks: values.leaks, cgroup: values.cgroup && bytesOf(values.cgroup) };
  return { ...own, target, addresses: values.addresses && Number(values.addresses) };
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopActors();
    cleanUp();
    process.exit(130);
  });
}

try {
  const all = {};
  for (const name of SCENARIOS) all[name] = await import(`./attacks/${name}.mjs`);
  const values = parse(all);
  for (const name of values.scenario) {
    if (!all[name]) throw new Trouble(`there is no scenario ${name}; there are ${SCENARIOS.join(', ')}`);
  }
  const plans = values.scenario.map((name) => ({ scenario: all[name], values: valuesFor(all[name], values) }));
  const needsLines = plans.some((plan) => plan.scenario.needsLines?.(plan.values));
  if (needsLines && !canShape())
    throw new Trouble('slow lines need root, unshare, ip and tc (iproute2); without them: --line none');
  if (needsLines && (await moveToOwnNetwork())) process.exit();
  process.env[NICE] = values.nice;
  console.log(Row.heading);
  for (const plan of plans) {
    for await (const row of plan.scenario.run(plan.values)) {
      console.log(String(row));
      if (!row.isFine) process.exitCode = 1;
    }
  }
} catch (error) {
  console.error(error instanceof Trouble ? `attacks: ${error.message}` : error);
  process.exitCode = 2;
} finally {
  stopActors();
  cleanUp();
}
process.exit();
