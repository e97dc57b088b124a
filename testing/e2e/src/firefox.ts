// SPDX-License-Identifier: Apache-2.0
// The system's Firefox, driven over WebDriver BiDi: one for all tests of a file, as its start takes seconds.

import { existsSync } from 'node:fs';
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, onTestFinished } from 'vitest';
import { WAIT_MS } from './patience.ts';
import { type PuppeteerTab, tabOf } from './puppeteer-tab.ts';
import type { Window } from './tab.ts';

const EXECUTABLE = process.env['FIREFOX'] || ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync)!;

/**
 * A test picture as camera, allowed without asking; addresses of this machine as they are; videos that play by
 * themselves.
 */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
};

let shared: Promise<Browser> | undefined;

afterAll(async () => (await shared)?.close());

function firefox(): Promise<Browser> {
  return (shared ??= puppeteer.launch({
    browser: 'firefox',
    executablePath: EXECUTABLE,
    headless: true,
    defaultViewport: { width: 800, height: 600 },
    extraPrefsFirefox: PREFERENCES,
  }));
}

/**
 * Tabs that know nothing of those of other tests, each in a window of its own: a tab that is not seen draws no
 * pictures.
 */
export async function openFirefox(): Promise<Window<PuppeteerTab> & { complaints: string[] }> {
  const browser = await firefox();
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const complaints: string[] = [];
  const newPage = async (): Promise<PuppeteerTab> => {
    const page = await context.newPage({ type: 'window' });
    page.setDefaultTimeout(WAIT_MS);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') {
        complaints.push(`${message.type()}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) =>
      complaints.push(`thrown: ${error instanceof Error ? error.message : String(error)}`),
    );
    await page.evaluateOnNewDocument(countFrames);
    return tabOf(page);
  };
  return { newPage, complaints };
}

/** In the page: Firefox counts no frames of a stream, so each video does from when it is first asked. */
function countFrames(): void {
  const counts = new WeakMap<HTMLVideoElement, number>();
  const count = (video: HTMLVideoElement, frames: number): void => {
    counts.set(video, frames);
    video.requestVideoFrameCallback(() => count(video, frames + 1));
  };
  HTMLVideoElement.prototype.getVideoPlaybackQuality = function (this: HTMLVideoElement) {
    if (!counts.has(this)) {
      count(this, 0);
    }
    return { totalVideoFrames: counts.get(this) } as VideoPlaybackQuality;
  };
}
