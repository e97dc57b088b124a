// SPDX-License-Identifier: Apache-2.0
// A Chromium whose window can be minimized, so that its tab is hidden and its timers are throttled as for everybody.
// Playwright keeps each tab visible and switches throttling off.

import puppeteer from 'puppeteer-core';
import { onTestFinished } from 'vitest';
import { CAMERA_FLAGS, EXECUTABLE, FLAGS } from './chromium.ts';
import { type PuppeteerTab, tabOf } from './puppeteer-tab.ts';
import type { Window } from './tab.ts';

/** Flags of Puppeteer that keep the timers of hidden tabs as fast as those of visible ones. */
const UNTHROTTLED = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Timers of a hidden tab fire once a minute from then on, which otherwise begins after five minutes. */
const THROTTLED_AFTER_SECONDS = 5;

/** Tabs whose window {@link hide} minimizes. */
export async function openHideable(): Promise<Window<PuppeteerTab>> {
  const browser = await puppeteer.launch({
    executablePath: EXECUTABLE,
    headless: 'shell',
    ignoreDefaultArgs: UNTHROTTLED,
    args: [
      ...FLAGS,
      ...CAMERA_FLAGS,
      `--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/${THROTTLED_AFTER_SECONDS}`,
    ],
  });
  onTestFinished(() => browser.close());
  return { newPage: async () => tabOf(await browser.newPage()) };
}

/** Minimizes the window of the tab, and awaits that the page says it is hidden. */
export async function hide(tab: PuppeteerTab): Promise<void> {
  const session = await tab.page.createCDPSession();
  const { windowId } = await session.send('Browser.getWindowForTarget');
  await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'minimized' } });
  await tab.waitForFunction(() => document.visibilityState === 'hidden');
}
