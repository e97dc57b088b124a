// SPDX-License-Identifier: Apache-2.0
// Applications on parley-client/react, in StrictMode, with each version of React the package is for.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { bundle, pageOf } from '../src/bundle.ts';
import { playsVideos } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

const APP = `
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ParleyClient } from 'parley-client';
import { useCall, useLocalMedia, usePeers, Video } from 'parley-client/react';

const client = new ParleyClient({ url: new URL(location).searchParams.get('server'), key: 'pk_live_demo' });
globalThis.client = client;

function Room({ name }) {
  const { call, state } = useCall({ client, room: name });
  const peers = usePeers(call);
  useLocalMedia(call, ['camera']);
  return (
    <section>
      <h1>{name} {state}</h1>
      {peers.map(({ id, streams }) => (
        <article key={id}>{streams.map(({ stream }) => <Video key={stream.id} stream={stream} />)}</article>
      ))}
    </section>
  );
}

function App() {
  const [room, setRoom] = useState('kitchen');
  return (
    <>
      {['kitchen', 'garden', ''].map((name) => (
        <button key={name} onClick={() => setRoom(name)}>{name || 'none'}</button>
      ))}
      {room && <Room name={room} />}
    </>
  );
}

createRoot(document.body.appendChild(document.createElement('main'))).render(<StrictMode><App /></StrictMode>);
`;

const go = (tab: Page, room: string): Promise<void> => tab.getByRole('button', { name: room, exact: true }).click();

/** Awaits that the tab is in a room, with the pictures of so many others, and with nobody else. */
async function sees(tab: Page, room: string, others: number): Promise<void> {
  await tab.getByRole('heading', { name: `${room} joined` }).waitFor();
  await playsVideos(tab, others);
  expect(await tab.getByRole('article').count()).toBe(others);
}

describe.each([
  ['19', { react: 'react', 'react-dom': 'react-dom' }],
  ['18', { react: 'react-18', 'react-dom': 'react-dom-18' }],
])('an application of React %s', (_, react) => {
  test('has one place in the room: mounted, unmounted, mounted, and in other rooms, without ghosts', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const port = await serve(pageOf(await bundle(APP, { react })));
    const tabs = [await window.newPage(), await window.newPage()] as [Page, Page];
    for (const tab of tabs) {
      await tab.goto(`http://localhost:${port}/?server=${parley.page}`);
    }
    const [still, moving] = tabs;
    await Promise.all(tabs.map((tab) => sees(tab, 'kitchen', 1)));

    await go(moving, 'none');
    await sees(still, 'kitchen', 0);
    await go(moving, 'kitchen');
    await Promise.all(tabs.map((tab) => sees(tab, 'kitchen', 1)));

    await go(moving, 'garden');
    await Promise.all([sees(still, 'kitchen', 0), sees(moving, 'garden', 0)]);
    await moving.evaluate(() =>
      document.querySelectorAll('button').forEach((button) => button.textContent !== 'garden' && button.click()),
    );
    await go(moving, 'kitchen');
    await Promise.all(tabs.map((tab) => sees(tab, 'kitchen', 1)));
    expect(
      await moving.evaluate(() => [
        ...(globalThis as unknown as { client: { rooms: Map<string, unknown> } }).client.rooms.keys(),
      ]),
    ).toEqual(['kitchen']);
    expect(window.complaints.filter((line) => !line.includes('React DevTools'))).toEqual([]);
  });
});
