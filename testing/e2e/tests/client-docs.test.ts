// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

const text = await readFile(new URL('../../../docs/client.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/## (.+)\n(?:(?!## |```js)[^])*?```js\n([^]*?)```/g)].map(([, title, code]) => ({
  title,
  code: code!,
}));

/** What each shows, once two tabs run it. */
const SHOWS: Record<string, string> = {
  Connecting: 'idle -> connecting: called|connecting -> connected: welcome|the others know me as',
  Errors: 'invalid_token: |not in the call',
  Rooms: 'is here|says|says to me alone',
  Calls: 'hello, from browser to browser|hello yourself',
  'User state': 'Ana is muted',
};

describe('the examples of docs/client.md', () => {
  test('are those that are tried here', () => expect(examples.map(({ title }) => title)).toEqual(Object.keys(SHOWS)));

  test.each(examples)('"$title" does in two tabs what it says', async ({ title, code }) => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const said: string[] = [];
    window.on('console', (message) => said.push(message.text()));
    const script = code.replaceAll('http://localhost:8080', parley.page);
    const port = await serve(
      `<!doctype html><body><script src="${parley.page}/parley.js"></script><script type="module">${script}</script>`,
    );
    const tabs = [await window.newPage(), await window.newPage()];
    for (const tab of tabs) {
      await tab.goto(`http://localhost:${port}`);
    }
    for (const wanted of SHOWS[title!]!.split('|')) {
      await expect.poll(() => said.filter((line) => line.includes(wanted)).length).toBeGreaterThan(0);
    }
    expect(window.complaints).toEqual([]);
  });
});
