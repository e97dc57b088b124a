// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { seesTheOther } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';
import { serve } from '../src/site.ts';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const client = /```js\n([^]*?)```/.exec(readme)![1]!;

describe('the README', () => {
  test('its client makes a call in two tabs, and has the 15 lines it promises', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const script = client.replace('ws://localhost:8080', parley.webSocket);
    const port = await serve(`<video id="remote" autoplay></video><script type="module">${script}</script>`);
    const [first, second] = [await window.newPage(), await window.newPage()];
    await first.goto(`http://localhost:${port}`);
    await second.goto(`http://localhost:${port}`);
    await Promise.all([seesTheOther(first), seesTheOther(second)]);
    expect(client.trimEnd().split('\n')).toHaveLength(15);
    expect(window.complaints).toEqual([]);
  });
});
