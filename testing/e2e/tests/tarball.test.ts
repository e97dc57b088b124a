// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { callInTwoTabs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { areInGroup } from '../src/group.ts';
import { offline } from '../src/namespace.ts';
import { startParley } from '../src/parley.ts';
import { listTarball, readSbom } from '../src/tarball.ts';
import { unpack, unpackOnce } from '../src/unpacked.ts';

const caches = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith('.aot'));

async function run(command: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const process = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(process.stdout),
    text(process.stderr),
    once(process, 'exit') as Promise<[number]>,
  ]);
  return { exitCode, stdout, stderr };
}

describe('the tarball', () => {
  test('unpacked anywhere, with no network and only a JDK, serves a call in two tabs and exits with 0', async () => {
    const { folder, bare } = await unpack();
    const parley = await startParley({ command: [...offline, ...bare, join(folder, 'parley')] });
    await expect(fetch(`${parley.page}/health`), 'it is in another network').rejects.toThrow();
    const window = await openWindow({ inNetworkOf: parley.id });
    for (const server of [parley.page, parley.admin]) {
      const page = await window.newPage();
      await page.goto(`${server}/health`);
      expect(await page.locator('body').innerText()).toBe('{"status":"ok"}');
      await page.close();
    }
    window.complaints.splice(0); // of an icon that browsers ask for
    await areInGroup(await callInTwoTabs(window, parley.page));
    expect(window.complaints).toEqual([]);
    expect(await parley.end('SIGTERM')).toBe(0);
  });

  test('prepares faster starts once, for the JDK it runs on', async () => {
    const { folder, bare } = await unpack();
    expect(await caches(folder)).toEqual([]);
    const first = await run([...bare, join(folder, 'parley'), '--version']);
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^parley \d/) });
    expect(first.stderr).toMatch(/^parley: preparing faster starts[^\n]*\n$/);
    const [cache, ...others] = await caches(folder);
    expect(others).toEqual([]);
    const second = await run([...bare, 'JAVA_OPTS=-Xlog:aot=info', join(folder, 'parley'), '--version']);
    expect(second.stderr).toBe('');
    expect(second.stdout).toMatch(new RegExp(`Opened AOT cache .*${cache!.replaceAll('.', '\\.')}`));
    expect(second.stdout).toMatch(/Using AOT-linked classes: true/);
  });

  test('goes without that where it may not write', async () => {
    const { folder, bare } = await unpack();
    const whoMayNot = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const readOnly = await run(['chmod', 'a-w', folder]);
    expect(readOnly.exitCode).toBe(0);
    const outcome = await run([...whoMayNot, ...bare, join(folder, 'parley'), '--version']);
    await run(['chmod', 'u+w', folder]);
    expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^parley \d/), stderr: '' });
    expect(await caches(folder)).toEqual([]);
  });

  test('holds what the documentation says, and nothing of the machine that made it', () => {
    const entries = listTarball();
    const names = entries.map((entry) =>
      entry
        .split(' ')
        .at(-1)!
        .replace(/^parley-[^/]+\//, ''),
    );
    for (const name of ['parley', 'parley.jar', 'jvm.options', 'sbom.json', 'LICENSE', 'README.md', 'CHANGELOG.md']) {
      expect(names).toContain(name);
    }
    for (const name of [
      'docs/configuration.md',
      'docs/operations.md',
      'deploy/systemd/parley.service',
      'deploy/systemd/parley.yaml',
      'deploy/docker/Dockerfile',
      'deploy/docker/compose.yaml',
      'deploy/coturn/turnserver.conf',
    ]) {
      expect(names).toContain(name);
    }
    expect(names.filter((name) => name.endsWith('.aot'))).toEqual([]);
    const stamp = / (\S+\/\S+) +\d+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) /;
    expect([...new Set(entries.map((entry) => stamp.exec(entry)!.slice(1).join(' ')))]).toEqual([
      'root/root 2026-01-01 00:00:00',
    ]);
    const rights = (name: string): string => entries[names.indexOf(name)]!.split(' ')[0]!;
    for (const program of ['parley', 'deploy/coturn/start', 'deploy/docker/healthy']) {
      expect(rights(program)).toBe('-rwxr-xr-x');
    }
    expect(rights('parley.jar')).toBe('-rw-r--r--');
  });

  test('lists every library that is in it and no other, with its version', async () => {
    const { folder } = await unpackOnce();
    const folders = ['lib', 'lib/bench'].map((it) => readdir(join(folder, it)));
    const others = ['native', 'bench', 'parley-load.jar'];
    const libraries = (await Promise.all(folders)).flat().filter((name) => !others.includes(name));
    const { components } = await readSbom(folder);
    const listed = components
      .filter(({ name }) => !['parley-server', 'parley-load'].includes(name))
      .map(({ name, version, purl }) => {
        const classifier = /classifier=([^&]+)/.exec(purl)?.[1];
        return `${name}-${version}${classifier ? `-${classifier}` : ''}.jar`;
      });
    expect(listed.sort()).toEqual(libraries.sort());
  });

  test('has the native parts of those libraries at hand, so that no start unpacks them', async () => {
    const { folder } = await unpackOnce();
    const machines = ['x86_64', 'aarch_64'];
    const names = machines.flatMap((it) => [
      `libnetty_transport_native_epoll_${it}.so`,
      `libnetty_tcnative_linux_${it}.so`,
    ]);
    expect((await readdir(join(folder, 'lib', 'native'))).sort()).toEqual(names.sort());
    const parley = await startParley({ command: [join(folder, 'parley')] });
    const maps = await readFile(`/proc/${parley.id}/maps`, 'utf8');
    expect(maps).toContain(join(folder, 'lib', 'native', 'libnetty_transport_native_epoll_'));
    expect(await parley.end('SIGTERM')).toBe(0);
  });

  test('every link in its documents leads to a file that is in it', async () => {
    const { folder } = await unpackOnce();
    const documents = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.md'));
    const files = new Set(await readdir(folder, { recursive: true }));
    const broken: string[] = [];
    for (const document of documents) {
      for (const [, target] of (await readFile(join(folder, document), 'utf8')).matchAll(
        /\]\(([^)#:]+)(?:#[^)]*)?\)/g,
      )) {
        if (!files.has(join(document, '..', target!))) {
          broken.push(`${document}: ${target}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });
});
