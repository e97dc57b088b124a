// SPDX-License-Identifier: Apache-2.0
// What a call sees of a server that is started again with the configuration of the README. From the environment:
//   RESTARTS      how often the server is killed and started again (5)
//   BASELINE_MS   how long pictures are watched before that, in milliseconds (60000)

import { readFile } from 'node:fs/promises';
import type { BrowserContext } from 'playwright-core';
import { expect, test } from 'vitest';
import { makeCertificate } from '../src/certificate.ts';
import { openWindow } from '../src/chromium.ts';
import {
  clientIs,
  clock,
  keepsConnections,
  longestGap,
  markConnections,
  seesPeers,
  serveClientApp,
} from '../src/client.ts';
import { emptyFolder, startParley } from '../src/parley.ts';

const restarts = Number(process.env['RESTARTS'] ?? 5);
const baselineMs = Number(process.env['BASELINE_MS'] ?? 60_000);

/** How much longer than before the pictures may stand still, in milliseconds. */
const MORE_MS = 100;

const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');

test(
  'pictures stand still no longer than before when the server is started again',
  { timeout: baselineMs + restarts * 60_000 },
  async () => {
    const { certificate, key } = await makeCertificate('signal.example.com');
    let window: BrowserContext;
    const open = await serveClientApp({ newPage: () => window.newPage() });
    const folder = await emptyFolder();
    const configuration = /<<'END'\n([^]*?)END\n/
      .exec(readme)![1]!
      .replace(/certificate: .*/, `certificate: ${certificate}`)
      .replace(/key: \/.*/, `key: ${key}`)
      .replace('secretFile: turn.secret', 'secret: 0123456789abcdef0123456789abcdef')
      .replace(/origins: .*/, `origins: ["${open.origin}"]`);
    let parley = await startParley({ configuration, folder });
    const listen = new URL(parley.page).host;
    window = await openWindow({ routes: { 'signal.example.com:443': Number(new URL(parley.page).port) } });
    const openTab = () => open('https://signal.example.com', { key: 'pk_live_calls' });
    const tabs = [await openTab(), await openTab()];
    await Promise.all(tabs.map((tab) => seesPeers(tab, 1)));
    await tabs[0]!.waitForTimeout(3000); // the senders' rates have settled

    const quiet = await Promise.all(tabs.map(clock));
    await tabs[0]!.waitForTimeout(baselineMs);
    const before = await Promise.all(tabs.map((tab, i) => longestGap(tab, quiet[i]!)));
    await Promise.all(tabs.map(markConnections));
    const since = await Promise.all(tabs.map(clock));
    for (let restart = 0; restart < restarts; restart++) {
      await parley.end('SIGKILL');
      await Promise.all(tabs.map((tab) => clientIs(tab, 'reconnecting')));
      parley = await startParley({ configuration, folder, listen });
      await Promise.all(tabs.map((tab) => clientIs(tab, 'connected')));
      await tabs[0]!.waitForTimeout(1000);
    }
    const during = await Promise.all(tabs.map((tab, i) => longestGap(tab, since[i]!)));
    console.log(
      `longest gaps between frames: ${before.map(Math.round)} ms before, ` +
        `${during.map(Math.round)} ms in ${restarts} restarts`,
    );
    expect(await Promise.all(tabs.map(keepsConnections))).toEqual([true, true]);
    during.forEach((gap, i) => expect(gap).toBeLessThanOrEqual(before[i]! + MORE_MS));
  },
);
