// SPDX-License-Identifier: Apache-2.0
// A server with a configuration that names no `continuity.secret`, as in the README, which is started again.

import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeCertificate } from '../src/certificate.ts';
import { openWindow } from '../src/chromium.ts';
import { clientIs, clock, keepsConnections, markConnections, seesPeers, serveClientApp, story } from '../src/client.ts';
import { emptyFolder, startParley } from '../src/parley.ts';

const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');

interface Welcome {
  readonly peerId: string;
  readonly resumed: boolean;
  readonly reason: string;
  readonly session: { readonly resumeToken: string };
}

/** Connects as a client of `parley.v1` and reads the first frame. The connection is gone after the test. */
async function welcome(url: string, key: string, origin: string, ...resume: string[]): Promise<Welcome> {
  const socket = new WebSocket(`${url}/v1`, ['parley.v1', `key.${key}`, ...resume], {
    origin,
    rejectUnauthorized: false,
  });
  onTestFinished(() => socket.terminate());
  const [data] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(data.toString()) as Welcome;
}

describe('a server that is started again', () => {
  test('knows its clients by the configuration of the README, and keeps its secret from other users', async () => {
    const { certificate, key } = await makeCertificate('signal.example.com');
    const folder = await emptyFolder();
    const configuration = /<<'END'\n([^]*?)END\n/
      .exec(readme)![1]!
      .replace(/certificate: .*/, `certificate: ${certificate}`)
      .replace(/key: \/.*/, `key: ${key}`)
      .replace('secretFile: turn.secret', 'secret: 0123456789abcdef0123456789abcdef');
    const enter = (url: string, ...resume: string[]): Promise<Welcome> =>
      welcome(url, 'pk_live_calls', 'https://signal.example.com', ...resume);
    const first = await startParley({ configuration, folder });
    const before = await enter(first.webSocket);
    expect(before.reason).toBe('new');
    await first.end('SIGKILL');

    const second = await startParley({ configuration, folder });
    const after = await enter(second.webSocket, `resume.${before.session.resumeToken}.0`);
    expect(after).toMatchObject({ peerId: before.peerId, resumed: false, reason: 'state_lost' });

    const secret = join(folder, 'continuity.secret');
    expect((await stat(secret)).mode & 0o777).toBe(0o600);
    for (const server of [first, second]) {
      expect(server.lines.filter((line) => /WARN|ERROR/.test(line))).toEqual([]);
      expect(server.lines.filter((line) => line.includes(secret))).toHaveLength(1);
    }
  });

  test('does not disturb a call: everybody keeps its id and its connections', async () => {
    const folder = await emptyFolder();
    const configuration =
      'apps: [{id: a, publishableKeys: [{id: pk_live_demo, channels: ["**"], ' +
      'actions: [subscribe, publish, presence, send]}]}]';
    const [parley, window] = await Promise.all([startParley({ configuration, folder }), openWindow()]);
    const open = await serveClientApp(window);
    const tabs = [await open(parley.page), await open(parley.page)];
    await Promise.all(tabs.map((tab) => seesPeers(tab, 1)));
    await Promise.all(tabs.map(markConnections));
    const ids = await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.app.client.peerId)));
    const since = await Promise.all(tabs.map(clock));

    await parley.end('SIGKILL');
    await Promise.all(tabs.map((tab) => clientIs(tab, 'reconnecting')));
    await startParley({ configuration, folder, listen: new URL(parley.page).host });
    await Promise.all(tabs.map((tab) => clientIs(tab, 'connected')));

    expect(await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.app.client.peerId)))).toEqual(ids);
    await Promise.all(tabs.map((tab) => seesPeers(tab, 1)));
    expect(await Promise.all(tabs.map(keepsConnections))).toEqual([true, true]);
    for (const [i, tab] of tabs.entries()) {
      const heard = await story(tab, since[i]);
      expect(heard).toContain('session-lost state_lost true');
      expect(heard.filter((line) => /^(peer-left|connection-reset|left)/.test(line))).toEqual([]);
    }
  });
});
