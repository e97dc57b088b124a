// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { callInTwoTabs, playsVideos, seesTheOther } from '../src/call.ts';
import { makeCertificate } from '../src/certificate.ts';
import { openWindow } from '../src/chromium.ts';
import { areInGroup } from '../src/group.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
const [withSdk, client] = [...readme.matchAll(/```js\n([^]*?)```/g)].map((match) => match[1]!) as [string, string];
const page = /```html\n([^]*?)```/.exec(readme)![1]!;
const configuration = /<<'END'\n([^]*?)END\n/.exec(readme)![1]!;
const sdk = await readFile(new URL('../node_modules/@metered-ca/realtime/dist/index.mjs', import.meta.url));

/** In the page: whether each video has sound, or is muted. */
function sounds(videos: (HTMLElement | SVGElement)[]): string[] {
  return videos.map((video) => {
    const { muted, srcObject } = video as HTMLVideoElement;
    return muted ? 'muted' : (srcObject as MediaStream).getAudioTracks().length > 0 ? 'sound' : 'silent';
  });
}

describe('the README', () => {
  test('its page on the client has sound, chat and screen share in 40 lines, and outlives a restart', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const port = await serve(page.replaceAll('http://localhost:8080', parley.page));
    const tabs = [await window.newPage(), await window.newPage()];
    for (const tab of tabs) {
      await tab.goto(`http://localhost:${port}`);
    }
    await Promise.all(tabs.map((tab) => playsVideos(tab, 2)));
    expect(await tabs[0]!.locator('video').evaluateAll(sounds)).toEqual(['muted', 'sound']);
    await tabs[0]!.getByPlaceholder('Message').fill('hello');
    await tabs[0]!.keyboard.press('Enter');
    await tabs[1]!.getByText(/^(?!me).+: hello$/).waitFor();
    await tabs[0]!.getByRole('button', { name: 'Share my screen' }).click();
    await playsVideos(tabs[1]!, 3);
    await parley.end('SIGKILL');
    await startParley({ listen: new URL(parley.page).host });
    await Promise.all([playsVideos(tabs[0]!, 2), playsVideos(tabs[1]!, 3)]);
    expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

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
    await Promise.all(tabs.map((tab) => playsVideos(tab, 1)));
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

  test('its configuration for the internet makes a call on the page, with TURN credentials', async () => {
    const { certificate, key } = await makeCertificate('signal.example.com');
    const parley = await startParley({
      configuration: configuration
        .replace(/certificate: .*/, `certificate: ${certificate}`)
        .replace(/key: \/.*/, `key: ${key}`)
        .replace('secretFile: turn.secret', 'secret: 0123456789abcdef0123456789abcdef'),
    });
    const window = await openWindow({ routes: { 'signal.example.com:443': Number(new URL(parley.webSocket).port) } });
    await window.addInitScript(() => {
      const told: RTCIceServer[] = [];
      globalThis.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          told.push(...(configuration?.iceServers ?? []));
        }
      };
      Object.assign(globalThis, { told });
    });
    const tabs = await callInTwoTabs(window, 'https://signal.example.com');
    await areInGroup(tabs);
    for (const tab of tabs) {
      expect(await tab.evaluate(() => (globalThis as unknown as { told: RTCIceServer[] }).told)).toEqual([
        {
          urls: ['turn:signal.example.com:3478', 'turn:signal.example.com:3478?transport=tcp'],
          username: expect.stringMatching(/^\d+:/),
          credential: expect.stringMatching(/^.{28}$/),
        },
      ]);
    }
    expect(parley.lines.filter((line) => /WARN|ERROR/.test(line))).toEqual([]);
    expect(window.complaints).toEqual([]);
  });
});
