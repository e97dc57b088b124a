// SPDX-License-Identifier: Apache-2.0
// Parts of the call page that need no browser.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const folder = new URL('../../server/src/main/resources/dev/parley/page', import.meta.url).pathname;
const { Deliveries } = await import(`${folder}/deliveries.js`);
const { cleanName, initials, OwnName } = await import(`${folder}/names.js`);

const ANA = { id: 'a', name: 'Ana' };
const BEN = { id: 'b', name: 'Ben' };

describe('the deliveries of the chat', () => {
  let words: Record<string, string>;
  let deliveries: typeof Deliveries;

  beforeEach(() => {
    vi.useFakeTimers();
    words = {};
    deliveries = new Deliveries();
    deliveries.addEventListener('change', ({ detail }: CustomEvent) => (words[detail.id] = detail.words));
  });
  afterEach(() => void vi.useRealTimers());

  test('say nothing of a message that everybody receives in time', () => {
    deliveries.expect('1', [ANA, BEN]);
    deliveries.received('1', 'a');
    deliveries.received('1', 'b');
    vi.runAllTimers();
    expect(words['1']).toBe('');
  });

  test('name those who have not answered after some seconds, until they do', () => {
    deliveries.expect('1', [ANA, BEN]);
    deliveries.received('1', 'a');
    vi.runAllTimers();
    expect(words['1']).toBe('Not received yet by Ben.');
    deliveries.received('1', 'b');
    expect(words['1']).toBe('');
  });

  test('name those who left without an answer', () => {
    deliveries.expect('1', [ANA, BEN]);
    deliveries.left('b');
    deliveries.received('1', 'b');
    vi.runAllTimers();
    expect(words['1']).toBe('Did not reach Ben. Not received yet by Ana.');
  });

  test('say that the call is empty, and with which code the server refused a message', () => {
    deliveries.expect('1', []);
    expect(words['1']).toBe('Nobody else is here to read this.');
    deliveries.expect('2', [ANA]);
    deliveries.fail('2', 'over_message_quota');
    expect(words['2']).toBe('Not sent: over_message_quota.');
  });
});

describe('names', () => {
  test('that are typed are kept, and drawn ones give way to those of others', () => {
    const typed = new OwnName('  Ana   Maria ');
    expect([typed.shown, typed.avoid(['Ana Maria'])]).toEqual(['Ana Maria', false]);
    const drawn = new OwnName(undefined);
    const before = drawn.shown;
    expect(drawn.avoid([before])).toBe(true);
    expect(drawn.shown).not.toBe(before);
  });

  test('of other programs that are no text, or too long, are made harmless', () => {
    expect([cleanName({}), cleanName('x'.repeat(99)).length]).toEqual(['', 40]);
    expect([initials(''), initials('ada lovelace')]).toEqual(['', 'AL']);
  });
});
