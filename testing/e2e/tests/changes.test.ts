// SPDX-License-Identifier: Apache-2.0
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { connectionStates, rememberConnections } from '../src/connections.ts';
import {
  areInGroup,
  enterGroup,
  keepsSeeingOthers,
  roster,
  seesOthers,
  signalingOfGroupIs,
  startGroup,
} from '../src/group.ts';
import { startParley } from '../src/parley.ts';

describe('a call of three', () => {
  test('a closed tab is off the roster long before its session ends, and the call of the others goes on', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second, third] = await startGroup(window, parley.page, 3);
    await second!.close({ runBeforeUnload: true });
    await Promise.all([first!, third!].map((tab) => hasOthers(tab, 1)));
    await areInGroup([first!, third!]);
    expect(await roster(first!)).toHaveLength(2);
  });

  test('a tab that dies without a word is gone from the others, too', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second, third] = await startGroup(window, parley.page, 3);
    const session = await window.newCDPSession(second!);
    session.send('Page.crash').catch(() => {}); // the page cannot answer any more
    await Promise.all([first!, third!].map((tab) => hasOthers(tab, 1)));
    await areInGroup([first!, third!]);
  });

  test('a tab whose timers have slept asks the server before it takes it for dead', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tab = await window.newPage();
    await tab.clock.install();
    let sockets = 0;
    const answered = new Promise<void>((resolve) => {
      tab.on('websocket', (socket) => {
        sockets++;
        socket.on('framereceived', ({ payload }) => String(payload).includes('"pong"') && resolve());
      });
    });
    await tab.goto(`${parley.page}/#group+join`);
    await signalingOfGroupIs(tab, 'connected');
    await tab.clock.fastForward(60_000); // each timer fires once at most, as in a tab in the background
    await answered;
    await signalingOfGroupIs(tab, 'connected');
    expect(sockets).toBe(1);
  });

  test('a reloaded tab is back', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tabs = await startGroup(window, parley.page, 3);
    await tabs[1]!.reload();
    await areInGroup(tabs);
  });

  test('outlives the death of its server, and is the same call when the server is back', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    await rememberConnections(window);
    const tabs = await startGroup(window, parley.page, 3);

    await parley.end('SIGKILL');
    await Promise.all(tabs.map((tab) => signalingOfGroupIs(tab, 'lost')));
    await tabs[0]!.getByRole('alert').getByText('The call goes on without it').waitFor();
    expect(await tabs[0]!.locator('#signaling').innerText()).toMatch(/reconnecting/);
    expect((await roster(tabs[0]!)).map(({ signaling }) => signaling)).toEqual(['reconnecting', 'unknown', 'unknown']);
    await Promise.all(tabs.map((tab) => keepsSeeingOthers(tab, 4)));

    await startParley({ listen: new URL(parley.page).host });
    await Promise.all(tabs.map((tab) => signalingOfGroupIs(tab, 'connected')));
    await Promise.all(tabs.map((tab) => tab.waitForFunction(everybodyIsConnected)));
    await Promise.all(tabs.map((tab) => keepsSeeingOthers(tab, 2)));
    await areInGroup(tabs);
    for (const tab of tabs) {
      expect(await connectionStates(tab)).toEqual(['connected', 'connected']);
    }
  });

  test('a client that publishes many states and invalid descriptions does not disturb a call of two', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    await rememberConnections(window);
    const tabs = await startGroup(window, parley.page, 2);
    const client = await enterGroup(parley.webSocket);
    for (let number = 0; number < 100; number++) {
      for (const state of [{ name: `x-${number}`, microphone: false, camera: false }, null, { name: { number } }]) {
        client.setUserState(state);
      }
      for (const data of [
        { type: 'chat', text: { number } },
        { type: 'rtc-description', description: { type: 'offer', sdp: 'v=0' } },
        { type: 'rtc-ice', candidate: { candidate: 'x' } },
      ]) {
        client.publish(data);
      }
    }
    client.setUserState({ name: 'last' });
    await Promise.all(tabs.map((tab) => tab.locator('.other', { hasText: 'last' }).waitFor()));
    for (const tab of tabs) {
      expect(await tab.locator('.other').count()).toBe(2);
      expect((await connectionStates(tab))[0]).toBe('connected');
    }
    await client.close();
    await Promise.all(tabs.map((tab) => hasOthers(tab, 1)));
    await areInGroup(tabs);
  });

  test('whose tab is closed while the server is away is gone when it is back', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second, third] = await startGroup(window, parley.page, 3);
    await parley.end('SIGKILL');
    await Promise.all([first!, third!].map((tab) => signalingOfGroupIs(tab, 'lost')));
    await second!.close({ runBeforeUnload: true });
    await startParley({ listen: new URL(parley.page).host });
    await Promise.all([first!, third!].map((tab) => hasOthers(tab, 1)));
    await Promise.all([first!, third!].map((tab) => seesOthers(tab, 1)));
    await areInGroup([first!, third!]);
  });
});

async function hasOthers(tab: Page, count: number): Promise<void> {
  await tab.waitForFunction((wanted) => document.querySelectorAll('.other').length === wanted, count);
}

function everybodyIsConnected(): boolean {
  const words = [...document.querySelectorAll('#roster .signaling .word')];
  return words.length === 3 && words.every((word) => word.textContent === 'connected');
}
