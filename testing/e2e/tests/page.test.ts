// SPDX-License-Identifier: Apache-2.0
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { callInTwoTabs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { areInGroup, enterGroup, joinGroup, keepsSeeingOthers, roster, seesOthers } from '../src/group.ts';
import { signalingOfGroupIs, startGroup } from '../src/group.ts';
import { openPanel, say, useSmallCamera } from '../src/page-walk.ts';
import { type Parley, startParley } from '../src/parley.ts';

/** More messages than a page may send in a second. */
const MANY = 400;

const SECRET = 'a-secret-of-at-least-thirty-two-characters';

describe('the page', () => {
  let parley: Parley;
  let end: () => Promise<void>;

  beforeAll(async () => {
    parley = await startParley({ endAfter: (step) => (end = step) });
  });
  afterAll(() => end());

  test('one click makes a call in two tabs that see each other, with everything loaded from this server', async () => {
    const window = await openWindow();
    const asked: string[] = [];
    window.on('request', (request) => asked.push(request.url()));
    const tabs = await callInTwoTabs(window, parley.page);
    await areInGroup(tabs);
    expect(tabs[0].url()).toBe(tabs[1].url());
    await openPanel(tabs[0], 'Under the hood');
    await tabs[0].locator('#roster .numbers', { hasText: /^\d+ × \d+ · \d+ fps$/ }).waitFor();
    expect(asked.filter((url) => !url.startsWith(`${parley.page}/`) && !url.startsWith('blob:'))).toEqual([]);
    const links = await tabs[1].evaluate(() => [...document.links].map(({ href }) => href));
    expect(links).toContain(`${parley.page}/minimal`);
    expect(new Set(await Promise.all(links.map(async (link) => (await fetch(link)).status)))).toEqual(new Set([200]));
    const policy = (await fetch(`${parley.page}/`)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(window.complaints).toEqual([]);
  });

  test('three list each other by different names, hear a microphone, and do not notice a cut connection', async () => {
    const window = await openWindow();
    await useSmallCamera(window);
    await window.addInitScript(() => (Math.random = () => 0)); // everybody draws the first name that is free
    const tabs = await startGroup(window, parley.page, 3, 'three');
    const names = ['Avocet', 'Bittern', 'Curlew'];
    for (const [index, tab] of tabs.entries()) {
      await Promise.all(
        names.map((name) => tab.locator('#roster li', { hasText: name }).waitFor({ state: 'attached' })),
      );
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
    expect(await first.locator('#resumes').innerText()).toMatch(/^once, back after \d+ ms$/);
    await Promise.all(tabs.map((tab) => seesOthers(tab, 2)));
    for (const shown of hints) {
      expect((await shown.jsonValue()).filter((hint) => hint.includes('has left'))).toEqual([]);
    }
    expect(window.complaints).toEqual([]);

    await first.setViewportSize({ width: 1280, height: 800 });
    await first.keyboard.press('Escape');
    const wanted = { fit: 'cover', isWide: true };
    await expect.poll(() => first.evaluate(shownPictures)).toEqual([wanted, wanted]);
  });

  test('a seventh sees that the call is full, and gets in when somebody has left', async () => {
    const window = await openWindow();
    await useSmallCamera(window);
    const tab = await joinGroup(window, parley.page, 'full');
    await signalingOfGroupIs(tab, 'connected');
    const [leaver] = await Promise.all([2, 3, 4, 5, 6].map(() => enterGroup(parley.webSocket, 'full')));
    const seventh = await joinGroup(window, parley.page, 'full');
    await signalingOfGroupIs(seventh, 'full');
    await seventh.getByText('This call is full').waitFor();
    await leaver!.close();
    await seventh.getByRole('button', { name: 'Try again' }).click();
    await areInGroup([tab, seventh]);
    expect(window.complaints).toEqual([]);
  });

  test('a flood of messages leaves room for those of others, and costs a page few receipts', async () => {
    const window = await openWindow();
    await useSmallCamera(window);
    const [first, second] = (await startGroup(window, parley.page, 2, 'flood')) as [Page, Page];
    const flooder = await enterGroup(parley.webSocket, 'flood');
    flooder.setUserState({ name: 'Mallory' });
    await first.locator('.other', { hasText: 'Mallory' }).waitFor();
    await first.getByRole('button', { name: 'Chat' }).click();
    await second.getByRole('button', { name: 'Chat' }).click();
    await say(second, 'before the flood');
    const links = 'http://a/ '.repeat(200);
    const began = performance.now();
    for (let number = 0; number < MANY; number++) {
      flooder.publish({ type: 'chat', id: `${number}`, text: links });
    }
    await say(second, 'during the flood');
    await first.getByText('during the flood').waitFor();
    flooder.publish({ type: 'chat', id: 'last', text: 'the last one' });
    flooder.setUserState({ name: 'Mallory has ended' });
    await first.locator('.other', { hasText: 'Mallory has ended' }).waitFor();
    const seconds = 1 + Math.ceil((performance.now() - began) / 1000);

    const log = first.getByRole('log').getByRole('listitem');
    await log.filter({ hasText: 'Some messages are left out' }).waitFor();
    expect(await log.count(), 'messages in the log').toBeLessThan(20 + 3 * seconds);
    expect(await log.getByRole('link').count(), 'links').toBeLessThan(20 * (20 + 3 * seconds));
    await log.getByText('before the flood').waitFor();
    const receipts = (): object[] => flooder.received.filter(({ type }) => type === 'chat-received');
    await expect.poll(() => receipts().length).toBeGreaterThan(0);
    expect(receipts().length, 'receipts of two pages').toBeLessThanOrEqual(2 * (10 + 5 * seconds));
  });

  test('a full log of messages removes those of somebody who sends too many first', async () => {
    const window = await openWindow();
    const tab = await window.newPage();
    await tab.goto(parley.page);
    const kept = await tab.evaluate(fillLog); // as text, as it imports a module of the page
    expect(kept).toEqual([150, 50]);
  });

  test('a page gives way to a name once, however often the other one takes its name', async () => {
    const window = await openWindow();
    await window.addInitScript(() => (Math.random = () => 0));
    const other = await enterGroup(parley.webSocket, 'names');
    const tab = await joinGroup(window, parley.page, 'names');
    await signalingOfGroupIs(tab, 'connected');
    for (const [taken, next] of [
      ['Avocet', 'Bittern'],
      ['Bittern', 'Bittern'],
    ] as const) {
      other.setUserState({ name: taken });
      await tab.locator('.other .caption', { hasText: taken }).waitFor();
      await expect.poll(async () => (await roster(tab))[0]!.name).toBe(`${next} (you)`);
    }
    other.setUserState({ name: 'Ben' });
    await tab.locator('.other .caption', { hasText: 'Ben' }).waitFor();
    expect((await roster(tab))[0]!.name).toBe('Bittern (you)');
  });

  test('somebody who cannot be connected is named, with what may be wrong', async () => {
    const window = await openWindow();
    await useSmallCamera(window);
    const tab = await joinGroup(window, parley.page, 'nobody');
    await signalingOfGroupIs(tab, 'connected');
    const other = await enterGroup(parley.webSocket, 'nobody');
    other.setUserState({ name: 'Ben', camera: true });
    await tab.locator('.other').getByText('Connecting to Ben…').waitFor();
    await tab.locator('.other').getByText('No connection yet. A firewall may block it.').waitFor();
  });

  test('somebody who is removed from the call reads that, and joins again', async () => {
    const configuration = `
page: {key: pk_page}
apps: [{id: a, publishableKeys: [{id: pk_page, channels: ["call-*"], actions: [subscribe, publish, presence, send]}],
  secretKeys: [{id: sk_id_back, secret: "${SECRET}"}]}]
`;
    const [parley, window] = await Promise.all([startParley({ configuration }), openWindow()]);
    const tab = await joinGroup(window, parley.page, 'group');
    await tab.getByText('You are the first one here').waitFor();
    const headers = { Authorization: `Bearer sk_id_back:${SECRET}` };
    const peers = async () =>
      (await (await fetch(`${parley.page}/v1/channels/call-group/peers`, { headers })).json()).peers;
    await expect.poll(peers).toHaveLength(1); // the page says that it is the first one before it is in the roster
    const path = `/v1/peers/${(await peers())[0].peerId}`;
    expect((await fetch(`${parley.page}${path}`, { method: 'DELETE', headers })).status).toBe(200);
    await tab.getByText('You were removed from the call').waitFor();
    await tab.getByText('To join again, load this page again.').waitFor();
    expect(await tab.locator('body').innerText()).not.toContain('admin_disconnect');
    await tab.getByRole('button', { name: 'Join again' }).click();
    await tab.getByText('You are the first one here').waitFor();
  });

  test('two without a camera see drawn pictures and typed names, move their own picture, and chat', async () => {
    const window = await openWindow({ camera: false });
    const [first, second] = (await startGroup(window, parley.page, 2, 'two')) as [Page, Page];
    await first.getByRole('alert').getByText('Your camera was not found.').waitFor();
    await Promise.all([first, second].map((tab) => keepsSeeingOthers(tab, 1)));

    await first.locator('#mover').focus();
    await first.keyboard.press('ArrowUp');
    expect(await first.locator('#own').getAttribute('data-corner')).toBe('top right');
    const { x, y } = (await first.locator('#mover').boundingBox())!;
    await first.mouse.move(x + 20, y + 20);
    await first.mouse.down();
    await first.mouse.move(100, 500);
    await first.mouse.up();
    expect(await first.locator('#own').getAttribute('data-corner')).toBe('bottom left');
    await openPanel(first, 'Settings');
    const name = first.locator('#settings').getByLabel('Your name');
    await name.pressSequentially('x'.repeat(41));
    expect(await name.inputValue()).toBe('x'.repeat(40));
    await first.locator('#settings').getByText('A name has up to 40 characters.').waitFor();
    await name.fill('Ana  Lovelace ');
    await first.locator('#settings').getByText('A name has up to 40 characters.').waitFor({ state: 'hidden' });
    await first.keyboard.press('Escape');
    expect(await first.locator('#settings').isVisible()).toBe(false);
    await second.locator('.other .caption', { hasText: 'Ana Lovelace' }).waitFor();
    await first.keyboard.press('v');
    await second.locator('.other[data-shows="avatar"]', { hasText: 'AL' }).waitFor();

    await first.getByRole('button', { name: 'Chat' }).click();
    expect(await first.evaluate(() => document.activeElement?.getAttribute('name')), 'ready to write').toBe('text');
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

    await second.getByRole('button', { name: 'Leave' }).click();
    await seesOthers(first, 0);
    await say(first, 'are you there?');
    await first.getByText('Nobody else is here to read this.').waitFor();
    expect(await first.locator('.delivery:visible').count(), 'what both received has no remark').toBe(1);
  });

  test('the copied link leads into the call by a preview, and the button for another tab at once', async () => {
    const window = await openWindow();
    await useSmallCamera(window);
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
    await seesOthers(first, 1);
  });

  test('where its key does not cover its channels, it shows the code, and the log says why at the start', async () => {
    const configuration = `
page: {key: pk_rooms}
apps: [{id: a, publishableKeys: [{id: pk_rooms, channels: ["room-*"], actions: [subscribe, publish, presence, send]}]}]
`;
    const [parley, window] = await Promise.all([startParley({ configuration }), openWindow()]);
    const tab = await joinGroup(window, parley.page, 'group');
    await tab.getByText('The server answered channel_not_authorized.').waitFor();
    expect(parley.lines.join('\n')).toContain('page.key pk_rooms: the call page joins channels call-*');
    expect((await fetch(`${parley.page}/minimal`)).status).toBe(404);
    expect(await tab.locator('#two-tab-page').getAttribute('hidden'), 'no link to it').not.toBeNull();
  });

  test('on a phone the link goes to the share sheet, and the camera can be flipped', async () => {
    const window = await openWindow();
    const tab = await window.newPage();
    await tab.addInitScript(beLikePhone);
    await tab.goto(`${parley.page}/#phone`);
    await tab.getByRole('button', { name: 'Flip camera' }).click();
    await expect.poll(() => tab.evaluate(() => globalThis.facingModes)).toEqual([undefined, 'environment']);
    await tab.getByRole('button', { name: 'Join the call' }).click();
    await tab.getByRole('button', { name: 'Share link' }).first().click();
    await expect.poll(() => tab.evaluate(() => globalThis.shared)).toEqual([`${parley.page}/#phone`]);
    expect(window.complaints).toEqual([]);
  });

  test('where fingers are the pointer, the settings list no keys, and scroll where they are too high', async () => {
    const window = await openWindow();
    const phone = await window.browser()!.newContext({ hasTouch: true, isMobile: true });
    onTestFinished(() => phone.close());
    const tab = await phone.newPage();
    await tab.setViewportSize({ width: 390, height: 500 });
    await tab.goto(`${parley.page}/#fingers+join`);
    await openPanel(tab, 'Settings');
    expect(await tab.locator('#shortcuts').isVisible()).toBe(false);
    const last = tab.locator('#settings .field:visible').last();
    await last.scrollIntoViewIfNeeded();
    const panel = (await tab.locator('#settings').boundingBox())!;
    const field = (await last.boundingBox())!;
    expect(field.y + field.height).toBeLessThanOrEqual(panel.y + panel.height);
  });
});

/** Page only. */
declare global {
  var facingModes: unknown[];
  var shared: unknown[];
}

/** In the page: fills the log by one who is left out at times and one who is not; how many of each it keeps. */
const fillLog = `(async () => {
  const { Chat } = await import('/chat.js');
  const chat = new Chat({ people: () => [], send: async () => undefined });
  const [ana, mallory] = ['Ana', 'Mallory'].map((name) => ({ id: name, name }));
  for (let number = 0; number < 150; number++) {
    chat.receive(ana, 'text', false);
    chat.receive(mallory, 'text', false);
    chat.omit(mallory);
  }
  const names = [...document.querySelectorAll('#log .name')].map(({ textContent }) => textContent);
  return ['Ana', 'Mallory'].map((name) => names.filter((other) => other === name).length);
})()`;

/** In the page, before it is loaded: fingers, two cameras, a share sheet. */
function beLikePhone(): void {
  Object.assign(globalThis, { facingModes: [], shared: [] });
  const { mediaDevices } = navigator;
  const match = globalThis.matchMedia.bind(globalThis);
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  globalThis.matchMedia = (query) => match(query === '(pointer: coarse)' ? 'all' : query);
  navigator.share = async ({ url } = {}) => void globalThis.shared.push(url);
  mediaDevices.enumerateDevices = async () => {
    const devices = await list();
    return [...devices, ...devices.filter(({ kind }) => kind === 'videoinput')];
  };
  mediaDevices.getUserMedia = (constraints) => {
    if (constraints?.video) {
      globalThis.facingModes.push((constraints.video as MediaTrackConstraints).facingMode);
    }
    return ask(constraints);
  };
}

/**
 * In the page: of each of the others, whether its picture fills its tile, and is as wide as two columns allow, with
 * the shape of pictures.
 */
function shownPictures(): { fit: string | undefined; isWide: boolean }[] {
  return [...document.querySelectorAll<HTMLVideoElement>('.other video')].map((video) => ({
    fit: video.dataset['fit'],
    isWide: video.clientWidth > 500 && Math.abs(video.clientWidth / video.clientHeight - 16 / 9) < 0.02,
  }));
}

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
  const watch = new MutationObserver(() => hints.push(place.textContent!));
  watch.observe(place, { childList: true, characterData: true, subtree: true });
  return hints;
}
