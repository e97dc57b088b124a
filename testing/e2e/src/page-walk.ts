// SPDX-License-Identifier: Apache-2.0
// Leads a tab through every state of the call page.

import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { enterGroup, joinGroup, seesOthers, signalingOfGroupIs } from './group.ts';
import type { Parley } from './parley.ts';

/** People without a page, who are shown by their names. */
const NAMES = ['Grace Hopper', 'Linus', 'Ada Lovelace of the Analytical Engine', 'Radia'];

/** What is looked at in each state. */
export type Look = (state: string, tab: Page) => Promise<void>;

/** Calls `look` in each state of the page, with the server that dies on the way. */
export async function walkThroughPage(window: BrowserContext, parley: Parley, look: Look): Promise<void> {
  await useSmallCamera(window);
  const tab = await window.newPage();
  await tab.goto(parley.page);
  await tab.getByRole('button', { name: 'Start the call' }).waitFor();
  await look('landing', tab);

  await refuseCamera(tab, true);
  await tab.goto(`${parley.page}/#refused`);
  await tab.getByText('Your camera is blocked.').first().waitFor();
  await look('preview-refused', tab);
  await refuseCamera(tab, false);
  await tab.goto(`${parley.page}/#group`);
  await showsPicture(tab, '#preview-tile');
  await tab.getByLabel('Your name').first().fill('Ana');
  await look('preview', tab);

  await tab.getByRole('button', { name: 'Join the call' }).click();
  await tab.getByText('You are the first one here').waitFor();
  await showsPicture(tab, '#own');
  await look('alone', tab);
  await refuseCamera(tab, true);
  await tab.getByRole('button', { name: 'Stop video' }).click();
  await tab.getByRole('button', { name: 'Start video' }).click();
  await tab.getByRole('alert').getByText('Your camera is blocked.').waitFor();
  await tab.getByRole('alert').getByText('Others see a picture with your name instead.').waitFor();
  await tab.getByRole('button', { name: 'End picture' }).waitFor();
  await look('camera-refused', tab);
  await refuseCamera(tab, false);
  await tab.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await tab.locator('#problem').waitFor({ state: 'hidden' });

  await tab.evaluate(() => localStorage.setItem('parley.choices', '{"name":"Ben"}')); // of the next tab
  const other = await joinGroup(window, parley.page, 'group');
  await seesOthers(tab, 1);
  await look('two', tab);
  await tab.getByRole('button', { name: 'More' }).click();
  await look('menu', tab);
  await tab.getByRole('button', { name: 'Settings' }).click();
  await look('settings', tab);
  await openPanel(tab, 'Under the hood');
  await tab.locator('#roster .numbers', { hasText: 'fps' }).waitFor();
  await look('hood', tab);
  await tab.keyboard.press('Escape');

  const clients = await Promise.all(NAMES.map(() => enterGroup(parley.webSocket)));
  clients.forEach((client, index) => {
    client.setUserState({ name: NAMES[index], microphone: index === 0, camera: false });
  });
  await tab.locator('.other').nth(NAMES.length).waitFor({ state: 'attached' });
  await other.getByRole('button', { name: 'Chat' }).click();
  await say(other, 'Here is the plan: https://example.com/plan?version=2.');
  await tab.getByRole('button', { name: 'Chat' }).click();
  await say(tab, 'Thank you, I shall read it before we go on. One question remains: who writes the minutes today?');
  await tab.getByText('Not received yet by').waitFor();
  await look('chat', tab);
  await tab.keyboard.press('Escape');
  await look('six', tab);

  await other.getByRole('button', { name: 'Close chat' }).click();
  await other.getByRole('button', { name: 'Share screen' }).first().click();
  await showsPicture(tab, '.screen');
  await look('screen', tab);
  await other.getByText('Everybody in the call sees your screen.').waitFor();
  await look('sharing', other);
  await other.getByRole('button', { name: 'Stop sharing' }).first().click();
  await Promise.all(clients.map((client) => client.close()));
  await tab.locator('.other').nth(1).waitFor({ state: 'detached' });

  await parley.end('SIGKILL');
  await signalingOfGroupIs(tab, 'lost');
  await look('disconnected', tab);
  await tab.getByRole('button', { name: 'Leave' }).click();
  await tab.getByRole('heading', { name: 'You left the call' }).waitFor();
  await look('left', tab);
}

/** Gives every tab a camera with few pixels, as encoding many takes a small machine its time. */
export async function useSmallCamera(window: BrowserContext): Promise<void> {
  await window.addInitScript(prepareCamera);
}

/** Opens a panel from the menu. */
export async function openPanel(tab: Page, name: string): Promise<void> {
  await tab.getByRole('button', { name: 'More' }).click();
  await tab.getByRole('button', { name }).click();
}

/** Sends a message of the chat, which is open. */
export async function say(tab: Page, text: string): Promise<void> {
  await tab.getByRole('textbox', { name: 'Message' }).fill(text);
  await tab.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Awaits a picture in a tile. */
async function showsPicture(tab: Page, tile: string): Promise<void> {
  const width = (selector: string): number => document.querySelector<HTMLVideoElement>(selector)?.videoWidth ?? 0;
  await expect.poll(() => tab.evaluate(width, `${tile} video`)).toBeGreaterThan(2);
}

/** In the page, before it is loaded: a camera with few pixels that can be refused. */
function prepareCamera(): void {
  const { mediaDevices } = navigator;
  const ask = mediaDevices?.getUserMedia.bind(mediaDevices); // undefined in an empty tab
  if (ask) {
    mediaDevices.getUserMedia = (constraints) =>
      constraints?.video && document.documentElement.hasAttribute('data-refuses-camera')
        ? Promise.reject(new DOMException('not allowed', 'NotAllowedError'))
        : ask({ ...constraints, ...(constraints?.video && { video: { width: 320, height: 180 } }) });
  }
}

/** Refuses the camera as a user does, from now on or no longer. */
function refuseCamera(tab: Page, isRefused: boolean): Promise<void> {
  return tab.evaluate((isRefused) => {
    document.documentElement.toggleAttribute('data-refuses-camera', isRefused);
  }, isRefused);
}
