// SPDX-License-Identifier: Apache-2.0
// Parts of the call page that need no browser.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const folder = new URL('../../../server/src/main/resources/dev/parley/page', import.meta.url).pathname;
const { Deliveries } = await import(`${folder}/deliveries.js`);
const { Allowance } = await import(`${folder}/allowance.js`);
const { tileSize } = await import(`${folder}/layout.js`);
const { withLinks } = await import(`${folder}/links.js`);
const { Receipts } = await import(`${folder}/receipts.js`);
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

describe('receipts', () => {
  let sent: string[];
  let receipts: typeof Receipts;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    receipts = new Receipts(new Allowance({ atOnce: 10, perSecond: 5 }), (sender: string, ids: string[]) =>
      sent.push(`${sender}: ${ids}`),
    );
  });
  afterEach(() => void vi.useRealTimers());

  test('are one for all messages of a sender that wait', () => {
    for (let id = 0; id < 1000; id++) {
      receipts.add('ana', `${id}`);
    }
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([`ana: ${Array.from({ length: 20 }, (_, id) => id)}`]);
  });

  test('are a few a second in all, in turns, whatever comes', () => {
    for (let step = 0; step < 1000; step++) {
      receipts.add('ana', `${step}`);
      receipts.add('ben', `${step}`);
      vi.advanceTimersByTime(10);
    }
    expect(sent.length).toBeGreaterThan(50);
    expect(sent.length).toBeLessThanOrEqual(10 + 5 * 10);
    const ofAna = sent.filter((receipt) => receipt.startsWith('ana')).length;
    expect(Math.abs(sent.length - 2 * ofAna)).toBeLessThanOrEqual(1);
  });

  test('are sent before the call ends, and none after it', () => {
    receipts.add('ana', '1');
    receipts.close();
    expect(sent).toEqual(['ana: 1']);
    vi.runAllTimers();
    expect(sent).toEqual(['ana: 1']);
  });
});

test('an allowance is used up, and comes back with time', () => {
  vi.useFakeTimers();
  const allowance = new Allowance({ atOnce: 2, perSecond: 1 });
  const take = (): boolean[] => [allowance.tryTake(), allowance.tryTake(), allowance.tryTake()];
  expect(take()).toEqual([true, true, false]);
  vi.advanceTimersByTime(1000);
  expect(take()).toEqual([true, false, false]);
  vi.advanceTimersByTime(60_000);
  expect(take()).toEqual([true, true, false]);
  vi.useRealTimers();
});

describe('links', () => {
  beforeEach(() => vi.stubGlobal('document', { createElement: () => ({}) }));
  afterEach(() => vi.unstubAllGlobals());

  const texts = (text: string): string[] =>
    withLinks(text).map((node: string | HTMLElement) => (typeof node === 'string' ? node : `<${node.textContent}>`));

  test('end before what ends the sentence', () => {
    expect(texts('see (https://a.example/b?c=1).')).toEqual(['see (', '<https://a.example/b?c=1>', ').']);
    expect(texts('http://a/(b)c!')).toEqual(['', '<http://a/(b)c>', '!']);
  });

  test('take time in proportion to the text', () => {
    const text = `http://a/${')'.repeat(50_000)}x`;
    const began = performance.now();
    expect(texts(text)).toEqual(['', `<${text}>`, '']);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('are some of many', () => {
    expect(texts('http://a/ '.repeat(200)).filter((text) => text.startsWith('<'))).toHaveLength(20);
  });
});

describe('tiles', () => {
  const GAP = 10;

  test('of three on a wide stage are in two rows, as pictures are larger there', () => {
    expect(tileSize(3, { width: 1230, height: 620, gap: GAP })).toEqual({ width: 542, height: 305 });
  });

  test('are as large as pictures can be, fit, and have a shape that pictures fill', () => {
    const stages = [
      [300, 400],
      [370, 690],
      [740, 370],
      [1230, 620],
      [900, 620],
      [2500, 1250],
    ] as const;
    for (const [width, height] of stages) {
      for (let count = 2; count <= 7; count++) {
        const size = tileSize(count, { width, height, gap: GAP });
        const columns = Math.floor((width + GAP) / (size.width + GAP));
        const rows = Math.floor((height + GAP) / (size.height + GAP));
        const largest = Array.from({ length: count }, (_, index) => {
          const [columns, rows] = [index + 1, Math.ceil(count / (index + 1))];
          return Math.min((width - GAP * (columns - 1)) / columns, ((height - GAP * (rows - 1)) / rows) * (16 / 9));
        });
        expect(columns * rows, `${count} at ${width} x ${height}`).toBeGreaterThanOrEqual(count);
        expect(size.width).toBe(Math.floor(Math.max(...largest)));
        expect(size.width / size.height).toBeGreaterThan((16 / 9) * 0.6);
        expect(size.width / size.height).toBeLessThan((16 / 9) * 1.03);
      }
    }
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
