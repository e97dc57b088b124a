// SPDX-License-Identifier: Apache-2.0
// build/prerequisites with an apt-get that only notes how it is called, where no program is installed but these few.

import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { run } from '../src/tarball.ts';

const script = fileURLToPath(new URL('../../../build/prerequisites', import.meta.url));
const BASICS = ['bash', 'cat', 'chmod', 'mktemp', 'rm', 'sleep', 'true', 'unshare', 'node', 'npm'];
const TOOLS = ['openssl', 'ip', 'nsenter', 'turnserver', 'systemd-analyze'];
const PACKAGES =
  'haproxy nginx redis-server openssl iproute2 util-linux coturn systemd chromium-headless-shell firefox-esr';
const BROWSER = [...TOOLS, 'chromium', 'firefox-esr'];
const PROXIES = ['haproxy', 'nginx'];
const REDIS = ['redis-server'];
const SERVERS = [...PROXIES, ...REDIS];
const ALL_MODULES = projects('parley', 'parley-server', 'parley-client', 'parley-e2e');
const SERVER_ALONE = projects('parley', 'parley-server');
const VERIFY = ['--maven', 'goals=[verify]', ALL_MODULES];

/** The modules of a run of Maven, in its own words. */
function projects(...names: string[]): string {
  return `projects=[${names.map((name) => `MavenProject: dev.parley:${name}:0.1.0 @ /${name}/pom.xml`).join(', ')}]`;
}

/** Notes its arguments, and installs what it is asked for as empty programs. */
const APT_GET = `#!/bin/bash
folder=\${0%/*}
echo "$*" >>"$folder/calls"
[[ "$*" != *" update" ]] || exit 0
for package in "$@"; do
  case $package in
    haproxy | nginx | redis-server | openssl) programs=$package ;;
    iproute2) programs=ip ;;
    util-linux) programs=nsenter ;;
    coturn) programs=turnserver ;;
    systemd) programs=systemd-analyze ;;
    chromium* | firefox*) programs=$package ;;
    *) programs= ;;
  esac
  set -o noclobber
  for program in $programs; do printf '#!/bin/sh\\n' >"$folder/$program" && chmod +x "$folder/$program"; done
done
`;

/** The only folder of programs. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const program of BASICS) {
    // No link: what writes to it must not reach the system's own file.
    await addProgram(program, `#!/bin/sh\nexec ${run('sh', '-c', `which ${program}`).trim()} "$@"\n`);
  }
});

async function addProgram(name: string, text = '#!/bin/sh\n'): Promise<void> {
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), 0o755);
}

interface Result {
  readonly status: number | null;
  readonly stderr: string;
}

/** Runs the script as root of a namespace, where the system's own folder for administrators' programs is empty. */
function runScript(parameters: readonly string[], environment: readonly string[] = []): Result {
  const within = ['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs none /usr/sbin && exec "$@"', 'sh'];
  const bare = ['env', '-i', `PATH=${folder}`, ...environment];
  const { status, stderr } = spawnSync('unshare', [...within, ...bare, script, ...parameters], { encoding: 'utf8' });
  return { status, stderr };
}

async function calls(): Promise<string[]> {
  return (await readFile(join(folder, 'calls'), 'utf8')).trimEnd().split('\n');
}

