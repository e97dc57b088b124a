// SPDX-License-Identifier: Apache-2.0
// What the tabs of a test had when it failed: frames of their WebSockets, states of their connections and videos. A
// call that did not connect on a machine of CI is otherwise not to be understood.

import type { BrowserContext, Page } from 'playwright-core';
import { onTestFailed } from 'vitest';

const MAX_LINES = 120;
const MAX_COLUMNS = 160;

/** Prints, if the test fails, what happened in each tab of this window. */
export function reportFailure(window: BrowserContext): void {
  const reports: (() => Promise<string>)[] = [];
  window.on('page', (page) => reports.push(watch(page)));
  const ready = window.addInitScript(keepConnections);
  onTestFailed(async () => {
    await ready;
    for (const [index, report] of reports.entries()) {
      console.log(`tab ${index + 1}:\n${await report()}`);
    }
  });
}

function watch(page: Page): () => Promise<string> {
  const lines: string[] = [];
  const note = (text: string): void => {
    if (lines.length < MAX_LINES) {
      lines.push(`${new Date().toISOString().slice(14, 23)} ${text.slice(0, MAX_COLUMNS)}`);
    }
  };
  page.on('framenavigated', (frame) => note(`goes to ${frame.url().slice(0, 80)}`));
  page.on('websocket', (socket) => {
    note(`opens ${socket.url()}`);
    socket.on('framesent', ({ payload }) => note(`> ${payload}`));
    socket.on('framereceived', ({ payload }) => note(`< ${payload}`));
    socket.on('close', () => note(`closed ${socket.url()}`));
  });
  return async () => {
    const media = page.isClosed() ? 'closed' : await page.evaluate(mediaStates).catch((error) => String(error));
    return [...lines, media].join('\n');
  };
}

/** In the page, before its scripts: keeps its connections within reach, and when each changed. */
function keepConnections(): void {
  const kept: { connection: RTCPeerConnection; changes: string[] }[] = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      const changes: string[] = [];
      kept.push({ connection: this, changes });
      for (const name of ['signaling', 'icegathering', 'iceconnection', 'connection'] as const) {
        this.addEventListener(`${name}statechange`, () => {
          const at = new Date().toISOString().slice(14, 23);
          changes.push(
            `${at} ${name}: ${this.signalingState} ${this.iceGatheringState} ${this.iceConnectionState} ` +
              this.connectionState,
          );
        });
      }
    }
  };
  Object.assign(globalThis, { keptConnections: kept });
}

/** In the page. */
function mediaStates(): string {
  const { keptConnections = [] } = globalThis as unknown as {
    keptConnections?: { connection: RTCPeerConnection; changes: string[] }[];
  };
  const tracks = (stream: MediaProvider | null): string =>
    stream instanceof MediaStream
      ? stream
          .getTracks()
          .map(({ kind, readyState, muted }) => `${kind} ${readyState}${muted ? ' muted' : ''}`)
          .join(', ')
      : 'no stream';
  return [
    ...keptConnections.flatMap(({ connection, changes }, index) => [
      `connection ${index + 1}: ${connection.connectionState}, ` +
        connection
          .getTransceivers()
          .map(({ mid, currentDirection }) => `${mid} ${currentDirection}`)
          .join(', '),
      ...changes,
    ]),
    ...[...document.querySelectorAll('video')].map(
      (video) =>
        `video: ready ${video.readyState}, ${video.paused ? 'paused' : 'plays'}, ` +
        `${video.getVideoPlaybackQuality().totalVideoFrames} frames, ${tracks(video.srcObject)}`,
    ),
  ].join('\n');
}
