// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Events, ParleyClient, ParleyError } from '../src/index.js';
import { Bench } from './fake-server.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const failure = async (promise: Promise<unknown>): Promise<ParleyError> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error: ParleyError) => error,
  );

describe('connecting', () => {
  it.each(['localhost:8080', 'parley.example.com', ''])(
    'names the URL %o that has no scheme, and what it lacks',
    (url) => {
      expect(() => new ParleyClient({ key: 'pk', url })).toThrow(`url must be like https://example.com, not ${url}`);
    },
  );

  it('fails with the cause and a remedy when the browser refuses the URL', async () => {
    const bench = new Bench({
      webSocket: () => {
        throw new Error('An insecure WebSocket connection may not be initiated from a page loaded over HTTPS.');
      },
    });
    const room = failure(bench.client.join('r'));
    const error = await failure(bench.client.connect());
    expect(error).toBeInstanceOf(ParleyError);
    expect(error.code).toBe('cannot_connect');
    expect(error.message).toMatch(/insecure WebSocket.*server with TLS/);
    expect((await room).code).toBe('cannot_connect');
    expect(bench.changes.at(-1)).toMatchObject({ to: 'closed', reason: 'cannot_connect' });
    expect((await failure(bench.client.send('bob', 1))).code).toBe('cannot_connect');
  });

  it('fails where there is no WebSocket, as in Node before 22', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const client = new ParleyClient({ url: 'https://parley.example.com', key: 'pk' });
    client.on('error', () => undefined);
    expect((await failure(client.connect())).message).toContain('Node before 22');
    vi.unstubAllGlobals();
  });

  it.each([
    [4001, 'invalid_token', /origins of the key/],
    [4003, 'channel_not_authorized', /its key allows/],
    [4020, 'admin_disconnect', /back end/],
  ])('fails with what close code %i means', async (code, expected, remedy) => {
    const bench = new Bench();
    const connecting = failure(bench.client.connect());
    await bench.pass();
    bench.socket.ends(code);
    const error = await connecting;
    expect(error.code).toBe(expected);
    expect(error.message).toMatch(remedy);
  });

  it('fails with closed when the application closed the client', async () => {
    const bench = new Bench();
    const connecting = failure(bench.client.connect());
    bench.client.close();
    expect((await connecting).code).toBe('closed');
  });
});

describe('a socket that is closing', () => {
  it('is given nothing more: browsers complain about each frame', async () => {
    const bench = new Bench();
    void bench.client.connect();
    await bench.pass();
    bench.socket.welcome();
    bench.socket.readyState = 2;
    bench.client.send('bob', 'late').catch(() => undefined);
    await bench.pass();
    expect(bench.socket.ofType('send')).toEqual([]);
    bench.socket.ends();
    await bench.pass(1000);
    bench.socket.resumes(0);
    expect(bench.socket.ofType('send')).toEqual([expect.objectContaining({ to: 'bob', data: 'late' })]);
    bench.client.close();
  });
});

describe('a token', () => {
  it('may be the answer of POST /v1/tokens', async () => {
    const bench = new Bench({ tokenProvider: async () => ({ token: 'a.b.c', expiresAt: 1_790_003_600 }) });
    void bench.client.connect();
    await bench.pass();
    expect(bench.socket.offered).toContain('bearer.a.b.c');
  });

  it.each([['a.b.c\n'], [''], ['two tokens'], [undefined], [{}]])(
    'that is %j is said to be wrong, and asked for again',
    async (bad) => {
      const tokens: unknown[] = [bad, 'a.b.c'];
      const bench = new Bench({ tokenProvider: () => tokens.shift() as string });
      const errors: unknown[] = [];
      bench.client.on('error', ({ error }) => errors.push(error));
      void bench.client.connect();
      await bench.pass(2000);
      expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('tokenProvider returned') })]);
      expect(bench.socket.offered).toContain('bearer.a.b.c');
    },
  );

  it.each([['a.b.c\n'], ['']])('given as an option that is %j is refused at once, and so is such a key', (bad) => {
    expect(() => new ParleyClient({ url: 'https://parley.example.com', token: bad })).toThrow(/^token is/);
    expect(() => new ParleyClient({ url: 'https://parley.example.com', key: bad })).toThrow(/^key is/);
  });
});

describe('a handler', () => {
  it('that was added by once is removed by off, and by the function that once returns', () => {
    const events = new Events<{ ring: number }>();
    const heard: number[] = [];
    const handler = (event: number): void => void heard.push(event);
    events.once('ring', handler);
    events.off('ring', handler);
    events.once('ring', handler)();
    events.tell('ring', 1);
    events.once('ring', handler);
    events.tell('ring', 2);
    events.tell('ring', 3);
    expect(heard).toEqual([2]);
  });
});
