// SPDX-License-Identifier: Apache-2.0
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWindow } from '../src/chromium.ts';
import { type Outcome, runParley, runParleyIn, startParley } from '../src/parley.ts';

/** A port of 127.0.0.1 that is in use until the test ends. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function expectOneLine(outcome: Outcome, words: string | RegExp): void {
  expect(outcome.exitCode).toBe(2);
  expect(outcome.stderr).toMatch(/^[^\n]+\n$/);
  expect(outcome.stderr).toMatch(words);
}

describe('the command line', () => {
  test.each([
    ['an unknown option', ['serve', '--lissen', '127.0.0.1:0'], '--lissen'],
    ['an unknown command', ['sevre'], 'sevre'],
    ['a bad address', ['serve', '--listen', 'nonsense'], /--listen.*nonsense/],
    ['an invalid port', ['serve', '--listen', '127.0.0.1:70000'], '70000'],
    ['an address others can reach', ['serve', '--listen', '0.0.0.0:0'], '0.0.0.0'],
    ['an admin address others can reach', ['serve', '--listen', '127.0.0.1:0', '--admin', '0.0.0.0:0'], '0.0.0.0'],
  ])('%s is refused in one line, with exit code 2', async (_, options, words) => {
    expectOneLine(await runParley(...options), words);
  });

  test.each(['PARLEY_LISTEN', 'PARLEY_ADMIN'])('a bad %s is refused in one line that names it', async (variable) => {
    expectOneLine(await runParleyIn({ [variable]: 'nonsense' }), new RegExp(`${variable}.*nonsense`));
  });

  test('a flag wins over the environment', async () => {
    const outcome = await runParleyIn({ PARLEY_LISTEN: 'nonsense' }, 'serve', '--listen', '0.0.0.0:0');
    expectOneLine(outcome, '0.0.0.0');
    expect(outcome.stderr).not.toContain('nonsense');
  });

  test('a taken port is refused in one line that names it, with exit code 2', async () => {
    const port = await takenPort();
    expectOneLine(await runParley('serve', '--listen', `127.0.0.1:${port}`, '--admin', '127.0.0.1:0'), String(port));
  });

  test('with a taken admin port it starts, and says where the admin port moved', async () => {
    const port = await takenPort();
    const parley = await startParley({ admin: `127.0.0.1:${port}` });
    const moved = new URL(parley.admin);
    expect(moved.port).not.toBe(String(port));
    const notice = parley.lines.find((line) => line.includes('moved'));
    expect(notice).toContain(String(port));
    expect(notice).toContain(moved.host);
    expect((await fetch(`${parley.admin}/health`)).status).toBe(200);
  });

  test('on SIGTERM it closes its clients with 1001 and ends with exit code 0', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const page = await window.newPage();
    await page.goto(`${parley.page}/health`);
    const closed = await page.evaluateHandle(async (url) => {
      const socket = new WebSocket(url);
      await new Promise((resolve) => (socket.onmessage = resolve));
      return { code: new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code))) };
    }, parley.webSocket);
    expect(await parley.end('SIGTERM')).toBe(0);
    expect(await closed.evaluate(({ code }) => code)).toBe(1001);
  });
});
