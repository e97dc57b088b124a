// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { callInTwoTabs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { areInGroup, enterGroup, joinGroup, keepsSeeingOthers, roster, seesOthers, signalingOfGroupIs, startGroup } from '../src/group.ts';
import { openPanel, say } from '../src/page-walk.ts';
import { startParley } from '../src/parley.ts';

describe('the page', { timeout: 60_000 }, () => {
  test('one click makes a call in two tabs that see each other, with everything loaded from this server', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const asked: string[] = [];
    window.on('request', (request) => asked.push(request.url()));
    const tabs = await callInTwoTabs(window, parley.page);
    await areInGroup(tabs);
    expect(tabs[0].url()).toBe(tabs[1].url());
    await openPanel(tabs[0], 'Under the hood');
    await tabs[0].locator('#roster .numbers', { hasText: /^\d+ × \d+ · \d+ fps$/ }).waitFor();
    expect(asked.filter((url) => !url.startsWith(`${parley.page}/`) && !url.startsWith('blob:'))).toEqual([]);
    const policy = (await fetch(`${parley.page}/`)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(window.complaints).toEqual([]);
  });

  test('three have different names and list each other, a microphone is heard by all, and a cut connection comes back unseen', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    await window.addInitScript(() => (Math.random = () => 0)); // everybody draws the first name that is free
    const tabs = await startGroup(window, parley.page, 3);
    const names = ['Avocet', 'Bittern', 'Curlew'];
    for (const [index, tab] of tabs.entries()) {
      await tab.waitForFunction((names) => names.every((name) => document.querySelector('#roster')!.textContent!.includes(name)), names);
      const [own, ...others] = await roster(tab);
      expect(own).toEqual({ name: `${names[index]} (you)`, signaling: 'connected', media: 'connected to 2 others' });
      expect(others).toHaveLength(2);
      others.forEach((other) => expect(other).toMatchObject({ signaling: 'connected', media: 'connected' }));
    }

    const [first, ...others] = tabs as [Page, ...Page[]];
    expect(await Promise.all(others.map((tab) => tab.evaluate(heard)))).toEqual([0, 0]);
    await first.getByRole('button', { name: 'Unmute' }).click();
    await Promise.all(others.map((tab) => tab.waitForFunction(heard)));
    expect(await Promise.all(others.map((tab) => tab.evaluate(heard)))).toEqual([1, 1]);
    await Promise.all(others.map((tab) => tab.locator('.other[data-speaks]', { hasText: 'Avocet' }).waitFor()));

    const hints = await Promise.all(others.map((tab) => tab.evaluateHandle(collectHints)));
    await openPanel(first, 'Under the hood');
    await first.getByRole('button', { name: 'Cut the connection' }).click();
    await first.getByText(/^The server is back after \d+ ms/).waitFor();
    expect(await first.locator('#resumes').innerText()).toMatch(/^lost once, last back after \d+ ms$/);
    await Promise.all(tabs.map((tab) => seesOthers(tab, 2)));
    for (const shown of hints) {
      expect((await shown.jsonValue()).filter((hint) => hint.includes('has left'))).toEqual([]);
    }
    expect(window.complaints).toEqual([]);
  });

  test('a seventh is told that the call is full, and gets in when somebody has left', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tab = await joinGroup(window, parley.page, 'group');
    await signalingOfGroupIs(tab, 'connected');
    const [leaver] = await Promise.all([2, 3, 4, 5, 6].map(() => enterGroup(parley.webSocket)));
    const seventh = await joinGroup(window, parley.page, 'group');
    await signalingOfGroupIs(seventh, 'full');
    await seventh.getByText('This call is full').waitFor();
    leaver!.close();
    await once(leaver!, 'close');
    await seventh.getByRole('button', { name: 'Try again' }).click();
    await areInGroup([tab, seventh]);
    expect(window.complaints).toEqual([]);
  });

  test('two without a camera see a drawn picture of each other, and chat both ways with links', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow({ camera: false })]);
    const [first, second] = (await startGroup(window, parley.page, 2)) as [Page, Page];
    await first.getByRole('alert').getByText('Your camera was not found.').waitFor();
    await Promise.all([first, second].map((tab) => keepsSeeingOthers(tab, 1)));

    await first.getByRole('button', { name: 'Chat' }).click();
    await say(first, 'see https://example.com/a?b=1.');
    await openPanel(first, 'Under the hood');
    await first.getByRole('radio', { name: 'peer to peer' }).check();
    await first.getByRole('button', { name: 'Chat' }).click();
    await say(first, 'between us');
    await second.locator('#unread', { hasText: '2' }).waitFor();
    await second.getByRole('button', { name: 'Chat' }).click();
    const log = second.getByRole('log');
    await log.getByText('between us').waitFor();
    expect(await log.locator('.text').allInnerTexts()).toEqual(['see https://example.com/a?b=1.', 'between us']);
    expect(await log.locator('.way').allInnerTexts()).toEqual(['', 'peer to peer']);
    expect(await log.getByRole('link').getAttribute('href')).toBe('https://example.com/a?b=1');
    expect(await log.locator('time').first().getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(await second.locator('#unread').isVisible()).toBe(false);

    await second.close();
    await seesOthers(first, 0);
    await say(first, 'are you there?');
    await first.getByText('Nobody else is here to read this.').waitFor();
    expect(await first.locator('.delivery:visible').count(), 'what both received has no remark').toBe(1);
  });

  test('of two people the other one is whole and large, oneself is small and can be moved, and both see the names that are typed', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [tab, other] = (await startGroup(window, parley.page, 2)) as [Page, Page];
    for (const [width, height] of [[320, 568], [844, 390], [1280, 800]] as const) {
      await tab.setViewportSize({ width, height });
      await expect.poll(() => tab.evaluate(pairOnStage)).toEqual({ isWhole: true, isLarge: true, isSmall: true });
    }

    await tab.locator('#mover').focus();
    await tab.keyboard.press('ArrowUp');
    expect(await tab.locator('#own').getAttribute('data-corner')).toBe('top right');
    const box = (await tab.locator('#mover').boundingBox())!;
    await tab.mouse.move(box.x + 20, box.y + 20);
    await tab.mouse.down();
    await tab.mouse.move(100, 500);
    await tab.mouse.up();
    expect(await tab.locator('#own').getAttribute('data-corner')).toBe('bottom left');

    await openPanel(tab, 'Settings');
    await tab.locator('#settings').getByLabel('Your name').fill('Ana  Lovelace ');
    await tab.keyboard.press('Escape');
    expect(await tab.locator('#settings').isVisible()).toBe(false);
    await other.locator('.other .caption', { hasText: 'Ana Lovelace' }).waitFor();

    await tab.keyboard.press('v');
    await other.locator('.other[data-shows="avatar"]', { hasText: 'AL' }).waitFor();
    await tab.keyboard.press('v');
    await seesOthers(other, 1);
    expect(window.complaints).toEqual([]);
  });

  test('the copied link leads into the call by a preview, and the button for another tab at once', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    await window.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: parley.page });
    const first = await window.newPage();
    await first.goto(parley.page);
    await first.bringToFront();
    await first.getByRole('button', { name: 'Copy link' }).click();
    await first.getByText('Copied').waitFor();
    const link = await first.evaluate(() => navigator.clipboard.readText());
    await first.getByRole('button', { name: 'Start the call' }).click();
    expect(first.url()).toBe(link);
    await first.getByRole('button', { name: 'Join the call' }).click();
    await first.getByText('You are the first one here').waitFor();
    const opening = window.waitForEvent('page');
    await first.getByRole('link', { name: 'Open another tab' }).click();
    await areInGroup([first, await opening]);
    await first.reload();
    await areInGroup([first, await opening]);
    await first.getByRole('button', { name: 'Leave' }).click();
    await seesOthers(await opening, 0);
    await first.getByRole('button', { name: 'Join again' }).click();
    await areInGroup([first, await opening]);
  });

  test('where its key does not cover its channels, it shows the code, and the log says why at the start', async () => {
    const configuration = `
page: {key: pk_rooms}
apps: [{id: a, publishableKeys: [{id: pk_rooms, channels: ["room-*"], actions: [subscribe, publish, presence, send]}]}]
`;
    const [parley, window] = await Promise.all([startParley({ configuration }), openWindow()]);
    const tab = await joinGroup(window, parley.page, 'group');
    await tab.getByText('The server answered channel_not_authorized.').waitFor();
    expect(parley.lines.some((line) => line.includes('page.key pk_rooms: the call page joins channels call-*'))).toBe(true);
  });

  test('links to the two-tab page where that is served, and not where it leads to 404', async () => {
    const configuration = 'page: {key: pk}\napps: [{id: a, publishableKeys: [{id: pk, channels: ["call-*"], actions: [subscribe, publish, presence, send]}]}]';
    const [parley, without, window] = await Promise.all([startParley(), startParley({ configuration }), openWindow()]);
    const tab = await window.newPage();
    await tab.goto(without.page);
    await tab.getByRole('button', { name: 'Start the call' }).waitFor();
    expect((await fetch(`${without.page}/minimal`)).status).toBe(404);
    expect(await tab.getByRole('link').count()).toBe(0);
    await tab.goto(parley.page);
    await tab.getByRole('link', { name: 'The two-tab page' }).click();
    await tab.getByRole('button', { name: 'Start a call in two tabs' }).waitFor();
    expect(tab.url()).toBe(`${parley.page}/minimal`);
  });
});

