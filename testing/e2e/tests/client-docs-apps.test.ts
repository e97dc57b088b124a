// SPDX-License-Identifier: Apache-2.0
// The applications in docs/client.md, as they stand there.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundle, pageOf } from '../src/bundle.ts';
import { playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { emptyFolder, startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

const text = await readFile(new URL('../../../docs/client.md', import.meta.url), 'utf8');
const SECRET = 'sk_secret_0123456789abcdef0123456789abcdef';

/** The first example in this language in the section of this title. */
function example(title: string, language: string): string {
  const section = text.split(/^## /m).find((it) => it.startsWith(`${title}\n`))!;
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(section)![1]!;
}

async function openTabs(window: BrowserContext, ...addresses: string[]): Promise<Page[]> {
  const tabs: Page[] = [];
  for (const address of addresses) {
    const tab = await window.newPage();
    await tab.goto(address);
    tabs.push(tab);
  }
  return tabs;
}

/** Two tabs with the page, and what they print; what the page says of the server is replaced. */
async function openPage(html: string) {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const address = `http://localhost:${await serve(html.replaceAll('http://localhost:8080', parley.page))}`;
  const printed: string[] = [];
  window.on('console', (message) => printed.push(message.text()));
  return { window, printed, tabs: (await openTabs(window, address, address)) as [Page, Page] };
}

/** Runs a program of Node until the test ends; returns the address in the first line it prints. */
async function startNode(program: string, variables: Record<string, string>): Promise<string> {
  const file = join(await emptyFolder(), 'server.mjs');
  await writeFile(file, program);
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return /http:\S+/.exec(line)![0];
}

describe('of docs/client.md', () => {
  test('the page of a call shows the others with their sound, and oneself without, in the page', async () => {
    const { window, tabs } = await openPage(example('A call', 'html'));
    await Promise.all(tabs.map((tab) => playsVideos(tab, 2)));
    const videos = await tabs[0].locator('video').evaluateAll((all) =>
      (all as HTMLVideoElement[]).map(({ muted, playsInline, title, srcObject }) => ({
        muted,
        playsInline,
        title,
        sound: (srcObject as MediaStream).getAudioTracks().length,
      })),
    );
    expect(videos).toEqual([
      { muted: true, playsInline: true, title: '', sound: 1 },
      { muted: false, playsInline: true, title: 'camera', sound: 1 },
    ]);
    await tabs[1].close();
    await playsVideos(tabs[0], 1);
    expect(window.complaints).toEqual([]);
  });

  test('the page that shares a screen shows it to the others until it is shared no more', async () => {
    const { window, tabs } = await openPage(example('Camera, microphone and screen', 'html'));
    await tabs[0].evaluate(() => {
      const { mediaDevices } = navigator;
      const get = mediaDevices.getDisplayMedia.bind(mediaDevices);
      mediaDevices.getDisplayMedia = async (options) =>
        Object.assign(globalThis, { shared: await get(options) }).shared;
    });
    await tabs[0].getByRole('button', { name: 'Share my screen' }).click();
    await playsVideos(tabs[1], 1);
    expect(await tabs[1].locator('video').getAttribute('class')).toBe('screen');
    await tabs[0].evaluate(() => {
      const [track] = (globalThis as unknown as { shared: MediaStream }).shared.getTracks();
      track!.stop();
      track!.dispatchEvent(new Event('ended')); // as by the browser's own button
    });
    await tabs[1].locator('video').waitFor({ state: 'detached' });
    expect(window.complaints).toEqual([]);
  });

  test('the back end makes tokens with names that the page shows', async () => {
    const configuration = `apps: [{id: demo, secretKeys: [{id: sk_id_backend, secret: ${SECRET}}]}]`;
    const [parley, window] = await Promise.all([startParley({ configuration }), openWindow()]);
    const secret = { PARLEY: parley.page, PARLEY_SECRET: `sk_id_backend:${SECRET}`, PORT: '0' };
    const backEnd = await startNode(example('Names and tokens', 'mjs'), secret);
    const html = example('Names and tokens', 'html')
      .replaceAll('http://localhost:8080', parley.page)
      .replaceAll('http://localhost:3000', backEnd);
    const address = `http://localhost:${await serve(html)}`;
    const [ana, ben] = (await openTabs(window, `${address}/?user=Ana`, `${address}/?user=Ben`)) as [Page, Page];
    await ana.getByRole('listitem').filter({ hasText: 'Ben' }).waitFor();
    await ben.getByRole('listitem').filter({ hasText: 'Ana' }).waitFor();
    expect(window.complaints).toEqual([]);
  });

  test('the channel delivers its messages to both', async () => {
    const { window, printed } = await openPage(pageOf(await bundle(example('Channels', 'mjs'))));
    await deliversAll(printed);
    expect(window.complaints).toEqual([]);
  });

  test('the channel delivers its messages without a bundler and without a direct path, too', async () => {
    const code = example('Channels', 'mjs')
      .replace("import { Call, ParleyClient } from 'parley-client';", 'const { Call, ParleyClient } = Parley;')
      .replace("'parley-client/data'", "'http://localhost:8080/parley-data.js'")
      .replace("key: 'pk_live_demo' })", "$&, { configuration: { iceTransportPolicy: 'relay' } }");
    const scripts = `<script src="http://localhost:8080/parley.js"></script><script type="module">${code}</script>`;
    const { window, printed } = await openPage(`<!doctype html><body>${scripts}`);
    await deliversAll(printed);
    expect(window.complaints).toEqual([]);
  });

  test('the React application makes a call with sound, messages and a screen, leaves and joins again', async () => {
    const { window, tabs } = await openPage(pageOf(await bundle(example('React', 'jsx'))));
    await Promise.all(tabs.map((tab) => playsVideos(tab, 2)));
    await tabs[0].getByRole('button', { name: 'Say hello' }).click();
    await tabs[1].getByText(/: hello$/).waitFor();
    await tabs[0].getByRole('button', { name: 'Screen' }).click();
    await playsVideos(tabs[1], 3);
    await tabs[0].getByRole('button', { name: 'Leave' }).click();
    await playsVideos(tabs[1], 1);
    await tabs[0].getByRole('button', { name: 'join again' }).click();
    await Promise.all(tabs.map((tab) => playsVideos(tab, 2)));
    expect(window.complaints.filter((line) => !line.includes('React DevTools'))).toEqual([]);
  });

  test('the Vue application makes a call', async () => {
    const files = { './useCall.js': example('Vue', 'mjs'), './Room.vue': example('Vue', 'vue') };
    const app = "import { createApp } from 'vue'; import Room from './Room.vue'; createApp(Room).mount(document.body);";
    const { window, tabs } = await openPage(pageOf(await bundle(app, { files })));
    await Promise.all(tabs.map((tab) => playsVideos(tab, 2)));
    await tabs[0].getByText('joined').waitFor();
    await tabs[1].close();
    await playsVideos(tabs[0], 1);
    expect(window.complaints).toEqual([]);
  });
});

/** Awaits that each of two tabs has printed a greeting and the last part of a file. */
async function deliversAll(printed: readonly string[]): Promise<void> {
  for (const message of [' says hello', ' says 1000000 bytes']) {
    await expect.poll(() => printed.filter((line) => line.includes(message))).toHaveLength(2);
  }
}
