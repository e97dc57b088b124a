// SPDX-License-Identifier: Apache-2.0
import { get } from 'node:http';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

/** What becomes of a WebSocket that the page opens: its first message, or its close code. */
function connect(page: Page, url: string): Promise<string | number> {
  return page.evaluate(
    (address) =>
      new Promise<string | number>((resolve) => {
        const socket = new WebSocket(address);
        socket.onmessage = ({ data }) => resolve(data);
        socket.onclose = ({ code }) => resolve(code);
      }),
    url,
  );
}

function status(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

describe('development mode', () => {
  test('a page from elsewhere cannot connect, one of this machine can', async () => {
    const [parley, port, window] = await Promise.all([
      startParley(),
      serve('<title>page</title>'),
      openWindow({ names: ['evil.example'] }),
    ]);
    const page = await window.newPage();
    await page.goto(`http://evil.example:${port}/`);
    expect(await connect(page, parley.webSocket)).toBe(1006);
    await page.goto(`http://localhost:${port}/`);
    expect(await connect(page, parley.webSocket)).toBe('{"type":"welcome","polite":false}');
  });

  test('a foreign name that leads to this machine gets 403 and no WebSocket', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow({ names: ['rebound.example'] })]);
    const port = new URL(parley.page).port;
    const page = await window.newPage();
    const response = await page.goto(`http://rebound.example:${port}/`);
    expect(response?.status()).toBe(403);
    expect(await connect(page, `ws://rebound.example:${port}/`)).toBe(1006);
  });

  test('a foreign Host gets 403 on both ports', async () => {
    const parley = await startParley();
    expect(await status(`${parley.page}/`, 'localhost')).toBe(200);
    expect(await status(`${parley.page}/`, 'parley.example')).toBe(403);
    expect(await status(`${parley.admin}/health`, 'localhost')).toBe(200);
    expect(await status(`${parley.admin}/health`, 'parley.example')).toBe(403);
  });
});
