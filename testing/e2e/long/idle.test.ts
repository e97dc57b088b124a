// SPDX-License-Identifier: Apache-2.0
// Case 58, of the unmodified @metered-ca/realtime with its default settings.

import { setTimeout as after } from 'node:timers/promises';
import { SignallingClient } from '@metered-ca/realtime';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { KEY, serveSdkApp, storyOf } from '../src/sdk.ts';

// More than two of the SDK's inactivity timeouts, and six of the server's pings.
const IDLE_SECONDS = 150;

test(`clients in Node and Chromium that do nothing for ${IDLE_SECONDS} s are never disconnected`, async () => {
  const [parley, window] = await Promise.all([startParley(), openWindow()]);
  const tab = await (await serveSdkApp(window))(parley.webSocket, { camera: false });
  const client = new SignallingClient({
    apiKey: KEY,
    url: parley.webSocket,
    webSocketFactory: (url) => new WebSocket(url),
  });
  onTestFinished(() => client.close());
  const states: string[] = [];
  client.on('state-change', ({ to }) => states.push(to));
  await client.connect();
  await client.subscribe('another room');
  await after(IDLE_SECONDS * 1000);
  expect(states).toEqual(['connecting', 'connected']);
  expect(await storyOf(tab)).toEqual(['state joining', 'state joined']);
  expect(window.complaints).toEqual([]);
});
