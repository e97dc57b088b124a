// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { keepsSeeingTheOther, mediaIs, seesTheOther, signalingIs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

const exampleFile = await readFile(new URL('../../../examples/two-tabs/index.html', import.meta.url));

async function openExample(window: BrowserContext, port: number, webSocket: string): Promise<Page> {
  const page = await window.newPage();
  await page.goto(`http://localhost:${port}/?server=${webSocket}`);
  return page;
}

async function openPage(window: BrowserContext, url: string): Promise<Page> {
  const page = await window.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Join the call' }).click();
  return page;
}

describe('the example', () => {
  test('two tabs from another port of localhost see each other; a third is closed with 1013 "room full"', async () => {
    const [parley, port, window] = await Promise.all([startParley(), serve(exampleFile), openWindow()]);
    const first = await openExample(window, port, parley.webSocket);
    const second = await openExample(window, port, parley.webSocket);
    await Promise.all([seesTheOther(first), seesTheOther(second)]);
    const third = await openExample(window, port, parley.webSocket);
    await third.getByText(/closed: 1013 room full$/).waitFor();
    await Promise.all([keepsSeeingTheOther(first, 1), keepsSeeingTheOther(second, 1)]);
    expect(window.complaints).toEqual([]);
  });

  test.each(['first', 'second'])('it calls the page in one room when it comes %s', async (which) => {
    const [parley, port, window] = await Promise.all([startParley(), serve(exampleFile), openWindow()]);
    const openTheExample = () => openExample(window, port, `${parley.webSocket}/minimal/mixed`);
    const openThePage = () => openPage(window, `${parley.page}/minimal#mixed`);
    let example: Page;
    let page: Page;
    if (which === 'first') {
      example = await openTheExample();
      await example.getByText('Waiting').waitFor();
      page = await openThePage();
    } else {
      page = await openThePage();
      await signalingIs(page, 'waiting');
      example = await openTheExample();
    }
    await Promise.all([mediaIs(page, 'connected'), seesTheOther(page), seesTheOther(example)]);
    expect(window.complaints).toEqual([]);
  });

  test('it calls the page in the default room, and calls again when it is opened anew', async () => {
    const [parley, port, window] = await Promise.all([startParley(), serve(exampleFile), openWindow()]);
    const page = await openPage(window, `${parley.page}/minimal#/`);
    await signalingIs(page, 'waiting');
    const example = await openExample(window, port, parley.webSocket);
    await Promise.all([mediaIs(page, 'connected'), seesTheOther(page), seesTheOther(example)]);
    await example.reload();
    await Promise.all([seesTheOther(page), seesTheOther(example)]);
  });
});
