// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { callInTwoTabs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { areInGroup, enterGroup, joinGroup, keepsSeeingOthers, roster, seesOthers, signalingOfGroupIs, startGroup } from '../src/group.ts';
import { startParley } from '../src/parley.ts';

const PHONE = { width: 390, height: 844 };

describe('the page', { timeout: 60_000 }, () => {
  test('one click makes a call in two tabs that see each other', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tabs = await callInTwoTabs(window, parley.page);
    await areInGroup(tabs);
    expect(tabs[0].url()).toBe(tabs[1].url());
    await tabs[0].locator('.other .numbers', { hasText: /^\d+ × \d+ · \d+ fps$/ }).waitFor();
    expect(window.complaints).toEqual([]);
  });

  test('three tabs see each other, each says who is here and how they are connected, and nothing complains', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tabs = await startGroup(window, parley.page, 3);
    const names: string[] = [];
    for (const tab of tabs) {
      const [own, ...others] = await roster(tab);
      expect(own).toEqual({ name: expect.stringMatching(/ \(you\)$/), signaling: 'connected', media: 'connected to 2 others' });
      expect(others).toHaveLength(2);
      others.forEach((other) => expect(other).toMatchObject({ signaling: 'connected', media: 'connected' }));
      names.push([own!.name.replace(' (you)', ''), ...others.map(({ name }) => name)].sort().join());
    }
    expect(new Set(names).size, `what the tabs say who is here: ${names.join(' / ')}`).toBe(1);
    expect(window.complaints).toEqual([]);
  });

  test('who is called like somebody before takes another name', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    await window.addInitScript(() => (Math.random = () => 0)); // everybody takes the first name that is free
    const tabs = await startGroup(window, parley.page, 3);
    for (const [index, tab] of tabs.entries()) {
      const expected = ['Avocet', 'Bittern', 'Curlew'];
      await tab.waitForFunction((names) => names.every((name) => document.querySelector('#roster')!.textContent!.includes(name)), expected);
      expect((await roster(tab))[0]!.name).toBe(`${expected[index]} (you)`);
    }
  });

  test('a seventh is told that the call is full, and gets in when somebody has left', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tabs = await startGroup(window, parley.page, 2);
    const [leaver] = await Promise.all([3, 4, 5, 6].map(() => enterGroup(parley.webSocket)));
    const seventh = await joinGroup(window, parley.page, 'group');
    await signalingOfGroupIs(seventh, 'full');
    await seventh.getByText('This call is full').waitFor();
    await Promise.all(tabs.map((tab) => seesOthers(tab, 1)));
    leaver!.close();
    await once(leaver!, 'close');
    await seventh.getByRole('button', { name: 'Try again' }).click();
    await areInGroup([...tabs, seventh]);
    expect(window.complaints).toEqual([]);
  });

  test('without a camera every tab sends the generated picture', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow({ camera: false })]);
    const tabs = await startGroup(window, parley.page, 2);
    expect(await tabs[0]!.locator('#camera-button').innerText()).toBe('Camera off');
    await Promise.all(tabs.map((tab) => keepsSeeingOthers(tab, 2)));
  });

  test('the microphone starts switched off, and switched on it is heard by all others', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, ...others] = await startGroup(window, parley.page, 3);
    const heard = (): number =>
      [...document.querySelectorAll<HTMLVideoElement>('.other video')].filter((video) =>
        (video.srcObject as MediaStream).getAudioTracks().some((track) => !video.muted && !video.paused && !track.muted),
      ).length;
    for (const other of others) {
      expect(await other.evaluate(heard)).toBe(0);
    }
    await first!.getByRole('switch', { name: 'Microphone' }).click();
    await Promise.all(others.map((other) => other.waitForFunction(heard)));
    for (const other of others) {
      expect(await other.evaluate(heard)).toBe(1);
    }
  });

  test('a connection that is cut is back in a moment, while the pictures go on and nobody sees it', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tabs = await startGroup(window, parley.page, 3);
    const left = await Promise.all(
      tabs.slice(1).map((tab) =>
        tab.evaluateHandle(() => {
          const seen: string[] = [];
          new MutationObserver(() => seen.push(document.querySelector('#hint')!.textContent!)).observe(
            document.querySelector('#hint')!,
            { childList: true, characterData: true, subtree: true },
          );
          return seen;
        }),
      ),
    );
    await tabs[0]!.getByRole('button', { name: 'People' }).click();
    await tabs[0]!.getByRole('button', { name: 'Cut the connection' }).click();
    await tabs[0]!.getByText(/^The server is back after \d+ ms/).waitFor();
    expect(await tabs[0]!.locator('#resumes').innerText()).toMatch(/^lost once, last back after \d+ ms$/);
    await Promise.all(tabs.map((tab) => seesOthers(tab, 2)));
    for (const seen of left) {
      expect((await seen.jsonValue()).filter((hint) => hint.includes('has left'))).toEqual([]);
    }
    expect(window.complaints).toEqual([]);
  });

  test('what is written arrives over the server and from browser to browser, and says which', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow({ camera: false })]);
    const [first, second] = await startGroup(window, parley.page, 2);
    await first!.getByRole('button', { name: 'Chat' }).click();
    const write = async (text: string): Promise<void> => {
      await first!.getByRole('textbox', { name: 'Message' }).fill(text);
      await first!.getByRole('button', { name: 'Send' }).click();
    };
    await write('by way of the server');
    await first!.getByRole('radio', { name: 'peer to peer' }).check();
    await write('between us');
    await second!.locator('#unread', { hasText: '2' }).waitFor();
    await second!.getByRole('button', { name: 'Chat' }).click();
    const log = second!.getByRole('log');
    await log.getByText('by way of the server').waitFor();
    expect(await log.locator('.way').allInnerTexts()).toEqual(['over the server', 'peer to peer']);
    expect(await log.locator('.text').allInnerTexts()).toEqual(['by way of the server', 'between us']);
    expect(await second!.locator('#unread').isVisible()).toBe(false);
  });

  test('the copied link leads into the call, and so does the button for a new tab', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    await window.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: parley.page });
    const first = await joinGroup(window, parley.page, 'group');
    await first.bringToFront();
    await first.locator('.controls').getByRole('button', { name: 'Copy link' }).click();
    await first.getByText('Copied').waitFor();
    const link = await first.evaluate(() => navigator.clipboard.readText());
    expect(link).toBe(`${parley.page}/#group`);
    const second = await window.newPage();
    await second.goto(link);
    await second.getByRole('button', { name: 'Join the call' }).click();
    await areInGroup([first, second]);
    const opening = window.waitForEvent('page');
    await first.getByRole('link', { name: 'New tab' }).click();
    await areInGroup([first, second, await opening]);
  });

  test('fits the width of a phone: alone, with others, and with the list of people open', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tab = await window.newPage();
    await tab.setViewportSize(PHONE);
    const expectItFits = async (): Promise<void> => {
      expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
      const tiles = await tab.locator('.tile:visible').all();
      for (const box of await Promise.all(tiles.map((tile) => tile.boundingBox()))) {
        expect(box!.x).toBeGreaterThanOrEqual(0);
        expect(box!.x + box!.width).toBeLessThanOrEqual(PHONE.width);
      }
    };
    await tab.goto(`${parley.page}/#group`);
    await expectItFits();
    await tab.getByRole('button', { name: 'Join the call' }).click();
    await tab.getByText('You are the first one here').waitFor();
    await expectItFits();
    const others = [await joinGroup(window, parley.page, 'group'), await joinGroup(window, parley.page, 'group')];
    await areInGroup([tab, ...others]);
    await expectItFits();
    expect(await tab.locator('#people').isVisible()).toBe(false);
    await tab.getByRole('button', { name: 'People' }).click();
    await tab.locator('#people').waitFor();
    await expectItFits();
  });

  test.each([
    [320, 568],
    [844, 390],
    [1280, 800],
  ])('shows the other of two people whole and large, and oneself small, on %i x %i', async (width, height) => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tabs = await startGroup(window, parley.page, 2);
    const tab = tabs[0]!;
    await tab.setViewportSize({ width, height });
    await expect
      .poll(() =>
        tab.evaluate(() => {
          const box = (selector: string): DOMRect => document.querySelector(selector)!.getBoundingClientRect();
          const [stage, other, own] = [box('#stage'), box('.other video'), box('#own')];
          const isWithin = (it: DOMRect): boolean =>
            it.left >= stage.left && it.right <= stage.right && it.top >= stage.top && it.bottom <= stage.bottom;
          return {
            isWhole: getComputedStyle(document.querySelector('.other video')!).objectFit === 'contain' && isWithin(other) && isWithin(own),
            isLarge: other.width === stage.width && other.height === stage.height,
            isSmall: own.width > 80 && own.width < stage.width / 3 && own.height < stage.height / 2,
          };
        }),
      )
      .toEqual({ isWhole: true, isLarge: true, isSmall: true });
  });

  test('on a phone on its side each of five pictures is whole', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tab = await joinGroup(window, parley.page, 'group');
    await signalingOfGroupIs(tab, 'connected');
    await tab.evaluate(() => {
      const own = document.querySelector('#own')!;
      document.querySelector('#lobby')!.className = ''; // no tile
      document.querySelector<HTMLElement>('#lobby')!.style.display = 'none';
      for (let number = 0; number < 4; number++) {
        own.after(own.cloneNode(true)); // as good as another's for where it lies
      }
    });
    await tab.setViewportSize({ width: 640, height: 320 });
    await tab.waitForFunction(() => {
      const stage = document.querySelector('#stage')!.getBoundingClientRect();
      const tiles = [...document.querySelectorAll('.tile:not([hidden])')].map((tile) => tile.getBoundingClientRect());
      const isWhole = ({ top, bottom, height }: DOMRect): boolean => height > 60 && top >= stage.top && bottom <= stage.bottom;
      return innerWidth === 640 && tiles.length === 5 && tiles.every(isWhole);
    });
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

  test('loads nothing from elsewhere, and forbids itself to', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const asked: string[] = [];
    window.on('request', (request) => asked.push(request.url()));
    await startGroup(window, parley.page, 2);
    expect(asked.filter((url) => !url.startsWith(`${parley.page}/`) && !url.startsWith('blob:'))).toEqual([]);
    const policy = (await fetch(`${parley.page}/`)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  test('the two-tab page is a click away', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const tab = await window.newPage();
    await tab.goto(parley.page);
    await tab.getByRole('link', { name: 'The two-tab page' }).click();
    await tab.waitForURL(`${parley.page}/minimal`);
    await tab.getByRole('button', { name: 'Start a call in two tabs' }).waitFor();
  });
});
