// SPDX-License-Identifier: Apache-2.0
// The files of deploy/, as they are in the tarball, against the server and the tools they are for. No container engine
// is needed: what an engine would do with a file is asked of the server itself.

import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { runParley, startParley } from '../src/parley.ts';
import { unpackOnce } from '../src/unpacked.ts';

const SECRETS = { 'systemd/parley.yaml': '/run/credentials/parley.service/', 'docker/parley.yaml': '/run/secrets/' };
const SYSTEMD = 'systemd/parley.yaml';
const DOCKER = 'docker/parley.yaml';

/** What deploy/ has under this name. */
async function deployed(folder: string, name: string): Promise<string> {
  return readFile(join(folder, 'deploy', name), 'utf8');
}

/** A shipped configuration whose files of secrets are there, as text and as file. */
async function configuration(folder: string, name: keyof typeof SECRETS): Promise<{ yaml: string; file: string }> {
  const secrets = await temporaryFolder();
  for (const secret of ['app.secret', 'turn.secret']) {
    await writeFile(join(secrets, secret), randomBytes(32).toString('hex'));
  }
  const yaml = (await deployed(folder, name)).replaceAll(SECRETS[name], `${secrets}/`);
  const file = join(secrets, 'parley.yaml');
  await writeFile(file, yaml);
  return { yaml, file };
}

/** Gone after the test. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The values of a key in a unit of systemd, in order. */
function settings(unit: string, key: string): string[] {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map((match) => match[1]!);
}

/**
 * A server that keeps its state in a folder of its own, as the unit and the image have it, and what it says of that.
 */
async function linesWithStateFolder(folder: string, name: keyof typeof SECRETS): Promise<readonly string[]> {
  const { yaml } = await configuration(folder, name);
  const state = await temporaryFolder();
  const variables = { PARLEY_STATE_FOLDER: state };
  const parley = await startParley({ command: [join(folder, 'parley')], configuration: yaml, variables });
  await stat(join(state, 'continuity.secret'));
  return parley.lines;
}

/** The instructions of a Dockerfile with their arguments, in order. */
function instructions(dockerfile: string): [string, string][] {
  return [...dockerfile.matchAll(/^([A-Z]+) (.*)$/gm)].map((match) => [match[1]!, match[2]!]);
}

const only = (all: readonly [string, string][], wanted: string): string =>
  all.filter(([name]) => name === wanted).at(-1)![1];

/** When a stopping server with this configuration stops waiting at the latest, in seconds. */
async function drainTimeout(file: string): Promise<number> {
  const { exitCode, stdout, stderr } = await runParley('config', 'check', file);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return Number(/^drain: .*timeout: (\d+)s/m.exec(stdout)![1]);
}

/** How the program of this command ends. */
function exitCodeOf(command: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => spawn(command[0]!, command.slice(1), { stdio: 'ignore' }).once('exit', resolve));
}

describe('the service of systemd', () => {
  test('is one systemd finds nothing wrong with', async () => {
    const { folder } = await unpackOnce();
    const unit = join(await temporaryFolder(), 'parley.service');
    await writeFile(unit, (await deployed(folder, 'systemd/parley.service')).replaceAll('/opt/parley', folder));
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });

  test('runs a command line the launcher knows, with a configuration that is right', async () => {
    const { folder } = await unpackOnce();
    const unit = await deployed(folder, 'systemd/parley.service');
    const [command] = settings(unit, 'ExecStart');
    expect(command).toMatch(/^\/opt\/parley\/parley serve --config \/etc\/parley\/parley\.yaml$/);
    const { yaml } = await configuration(folder, SYSTEMD);
    const parley = await startParley({ command: [join(folder, 'parley')], listen: '127.0.0.1:0', configuration: yaml });
    expect((await fetch(`${parley.admin}/health`)).status).toBe(200);
    expect(await parley.end('SIGTERM')).toBe(0);
  });

  test('hands over just the secrets its configuration names', async () => {
    const { folder } = await unpackOnce();
    const unit = await deployed(folder, 'systemd/parley.service');
    const yaml = await deployed(folder, SYSTEMD);
    const loaded = settings(unit, 'LoadCredential').map((value) => value.split(':')[0]!);
    const named = [...yaml.matchAll(/secretFile: \/run\/credentials\/parley\.service\/([\w.]+)/g)].map(
      (match) => match[1]!,
    );
    expect(named.sort()).toEqual(loaded.sort());
    expect(named).toHaveLength(2);
  });

  test('gives the server its own state folder, which its configuration needs, without a warning', async () => {
    const { folder } = await unpackOnce();
    const unit = await deployed(folder, 'systemd/parley.service');
    expect(settings(unit, 'StateDirectory')).toEqual(['parley']);
    expect(settings(unit, 'StateDirectoryMode')).toEqual(['0700']);
    expect(settings(unit, 'Environment')).toEqual(['PARLEY_STATE_FOLDER=%S/parley']);
    expect((await linesWithStateFolder(folder, SYSTEMD)).filter((line) => /WARN|ERROR/.test(line))).toEqual([]);
  });

  test('leaves a stopping server more time than it takes', async () => {
    const { folder } = await unpackOnce();
    const { file } = await configuration(folder, SYSTEMD);
    const [stop] = settings(await deployed(folder, 'systemd/parley.service'), 'TimeoutStopSec');
    expect(parseInt(stop!)).toBeGreaterThan(await drainTimeout(file));
  });
});

