// SPDX-License-Identifier: Apache-2.0
// How soon many participants who join at once are all connected to each other. From the environment:
//   RUNS   how often each crowd joins (10)

import { describe, expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { type CrowdOptions, type CrowdOutcome, joinAtOnce, leave, openCrowd, type Role } from '../src/crowd.ts';
import { startParley } from '../src/parley.ts';

const runs = Number(process.env['RUNS'] ?? 10);

/** The longest time until all pairs are connected and have exchanged data or pictures, in milliseconds. */
const LIMIT_MS = 10_000;

/** How long a crowd that is late is waited for, in milliseconds. */
const PATIENCE_MS = 30_000;

const TABS = 4;

describe('all pairs are connected within 10 s', { timeout: runs * 60_000 }, () => {
  test.each<[string, number, Role[], CrowdOptions]>([
    ['24 participants who exchange data', 24, [], { data: true }],
    ['12 participants with pictures of 160 x 90', 12, ['camera'], { shared: true }],
  ])('%s', async (name, count, roles, options) => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const outcomes: CrowdOutcome[] = [];
    for (let run = 0; run < runs; run++) {
      const tabs = await Promise.all(
        Array.from({ length: TABS }, () => openCrowd(window, parley.page, { ...options, room: `run-${run}` })),
      );
      const outcome = await joinAtOnce(tabs, count, PATIENCE_MS, ...roles);
      outcomes.push(outcome);
      console.log(
        `${name}, run ${run + 1}: ${Math.round(outcome.ms)} ms, ` +
          `${outcome.missing} of ${count * (count - 1)} are missing`,
      );
      // A tab that is closed may not say so, and the next crowd would wait for its participants.
      await Promise.all(tabs.map(leave));
      await Promise.all(tabs.map((tab) => tab.close()));
    }
    expect(outcomes.filter(({ ms, missing }) => missing > 0 || ms > LIMIT_MS)).toEqual([]);
    expect(window.complaints).toEqual([]);
  });
});
