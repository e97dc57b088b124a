// SPDX-License-Identifier: Apache-2.0
// Cases 66 to 68: keys and tokens with the unmodified @metered-ca/realtime in Chromium.

import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { layLine } from '../src/line.ts';
import { type Parley, startParley } from '../src/parley.ts';
import { happens, now, peerId, remotePeerIds, serveSdkApp, storyOf } from '../src/sdk.ts';

const SECRET_KEY = 'sk_id_backend:sk_secret_0123456789abcdef0123456789abcdef';
const CONFIGURATION = `
apps:
  - id: demo
    publishableKeys:
      - {id: pk_live_rooms, channels: ["room-*"], actions: [subscribe, publish, presence, send]}
    secretKeys:
      - {id: sk_id_backend, secret: sk_secret_0123456789abcdef0123456789abcdef}
`;

async function start() {
  const [parley, window] = await Promise.all([startParley({ configuration: CONFIGURATION }), openWindow()]);
  return { parley, window, open: await serveSdkApp(window) };
}

/** Asks as the application's back end does. */
async function rest(parley: Parley, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(parley.page + path, {
    method,
    headers: { Authorization: `Bearer ${SECRET_KEY}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

/** Tokens for this peer, of these lives in seconds; the last one for all that follow. */
function minter(parley: Parley, peerId: string, ...lives: number[]): () => Promise<string> {
  let minted = 0;
  return async () => {
    const expiresInSec = lives[Math.min(minted++, lives.length - 1)];
    const { token } = await rest(parley, 'POST', '/v1/tokens', { peerId, channels: ['room-*'], expiresInSec });
    return token as string;
  };
}

describe('the SDK in Chromium', () => {
  test('a key for some rooms lets its tabs into those and no others', async () => {
    const { parley, window, open } = await start();
    const first = await open(parley.webSocket, { key: 'pk_live_rooms', room: null });
    const refusal = await first.evaluate(() => globalThis.peer.join('lobby').catch((err: Error) => err.name));
    expect(refusal).toBe('channel_not_authorized');
    expect(await first.evaluate(() => globalThis.peer.state)).toBe('idle');

    await first.evaluate(() => globalThis.peer.join('room-1'));
    const second = await open(parley.webSocket, { key: 'pk_live_rooms', room: 'room-1', camera: false });
    await playsVideos(second, 1);
    expect(await remotePeerIds(first)).toEqual([await peerId(second)]);
    expect(window.complaints).toEqual([]);
  });

  test('a token that expires in a call is renewed, and the call goes on', async ({ annotate }) => {
    const { parley, window, open } = await start();
    const near = await open(parley.webSocket, { mint: minter(parley, 'near', 8, 3600), room: 'room-1' });
    const far = await open(parley.webSocket, { mint: minter(parley, 'far', 3600), room: 'room-1', camera: false });
    await playsVideos(far, 1);
    expect(await storyOf(far)).not.toContain('peer-left near');

    const { at } = await happens(near, 'state', 'reconnecting');
    await happens(near, 'state', 'joined', at);
    await annotate(`joined again after ${Math.round((await now(near)) - at)} ms`);
    await playsVideos(far, 1);
    expect(await peerId(near)).toBe('near');
    expect(await remotePeerIds(far)).toEqual(['near']);
    expect((await storyOf(near)).filter((line) => line.startsWith('error'))).toEqual([]);
    expect(window.complaints).toEqual([]);
  });

  test('a peer that was kicked stays out', async () => {
    const { parley, window, open } = await start();
    const line = await layLine(parley.webSocket);
    const kicked = await open(line.webSocket, { mint: minter(parley, 'kicked', 3600), room: 'room-1', camera: false });
    const other = await open(parley.webSocket, { mint: minter(parley, 'other', 3600), room: 'room-1', camera: false });
    await happens(other, 'peer-joined', 'kicked');

    expect(await rest(parley, 'DELETE', '/v1/peers/kicked')).toEqual({ peerId: 'kicked', closed: 1 });
    await happens(kicked, 'error', 'admin_disconnect');
    await happens(other, 'peer-left', 'kicked');
    const story = await storyOf(kicked);
    await after(5000); // ten times the wait before a first attempt to connect again
    expect(await storyOf(kicked)).toEqual(story);
    expect(await kicked.evaluate(() => globalThis.peer.state)).toBe('closed');
    expect(line.isUsed).toBe(false);
    expect(await remotePeerIds(other)).toEqual([]);
    expect(window.complaints).toEqual([]);
  });
});
