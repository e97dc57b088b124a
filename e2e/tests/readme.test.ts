// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { seesTheOther } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const [withSdk, client] = [...readme.matchAll(/```js\n([^]*?)```/g)].map((match) => match[1]!) as [string, string];
const sdk = await readFile(new URL('../node_modules/@metered-ca/realtime/dist/index.mjs', import.meta.url));

describe('the README', () => {
  test('its client with the SDK makes a call in two tabs', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const imports = { '@metered-ca/realtime': `data:text/javascript;base64,${sdk.toString('base64')}` };
    const port = await serve(
      `<body><script type="importmap">${JSON.stringify({ imports })}</script>` +
        `<script type="module">${withSdk.replace('ws://localhost:8080', parley.webSocket)}</script>`,
    );
    const tabs = [await window.newPage(), await window.newPage()];
    for (const tab of tabs) {
      await tab.goto(`http://localhost:${port}`);
    }
    for (const tab of tabs) {
      await tab.waitForFunction(
        () => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 20,
        undefined,
        { polling: 50 },
      );
    }
    expect(window.complaints).toEqual([]);
  });

  test('its client makes a call in two tabs, and has the 15 lines it promises', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const script = client.replace('ws://localhost:8080', parley.webSocket);
    const port = await serve(`<video id="remote" autoplay></video><script type="module">${script}</script>`);
    const [first, second] = [await window.newPage(), await window.newPage()];
    await first.goto(`http://localhost:${port}`);
    await second.goto(`http://localhost:${port}`);
    await Promise.all([seesTheOther(first), seesTheOther(second)]);
    expect(client.trimEnd().split('\n')).toHaveLength(15);
    expect(window.complaints).toEqual([]);
  });
});
