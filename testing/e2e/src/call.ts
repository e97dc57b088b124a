// SPDX-License-Identifier: Apache-2.0
// What a test sees of a call: frames and states.

import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Tab } from './tab.ts';

const FRAMES = 20;

/** Awaits that the other side's picture is here and that frame after frame of it arrives. */
export async function seesTheOther(page: Tab): Promise<void> {
  const before = await frames(page);
  await page.waitForFunction(
    (wanted) => {
      const video = document.querySelector<HTMLVideoElement>('#remote');
      return video !== null && video.videoWidth > 2 && video.getVideoPlaybackQuality().totalVideoFrames >= wanted;
    },
    before + FRAMES,
    { polling: 50 },
  );
}

/**
 * Long enough for a client's own recovery. When both sides offer at once, as peers of the SDK do, Chromium now and then
 * never finds the addresses of one of them; only an ICE restart, after the first attempt has failed, mends that.
 */
const RECOVERY_MS = 75_000;

/** Awaits that there are just so many videos in the tab, and that each shows new frame after new frame. */
export async function playsVideos(page: Tab, count: number): Promise<void> {
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction(
    ({ count, since, wanted }) => {
      const videos = [...document.querySelectorAll('video')];
      const shown = videos.map((video) => {
        const { totalVideoFrames } = video.getVideoPlaybackQuality();
        // A video that is new, or has a new stream, counts from here.
        if (video.dataset['since'] !== String(since) || totalVideoFrames < Number(video.dataset['before'])) {
          video.dataset['since'] = String(since);
          video.dataset['before'] = String(totalVideoFrames);
        }
        return video.videoWidth > 2 ? totalVideoFrames - Number(video.dataset['before']) : 0;
      });
      return videos.length === count && Math.min(...shown) >= wanted;
    },
    { count, since, wanted: FRAMES },
    { polling: 50, timeout: RECOVERY_MS },
  );
}

/**
 * Tabs that each play all others. One comes after the other: when several do at once on a busy machine, two first
 * offers meet more often than not, see above.
 */
export async function openCall(open: () => Promise<Page>, count: number): Promise<Page[]> {
  const tabs: Page[] = [];
  while (tabs.length < count) {
    tabs.push(await open());
    await Promise.all(tabs.map((tab) => playsVideos(tab, tabs.length - 1)));
  }
  return tabs;
}

/** How many frames the tab's videos have shown in all. */
export function framesShown(page: Page): Promise<number> {
  return page.evaluate(() =>
    [...document.querySelectorAll('video')].reduce(
      (sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames,
      0,
    ),
  );
}

/** Watches the other side's picture for a while: in every second of it there must be new frames. */
export async function keepsSeeingTheOther(page: Page, seconds: number): Promise<void> {
  const perSecond = await page.evaluate(async (count) => {
    const video = document.querySelector<HTMLVideoElement>('#remote')!;
    const counts = [video.getVideoPlaybackQuality().totalVideoFrames];
    for (let second = 0; second < count; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      counts.push(video.getVideoPlaybackQuality().totalVideoFrames);
    }
    return counts.slice(1).map((later, index) => later - counts[index]!);
  }, seconds);
  expect(Math.min(...perSecond), `new frames in each second: ${perSecond}`).toBeGreaterThan(3);
}

/** Awaits a state of Parley's own page. */
export async function signalingIs(page: Page, state: string): Promise<void> {
  await page.locator(`#signaling[data-state="${state}"]`).waitFor();
}

/** Awaits a state of Parley's own page. */
export async function mediaIs(page: Page, state: string): Promise<void> {
  await page.locator(`#media[data-state="${state}"]`).waitFor();
}

/** Awaits that Parley's own page says it is in a call, and shows it. */
export async function areInCall(...pages: Page[]): Promise<void> {
  await Promise.all(
    pages.flatMap((page) => [signalingIs(page, 'paired'), mediaIs(page, 'connected'), seesTheOther(page)]),
  );
}

/** The call the button makes: this tab and the one that opens. */
export async function callInTwoTabs(window: BrowserContext, url: string): Promise<[Page, Page]> {
  const first = await window.newPage();
  await first.goto(url);
  const opening = window.waitForEvent('page');
  await first.getByRole('button', { name: 'Start a call in two tabs' }).click();
  return [first, await opening];
}

function frames(page: Tab): Promise<number> {
  return page.evaluate(
    () => document.querySelector<HTMLVideoElement>('#remote')?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
  );
}
