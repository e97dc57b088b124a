// SPDX-License-Identifier: Apache-2.0
// What is left of many changes in a call on Parley's own client.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { joinAtOnce, openCrowd, type Role } from '../src/crowd.ts';
import { startParley } from '../src/parley.ts';

const SWITCHES = Number(process.env['CLIENT_SWITCHES'] ?? 20);
const REJOINS = Number(process.env['CLIENT_REJOINS'] ?? 50);

/** Adds a participant; the first one has the number 0. */
async function join(tab: Page, ...roles: Role[]): Promise<string> {
  return tab.evaluate(async (roles) => {
    await globalThis.crowd.join(...roles);
    return (globalThis.crowd.members.at(-1) as unknown as { client: { peerId: string } }).client.peerId;
  }, roles);
}

/** Awaits that a participant sees these pictures, each with the right label, and nothing else. */
async function sees(tab: Page, member: number, ...wanted: string[]): Promise<void> {
  const pictures = (): Promise<string[]> =>
    tab.evaluate((member) => globalThis.crowd.members[member]!.pictures(), member);
  await expect.poll(pictures, { timeout: 20_000 }).toEqual(wanted.toSorted());
}

/** The pictures that a participant sends, as others see them. */
const sent = (peerId: string, ...roles: Role[]): string[] => roles.map((role) => `${peerId} ${role} ${role}`);

test('eight participants who join at once exchange data, each with each', async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const tab = await openCrowd(window, parley.page, { data: true });
  expect(await joinAtOnce([tab], 8, 30_000)).toMatchObject({ missing: 0 });
  expect(window.complaints).toEqual([]);
});

describe('a participant who joins afterwards sees all streams with the right labels', { timeout: 120_000 }, () => {
  test(`after ${SWITCHES} devices were switched`, async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tab = await openCrowd(window, parley.page);
    const [ann, bob] = [await join(tab, 'camera', 'screen'), await join(tab, 'camera')];
    await sees(tab, 1, ...sent(ann, 'camera', 'screen'));
    await tab.evaluate(async (switches) => {
      for (let i = 0; i < switches; i++) {
        await globalThis.crowd.members[0]!.switchDevice(i % 2 === 0 ? 'camera' : 'screen');
      }
    }, SWITCHES);
    await join(tab);
    await sees(tab, 2, ...sent(ann, 'camera', 'screen'), ...sent(bob, 'camera'));
    await sees(tab, 1, ...sent(ann, 'camera', 'screen'));
    expect(window.complaints).toEqual([]);
  });

  test(`after somebody has joined, left and joined in quick succession, ${REJOINS} times`, async ({ annotate }) => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tab = await openCrowd(window, parley.page);
    const [ann, bob] = [await join(tab, 'camera', 'screen'), await join(tab, 'camera')];
    await sees(tab, 1, ...sent(ann, 'camera', 'screen'));
    const times = await tab.evaluate(async (rejoins) => {
      const times: number[] = [];
      for (let i = 0; i < rejoins; i++) {
        times.push(await globalThis.crowd.members[0]!.rejoin());
      }
      return times;
    }, REJOINS);
    const [median, most] = [0.5, 1].map((share) =>
      Math.round(times.toSorted((a, b) => a - b)[Math.ceil(REJOINS * share) - 1]!),
    );
    await annotate(`join, leave and join took ${median} ms (median), ${most} ms at most`);
    await join(tab);
    await sees(tab, 2, ...sent(ann, 'camera', 'screen'), ...sent(bob, 'camera'));
    await sees(tab, 1, ...sent(ann, 'camera', 'screen'));
    expect(await tab.evaluate(() => globalThis.crowd.members.map(({ call }) => call.peers.size))).toEqual([2, 2, 2]);
    expect(window.complaints).toEqual([]);
  });
});