/** In the page: how many of the others can be heard. */
function heard(): number {
  return [...document.querySelectorAll<HTMLVideoElement>('.other video')].filter((video) =>
    (video.srcObject as MediaStream).getAudioTracks().some((track) => !video.muted && !video.paused && !track.muted),
  ).length;
}

/** In the page: the hints that it shows from now on. */
function collectHints(): string[] {
  const hints: string[] = [];
  const place = document.querySelector('#hint')!;
  new MutationObserver(() => hints.push(place.textContent!)).observe(place, { childList: true, characterData: true, subtree: true });
  return hints;
}

/** In the page: how it shows two people. A picture may lose 15 % at most. */
function pairOnStage(): Record<string, boolean> {
  const box = (selector: string): DOMRect => document.querySelector(selector)!.getBoundingClientRect();
  const [stage, other, own] = [box('#stage'), box('.other video'), box('#own')];
  const video = document.querySelector<HTMLVideoElement>('.other video')!;
  const [picture, place] = [video.videoWidth / video.videoHeight, other.width / other.height];
  const cut = getComputedStyle(video).objectFit === 'cover' ? 1 - Math.min(picture / place, place / picture) : 0;
  const isWithin = (it: DOMRect): boolean =>
    it.left >= stage.left && it.right <= stage.right && it.top >= stage.top && it.bottom <= stage.bottom;
  return {
    isWhole: cut <= 0.15 && isWithin(other) && isWithin(own),
    isLarge: other.width === stage.width && other.height === stage.height,
    isSmall: own.width > 80 && own.width < stage.width / 3 && own.height < stage.height / 2,
  };
}