describe('build/prerequisites', () => {
  test('installs everything that is missing with one call, which waits for the lock of dpkg', async () => {
    await addProgram('apt-get', APT_GET);
    expect(runScript([...VERIFY, 'properties={}'])).toEqual({ status: 0, stderr: '' });
    const options = '-o DPkg::Lock::Timeout=300 -q -y --no-install-recommends';
    expect(await calls()).toEqual([`${options} update`, `${options} install ${PACKAGES}`]);
    await rm(join(folder, 'calls'));
    expect(runScript([...VERIFY, 'properties={}'])).toEqual({ status: 0, stderr: '' });
    await expect(calls()).rejects.toThrow('ENOENT'); // nothing was missing
  });

  test('waits for the lock of the lists, which apt-get does not', async () => {
    const held = `#!/bin/bash\nif [[ ! -e \${0%/*}/held && "$*" == *update ]]; then\n  : >\${0%/*}/held\n`;
    await addProgram(
      'apt-get',
      `${held}  echo 'E: Could not get lock /var/lib/apt/lists/lock.'\n  exit 100\nfi\n${APT_GET}`,
    );
    expect(runScript(['proxies'])).toEqual({ status: 0, stderr: '' });
  });

  test('lists everything that is missing, and how to leave it out, where it cannot install', () => {
    const { status, stderr } = runScript([...VERIFY, 'properties={}']);
    expect(status).toBe(1);
    const options = ['-Dskip.proxies', '-Dskip.redis', '-Dskip.browser'];
    for (const name of [...SERVERS, ...TOOLS, 'Chromium', 'Firefox', ...options]) {
      expect(stderr).toContain(name);
    }
    expect(stderr).toContain(`apt-get install ${PACKAGES}`);
  });

  test('says what apt-get said where that fails', async () => {
    await addProgram('apt-get', '#!/bin/bash\necho "E: no space left"\nexit 100\n');
    expect(runScript(['proxies'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/E: no space left\n.*haproxy nginx/),
    });
  });

  test('installs nothing with --check', async () => {
    await addProgram('apt-get', APT_GET);
    expect(runScript(['--check', 'proxies'])).toMatchObject({ status: 1, stderr: expect.stringContaining('haproxy') });
    await expect(calls()).rejects.toThrow('ENOENT');
  });

  test.each([
    ['CHROMIUM', 'firefox-esr'],
    ['FIREFOX', 'chromium'],
  ])('asks for no such browser where %s names one, and for that one', async (variable, other) => {
    for (const program of [...TOOLS, other]) {
      await addProgram(program);
    }
    expect(runScript(['browser'], [`${variable}=${folder}/bash`])).toEqual({ status: 0, stderr: '' });
    expect(runScript(['browser'], [`${variable}=/nowhere/browser`])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('/nowhere/browser'),
    });
  });

  test('installs the browsers that a distribution has where it has no others', async () => {
    await addProgram('apt-get', APT_GET);
    await addProgram('apt-cache', '#!/bin/sh\n[ "$2" != chromium-headless-shell ] && [ "$2" != firefox-esr ]\n');
    expect(runScript(['browser'])).toEqual({ status: 0, stderr: '' });
    expect((await calls())[1]).toMatch(/ chromium firefox$/);
  });

  test('asks for a Node that is new enough', async () => {
    await rm(join(folder, 'node'));
    await addProgram('node', '#!/bin/sh\necho v18.19.0\n');
    expect(runScript(['node'])).toMatchObject({ status: 1, stderr: expect.stringContaining('found: Node v18.19.0') });
  });

  test.each([
    ['a part that is left out', [...VERIFY, 'properties={skip.browser=true}'], SERVERS],
    [
      'a part that is left out without a value',
      [...VERIFY, 'properties={a=b, skip.proxies=, c=d}'],
      [...BROWSER, ...REDIS],
    ],
    ['a module that is not built', ['--maven', 'goals=[clean, verify]', SERVER_ALONE, 'properties={}'], SERVERS],
    ['a phase that is not reached', ['--maven', 'goals=[package]', ALL_MODULES, 'properties={}'], SERVERS],
  ])('does not ask for what belongs to %s', async (_, parameters, programs) => {
    for (const program of programs) {
      await addProgram(program);
    }
    expect(runScript(parameters)).toEqual({ status: 0, stderr: '' });
    await rm(join(folder, programs[0]!));
    expect(runScript(parameters).status).toBe(1);
  });

  test.each([
    ['that compiles only', ['--maven', 'goals=[compile]', ALL_MODULES, 'properties={}']],
    ['of ./parley', ['--maven', 'goals=[package]', SERVER_ALONE, 'properties={maven.test.skip=true, a=b}']],
    ['without tests', ['--maven', 'goals=[package]', ALL_MODULES, 'properties={skipTests=true}']],
    ['of one test class', ['--maven', 'goals=[test]', SERVER_ALONE, 'properties={test=MinimalTest}']],
  ])('asks for nothing in a run of Maven %s', (_, parameters) => {
    expect(runScript(parameters)).toEqual({ status: 0, stderr: '' });
  });
});
