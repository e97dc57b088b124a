// SPDX-License-Identifier: Apache-2.0
// Calls of tabs that open at about the same time, on the unmodified SDK: whether all play, and how soon.

import type { BrowserContext, Page } from 'playwright-core';
import type { SdkApp } from './sdk.ts';

interface TracedFrame {
  readonly at: number;
  readonly text: string;
}

declare global {
  /** Page only. */
  var tracedFrames: TracedFrame[];
}

export interface FirstCall {
  /** From the page of the last tab to the last first picture, in milliseconds; undefined if a picture did not come. */
  readonly pictureMs: number | undefined;
  /** The signals of each tab in their order, and the states of its connections. */
  readonly trace: string;
}

export interface FirstCallOptions {
  readonly tabs?: number;
  /** Between the openings of two tabs. */
  readonly gapMs?: number;
  /** Of the stream, sent ahead of the offer; undefined for none. */
  readonly role?: string | undefined;
}

/** A call has failed that does not play on all sides within this time. */
const PATIENCE_MS = 12_000;

/** Opens tabs in this room, awaits that each plays all others, and closes them. */
export async function callAtOnce(
  window: BrowserContext,
  app: SdkApp,
  webSocket: string,
  room: string,
  { tabs: count = 2, gapMs = 0, role }: FirstCallOptions,
): Promise<FirstCall> {
  const tabs = await Promise.all(Array.from({ length: count }, () => window.newPage()));
  await Promise.all(tabs.map((tab) => tab.addInitScript(traceFrames)));
  const address = app.address(webSocket, { room, ...(role === undefined ? {} : { role }) });
  await Promise.all(
    tabs.map(async (tab, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * gapMs));
      await tab.goto(address);
    }),
  );
  const deadline = performance.now() + PATIENCE_MS;
  const played = await Promise.all(tabs.map((tab) => plays(tab, count - 1, deadline - performance.now())));
  const looks = await Promise.all(tabs.map(look));
  await Promise.all(tabs.map((tab) => tab.close()));
  const begin = Math.max(...looks.map(({ begin }) => begin));
  const pictures = looks.flatMap(({ pictures }) => pictures);
  const lines = looks.map(({ id, state, frames }) =>
    [
      `${id.slice(0, 4)} ${state}`,
      ...frames.map(({ at, text }) => `${(at - begin).toFixed(1).padStart(9)} ${text}`),
    ].join('\n'),
  );
  return { pictureMs: played.every((it) => it) ? Math.max(...pictures) - begin : undefined, trace: lines.join('\n') };
}

/** Whether the first pictures of so many others are shown within this time. */
function plays(tab: Page, others: number, timeout: number): Promise<boolean> {
  return tab
    .waitForFunction(
      (others) => globalThis.happenings?.filter(({ what }) => what === 'picture').length === others,
      others,
      { polling: 50, timeout: Math.max(1, timeout) },
    )
    .then(
      () => true,
      () => false,
    );
}

function look(tab: Page) {
  return tab.evaluate(() => ({
    begin: performance.timeOrigin,
    id: globalThis.peer?.peerId ?? 'none',
    pictures: (globalThis.happenings ?? []).filter(({ what }) => what === 'picture').map(({ at }) => at),
    frames: globalThis.tracedFrames,
    state: (globalThis.peer?.remotePeers ?? [])
      .map(({ pc }) => `${pc.signalingState} gathering ${pc.iceGatheringState} ice ${pc.iceConnectionState}`)
      .join(', '),
  }));
}

/** In the page: notes each signal that goes over its WebSocket, without touching it. */
function traceFrames(): void {
  const frames: TracedFrame[] = (globalThis.tracedFrames = []);
  const note = (arrow: string, frame: unknown): void => {
    const { type, data, to, from, joined, left } = JSON.parse(String(frame));
    if (type === 'send' || type === 'direct' || type === 'presence') {
      const signal = joined
        ? `joined ${joined.length} left ${left.length}`
        : (data.description?.type ?? data.type ?? 'metadata');
      const text = `${arrow} ${type} ${String(to ?? from ?? '').slice(0, 4)} ${signal}`;
      frames.push({ at: performance.timeOrigin + performance.now(), text });
    }
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => note('<', data));
    }
    override send(data: string): void {
      note('>', data);
      super.send(data);
    }
  };
}
