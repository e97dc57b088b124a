// SPDX-License-Identifier: Apache-2.0
// How many calls of tabs that open at about the same time play, and how soon. From the environment:
//   CALLS     how many calls of each kind (30)
//   GAPS      milliseconds between the openings of their tabs, in turn (0,600,1500)
//   TABS      how many tabs a call has (2)
//   ROLE      of the stream, empty for none (camera)
//   BUSY      how many processor cores are kept busy meanwhile (0)
//   BEFORE    the launcher of another build, measured in turn with this one and held to nothing

import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { callAtOnce } from '../src/first-calls.ts';
import { launcher, startParley } from '../src/parley.ts';
import { serveSdkApp } from '../src/sdk.ts';

const environment = process.env;
const calls = Number(environment['CALLS'] ?? 30);
const gaps = (environment['GAPS'] ?? '0,600,1500').split(',').map(Number);
const tabs = Number(environment['TABS'] ?? 2);
const role = environment['ROLE'] ?? 'camera';
const busy = Number(environment['BUSY'] ?? 0);
const before = environment['BEFORE'];
const timeout = 60_000 + calls * 2 * 20_000;

interface Outcome {
  readonly gapMs: number;
  readonly pictureMs: number | undefined;
}

test(`${calls} calls of ${tabs} tabs all play`, { timeout }, async () => {
  const builds = [['this build', launcher], ...(before ? [['before', before]] : [])] as [string, string][];
  const servers = await Promise.all(
    builds.map(async ([name, command]) => ({
      name,
      parley: await startParley({ command: [command] }),
      outcomes: [] as Outcome[],
    })),
  );
  for (let core = 0; core < busy; core++) {
    const burner = spawn(process.execPath, ['-e', 'for (;;);'], { timeout });
    onTestFinished(() => void burner.kill('SIGKILL'));
  }
  const window = await openWindow();
  const app = await serveSdkApp(window);
  for (let call = 0; call < calls; call++) {
    const gapMs = gaps[call % gaps.length]!;
    for (const { name, parley, outcomes } of servers) {
      const options = { tabs, gapMs, role: role || undefined };
      const { pictureMs, trace } = await callAtOnce(window, app, parley.webSocket, `room-${call}`, options);
      outcomes.push({ gapMs, pictureMs });
      if (pictureMs === undefined) {
        console.log(`${name}: call ${call}, ${gapMs} ms apart, does not play\n${trace}`);
      }
    }
  }
  for (const { name, outcomes } of servers) {
    gaps.forEach((gap) =>
      report(
        `${name}, ${gap} ms apart`,
        outcomes.filter(({ gapMs }) => gapMs === gap),
      ),
    );
    report(name, outcomes);
  }
  expect(servers[0]!.outcomes.filter(({ pictureMs }) => pictureMs === undefined)).toEqual([]);
});

function report(name: string, outcomes: Outcome[]): void {
  const times = outcomes.flatMap(({ pictureMs }) => pictureMs ?? []).toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(times[Math.floor(times.length * share)] ?? NaN);
  const failed = outcomes.length - times.length;
  console.log(
    `${name}: ${outcomes.length} calls, ${failed} failed, picture after ${at(0.5)} ms (median), ${at(0.9)} ms (90 %)`,
  );
}
