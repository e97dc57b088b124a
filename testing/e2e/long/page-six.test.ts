// SPDX-License-Identifier: Apache-2.0
// The page with as many as it takes: thirty connections, which keep a small machine busy for a minute.

import { expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { areInGroup, joinGroup, seesOthers, signalingOfGroupIs, startGroup } from '../src/group.ts';
import { startParley } from '../src/parley.ts';

test(
  'six see each other, a seventh sees that the call is full, and gets in when somebody has left',
  { timeout: 180_000 },
  async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const six = await startGroup(window, parley.page, 6);
    const seventh = await joinGroup(window, parley.page, 'group');
    await signalingOfGroupIs(seventh, 'full');
    await seventh.getByText('This call is full').waitFor();
    await Promise.all(six.map((tab) => seesOthers(tab, 5)));
    await six[5]!.getByRole('button', { name: 'Leave' }).click();
    await six[0]!.locator('#media', { hasText: 'connected to 4 others' }).waitFor({ state: 'attached' });
    await seventh.getByRole('button', { name: 'Try again' }).click();
    await areInGroup([...six.slice(0, 5), seventh]);
    expect(window.complaints).toEqual([]);
  },
);