describe('the image', () => {
  test('is made of files that are in the tarball and that its build is given', async () => {
    const { folder } = await unpackOnce();
    const all = instructions(await deployed(folder, 'docker/Dockerfile'));
    const sources = all
      .filter(([name, rest]) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(([, rest]) => rest.split(' ').slice(0, -1));
    expect(sources).toContain('parley.jar');
    const given = (await deployed(folder, 'docker/Dockerfile.dockerignore')).split('\n');
    expect(given.filter((line) => line && !line.startsWith('#'))[0]).toBe('*');
    for (const source of sources) {
      await stat(join(folder, source));
      expect(given).toContain(`!${source}`);
    }
  });

  test('has a Java that is new enough, the same to prepare and to run, and a user that is not root', async () => {
    const { folder } = await unpackOnce();
    const all = instructions(await deployed(folder, 'docker/Dockerfile'));
    const bases = all.filter(([name]) => name === 'FROM').map(([, rest]) => rest.replace(/ AS .*/, ''));
    expect(new Set(bases).size).toBe(1);
    expect(Number(/:(\d+)/.exec(bases[0]!)![1])).toBeGreaterThanOrEqual(25);
    expect(parseInt(only(all, 'USER'))).toBeGreaterThan(0);
  });

  test('runs a command line the launcher knows, with a configuration that is right, at the port it names', async () => {
    const { folder } = await unpackOnce();
    const all = instructions(await deployed(folder, 'docker/Dockerfile'));
    expect(JSON.parse(only(all, 'ENTRYPOINT'))).toEqual(['/opt/parley/parley']);
    const [serve, flag, path] = JSON.parse(only(all, 'CMD')) as string[];
    expect([serve, flag, path]).toEqual(['serve', '--config', '/etc/parley/parley.yaml']);
    const { yaml } = await configuration(folder, DOCKER);
    expect(parse(yaml).listen).toBe(`0.0.0.0:${only(all, 'EXPOSE')}`);
    const parley = await startParley({ command: [join(folder, 'parley')], listen: '127.0.0.1:0', configuration: yaml });
    expect(await parley.end('SIGTERM')).toBe(0);
  });

  test('gives the server a folder of state that its user owns and that outlives a container', async () => {
    const { folder } = await unpackOnce();
    const all = instructions(await deployed(folder, 'docker/Dockerfile'));
    const state = only(all, 'VOLUME');
    expect(only(all, 'ENV')).toBe(`PARLEY_STATE_FOLDER=${state}`);
    const [user, group] = only(all, 'USER').split(':');
    expect(all).toContainEqual([
      'RUN',
      JSON.stringify(['install', '-d', '-m', '0700', '-o', user, '-g', group, state]).replaceAll(',', ', '),
    ]);
    expect((await linesWithStateFolder(folder, DOCKER)).filter((line) => /WARN|ERROR/.test(line))).toEqual([]);
  });

  test('says whether its server is healthy or ready, and that it is gone', async () => {
    const { folder } = await unpackOnce();
    const all = instructions(await deployed(folder, 'docker/Dockerfile'));
    const [program, port] = JSON.parse(/CMD (\[.*\])/.exec(only(all, 'HEALTHCHECK'))![1]!) as string[];
    expect(program).toBe('/opt/parley/healthy');
    const { yaml } = await configuration(folder, DOCKER);
    expect(parse(yaml).admin).toBe(`127.0.0.1:${port}`);
    const parley = await startParley({ configuration: yaml, listen: '127.0.0.1:0' });
    const healthy = [join(folder, 'deploy/docker/healthy'), new URL(parley.admin).port];
    expect(await exitCodeOf(healthy)).toBe(0);
    expect(await exitCodeOf([...healthy, '/ready'])).toBe(0);
    expect(await exitCodeOf([...healthy, '/unknown'])).not.toBe(0);
    await parley.end('SIGTERM');
    expect(await exitCodeOf(healthy)).not.toBe(0);
  });
});

describe('the containers of compose', () => {
  test('share files that exist, fit the image and the configuration, and stop later than the server', async () => {
    const { folder } = await unpackOnce();
    const { parley, coturn } = (parse(await deployed(folder, 'docker/compose.yaml')) as Compose).services;
    const { secrets, volumes } = parse(await deployed(folder, 'docker/compose.yaml')) as Compose;
    const all = instructions(await deployed(folder, 'docker/Dockerfile'));
    const at = join(folder, 'deploy/docker');
    await stat(join(at, parley.build!.context, parley.build!.dockerfile));
    await stat(join(at, parley.build!.context, 'parley.jar'));
    const [named, files] = [/^[^.]/, /^[.]/].map((start) =>
      [...parley.volumes, ...coturn.volumes].filter((volume) => start.test(volume)),
    ) as [string[], string[]];
    for (const volume of files) {
      await stat(join(at, volume.split(':')[0]!));
    }
    expect(named).toEqual([`${Object.keys(volumes)[0]}:${only(all, 'VOLUME')}`]);
    expect(parley.ports).toEqual([`${only(all, 'EXPOSE')}:${only(all, 'EXPOSE')}`]);
    expect(parley.volumes.map((volume) => volume.split(':')[1])).toContain(JSON.parse(only(all, 'CMD'))[2]);
    expect(['CMD', ...JSON.parse(/CMD (\[.*\])/.exec(only(all, 'HEALTHCHECK'))![1]!)]).toEqual(
      parley.healthcheck!.test,
    );
    const needed = [...(await deployed(folder, DOCKER)).matchAll(/secretFile: \/run\/secrets\/([\w.]+)/g)].map(
      (match) => match[1]!,
    );
    expect([...parley.secrets].sort()).toEqual(needed.sort());
    expect(Object.keys(secrets).sort()).toEqual(needed.sort());
    expect(parley.secrets).toEqual(expect.arrayContaining(coturn.secrets));
    const { file } = await configuration(folder, DOCKER);
    expect(parseInt(parley.stop_grace_period!)).toBeGreaterThan(await drainTimeout(file));
  });

  test('start coturn with what its image is given', async () => {
    const { folder } = await unpackOnce();
    const { coturn } = (parse(await deployed(folder, 'docker/compose.yaml')) as Compose).services;
    const [program, ...options] = coturn.entrypoint!;
    const mounted = new Map(
      coturn.volumes.map((volume) => volume.split(':').slice(0, 2).reverse() as [string, string]),
    );
    expect((await stat(join(folder, 'deploy/docker', mounted.get(program!)!))).mode & 0o111).toBe(0o111);
    expect(mounted.get(options[0]!)).toBe('../coturn/turnserver.conf');
    expect(dirname(options[1]!)).toBe('/run/secrets');
    expect(coturn.secrets.map((secret) => `/run/secrets/${secret}`)).toEqual([options[1]]);
  });
});

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly entrypoint?: string[];
  readonly healthcheck?: { readonly test: string[] };
  readonly ports: string[];
  readonly secrets: string[];
  readonly stop_grace_period?: string;
  readonly volumes: string[];
}

interface Compose {
  readonly services: { readonly parley: Service; readonly coturn: Service };
  readonly secrets: Record<string, { readonly file: string }>;
  readonly volumes: Record<string, null>;
}
