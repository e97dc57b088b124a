// SPDX-License-Identifier: Apache-2.0
// Browsers for tests: the system's Chromium. Those of a file share one where nothing speaks against it: its start costs
// more than many a test.

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';
import { reportFailure } from './failure-report.ts';
import { withinNetworkOf } from './namespace.ts';
import { WAIT_MS } from './patience.ts';

/** Without what only a window needs, where that is installed: it takes two thirds of the time. */
export const EXECUTABLE =
  process.env['CHROMIUM'] || ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync)!;

export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];
/** Fifteen frames a second, as many as the generated picture has: without a graphics card each costs. */
export const CAMERA_FLAGS = ['--use-fake-device-for-media-stream=fps=15', '--use-fake-ui-for-media-stream'];

export interface BrowserOptions {
  /** A test picture as camera, allowed without asking. */
  readonly camera?: boolean;
  /** Host names that shall lead to this machine. */
  readonly names?: readonly string[];
  /** The process whose network namespace it shall be in. */
  readonly inNetworkOf?: number;
  /** Host names with a port that shall lead to a port of this machine, whatever certificate is shown there. */
  readonly routes?: Readonly<Record<string, number>>;
}

/** By their options. */
const shared = new Map<string, Promise<Browser>>();

afterAll(async () => {
  await Promise.all([...shared.values()].map(async (browser) => (await browser).close()));
});

/** A running browser, gone after the test. */
async function browserOfTest(options: BrowserOptions): Promise<Browser> {
  const browser = await launch(options);
  onTestFinished(() => browser.close());
  return browser;
}

/** A running browser, gone after the tests of the file. */
function browserOfFile(options: BrowserOptions): Promise<Browser> {
  const key = JSON.stringify(options);
  const browser = shared.get(key) ?? launch(options);
  shared.set(key, browser);
  return browser;
}

async function launch({ camera = true, names = [], inNetworkOf, routes }: BrowserOptions): Promise<Browser> {
  const rules = [
    ...names.map((name) => `MAP ${name} 127.0.0.1`),
    ...Object.entries(routes ?? {}).map(([name, port]) => `MAP ${name} 127.0.0.1:${port}`),
  ].join(', ');
  return chromium.launch({
    executablePath: inNetworkOf === undefined ? EXECUTABLE : await withinNetworkOf(inNetworkOf, EXECUTABLE),
    args: [
      ...FLAGS,
      ...(camera ? CAMERA_FLAGS : []),
      ...(rules ? [`--host-resolver-rules=${rules}`] : []),
      ...(routes ? ['--ignore-certificate-errors'] : []),
    ],
  });
}

/**
 * What one person has open: tabs that know nothing of those of other tests, with complaints of any of them collected.
 */
export async function openWindow(options: BrowserOptions = {}): Promise<BrowserContext & { complaints: string[] }> {
  const browser = await (options.inNetworkOf === undefined ? browserOfFile(options) : browserOfTest(options));
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  onTestFinished(() => context.close());
  reportFailure(context);
  if (options.camera ?? true) {
    // Without it Chromium tells others the address of its default route at most, and not every network has one.
    await context.grantPermissions(['camera', 'microphone']);
  }
  context.setDefaultTimeout(WAIT_MS);
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  context.on('weberror', (error) => complaints.push(`thrown: ${error.error().message}`));
  return Object.assign(context, { complaints });
}
