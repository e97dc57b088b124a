// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { areInCall, callInTwoTabs, keepsSeeingTheOther, mediaIs, signalingIs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { connectionStates, rememberConnections } from '../src/connections.ts';
import { startParley } from '../src/parley.ts';

describe('a call on the two-tab page', () => {
  test.each(['first', 'second'])('after the %s tab is closed a new one on the same link gets a call', async (which) => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
    await areInCall(first, second);
    const [leaver, stayer] = which === 'first' ? [first, second] : [second, first];
    const link = leaver.url();
    await leaver.close({ runBeforeUnload: true });
    await signalingIs(stayer, 'waiting');
    const next = await window.newPage();
    await next.goto(link);
    await next.getByRole('button', { name: 'Join the call' }).click();
    await areInCall(stayer, next);
  });

  test('a reloaded tab is back in its call', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
    await areInCall(first, second);
    await first.reload();
    await areInCall(first, second);
  });

  test('outlives the death of its server, and the page is back when the server is', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    await rememberConnections(window);
    const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
    const tabs = [first, second];
    await areInCall(...tabs);
    const before = await Promise.all(tabs.map(connectionStates)); // with those of attempts before, on a busy machine

    await parley.end('SIGKILL');
    await Promise.all(tabs.map((tab) => signalingIs(tab, 'lost')));
    await first.getByRole('alert').getByText('The call goes on without it').waitFor();
    await Promise.all(tabs.map((tab) => keepsSeeingTheOther(tab, 4)));
    await Promise.all(tabs.map((tab) => mediaIs(tab, 'connected')));

    await startParley({ listen: new URL(parley.page).host });
    await areInCall(...tabs);
    await Promise.all(tabs.map((tab) => keepsSeeingTheOther(tab, 2)));
    expect(await Promise.all(tabs.map(connectionStates))).toEqual(before);
  });
});
