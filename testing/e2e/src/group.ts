// SPDX-License-Identifier: Apache-2.0
// What a test sees of a call of many on Parley's own page: tiles, frames, and the list of who is here.

import { once } from 'node:events';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { KEY } from './sdk.ts';
import type { Tab, Window } from './tab.ts';

const FRAMES = 10;

/** Opens a tab that joins the call of this name at once. */
export async function joinGroup<Kind extends Tab>(window: Window<Kind>, page: string, room: string): Promise<Kind> {
  const tab = await window.newPage();
  await tab.goto(`${page}/#${room}+join`);
  return tab;
}

/** A participant without a page, which sends what a test tells it to send. */
export interface RawParticipant {
  /** Sends something to everybody in the call. */
  publish(data: object): void;

  /** Sends a user state to all in the call, and to those that come later. */
  setUserState(state: unknown): void;

  /** What others have sent to this participant alone. */
  readonly received: readonly { readonly type?: string; readonly [field: string]: unknown }[];

  /** Its id at the server. */
  readonly peerId: string;

  /** Leaves. */
  close(): Promise<void>;
}

/** Joins a call without a page. The participant leaves after the test at the latest. */
export async function enterGroup(webSocket: string, room = 'group'): Promise<RawParticipant> {
  const client = new WebSocket(`${webSocket}/v1?key=${KEY}`);
  onTestFinished(() => client.terminate());
  const { peerId } = JSON.parse(String((await once(client, 'message'))[0]));
  const channel = `call-${room}`;
  const say = (message: object): void => client.send(JSON.stringify(message));
  const others = new Set<string>();
  const received: RawParticipant['received'][number][] = [];
  let current: unknown;
  const sayState = (to: string): void =>
    say({ type: 'send', to, data: { type: 'parley-state', room: channel, state: current } });
  const isIn = new Promise<void>((resolve) => {
    client.on('message', (text) => {
      const message = JSON.parse(String(text));
      if (message.type === 'presence') {
        message.joined.forEach(({ peerId }: { peerId: string }) => {
          others.add(peerId);
          if (current !== undefined) sayState(peerId);
        });
        message.left.forEach(({ peerId }: { peerId: string }) => others.delete(peerId));
        resolve();
      } else if (message.type === 'direct') {
        received.push(message.data);
      }
    });
  });
  say({ type: 'subscribe', channel });
  await isIn;
  return {
    peerId,
    received,
    publish: (data) => say({ type: 'publish', channel, data }),
    setUserState: (state) => {
      current = state;
      others.forEach(sayState);
    },
    close: async () => {
      client.close();
      await once(client, 'close');
    },
  };
}

/** A call of so many, each of whom sees all others. */
export async function startGroup(window: BrowserContext, page: string, count: number, room = 'group'): Promise<Page[]> {
  const tabs: Page[] = [];
  for (let number = 0; number < count; number++) {
    const tab = await joinGroup(window, page, room);
    await signalingOfGroupIs(tab, 'connected');
    tabs.push(tab);
  }
  await areInGroup(tabs);
  return tabs;
}

/** Awaits that each of these sees moving pictures of all others, of nobody else, and says so. */
export async function areInGroup(tabs: readonly Tab[]): Promise<void> {
  await Promise.all(
    tabs.flatMap((tab) => [
      shows(tab, '#media', `connected to ${tabs.length - 1} other`),
      signalingOfGroupIs(tab, 'connected'),
      seesOthers(tab, tabs.length - 1),
    ]),
  );
}

export async function signalingOfGroupIs(tab: Tab, state: string): Promise<void> {
  await shows(tab, `#signaling[data-state="${state}"]`, '');
}

/** Awaits an element whose text contains this one. */
async function shows(tab: Tab, selector: string, text: string): Promise<void> {
  await tab.waitForFunction(
    ({ selector, text }) => document.querySelector(selector)?.textContent?.includes(text),
    { selector, text },
    { polling: 50 },
  );
}

/** Awaits that there are as many others on the stage, and that frame after frame of each arrives. */
export async function seesOthers(tab: Tab, count: number): Promise<void> {
  const before = await frames(tab);
  await tab.waitForFunction(
    ({ before, count, wanted }) => {
      const videos = [...document.querySelectorAll<HTMLVideoElement>('.other[data-shows="video"] video')];
      const seen = videos.filter(
        (video) =>
          video.getVideoPlaybackQuality().totalVideoFrames >=
          (before[video.closest<HTMLElement>('.other')!.dataset['person']!] ?? 0) + wanted,
      );
      return seen.length === count && document.querySelectorAll('.other').length === count;
    },
    { before, count, wanted: FRAMES },
    { polling: 50 },
  );
}

/** Watches the pictures of all others for a while: in every second of it there must be new frames of each. */
export async function keepsSeeingOthers(tab: Page, seconds: number): Promise<void> {
  let before = await frames(tab);
  for (let second = 0; second < seconds; second++) {
    await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
    const now = await frames(tab);
    expect(Object.keys(now).sort()).toEqual(Object.keys(before).sort());
    for (const [person, count] of Object.entries(now)) {
      expect(count, `frames: ${JSON.stringify(before)} then ${JSON.stringify(now)}`).toBeGreaterThan(before[person]!);
    }
    before = now;
  }
}

export interface Person {
  readonly name: string;
  readonly signaling: string;
  readonly media: string;
}

/** The list of who is here, this tab first. */
export function roster(tab: Tab): Promise<Person[]> {
  return tab.evaluate(() =>
    [...document.querySelectorAll('#roster li')].map((person) => {
      const text = (place: string): string => person.querySelector(place)!.textContent!;
      return { name: text('.name'), signaling: text('.signaling .word'), media: text('.media .word') };
    }),
  );
}

/** How many of each have been shown, by person. */
function frames(tab: Tab): Promise<Record<string, number>> {
  return tab.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLElement>('.other')].map((tile) => [
        tile.dataset['person']!,
        tile.querySelector('video')!.getVideoPlaybackQuality().totalVideoFrames,
      ]),
    ),
  );
}
