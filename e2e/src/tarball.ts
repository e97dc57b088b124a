// SPDX-License-Identifier: Apache-2.0
// The tarball as a stranger has it: unpacked into an empty folder.

import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { launcher } from './parley.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(program: string, ...options: string[]): string {
  return execFileSync(program, options, { encoding: 'utf8', cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}

function version(): string {
  return run(launcher, '--version').trim().replace('parley ', '');
}

const tarballOf = (version: string): string => join(root, 'target', `parley-${version}.tar.gz`);

/** Makes the tarball if there is none, or what goes into it is newer. */
export function buildTarball(): void {
  const tarball = tarballOf(version());
  const parts = ['server/target/parley/built', 'distribution/pom.xml', 'distribution/tarball.xml']
    .concat(['parley', 'LICENSE', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs', 'deploy', 'examples']);
  if (!existsSync(tarball) || run('find', ...parts, '-newer', tarball, '-print', '-quit')) {
    run('mvn', '-B', '-q', '-pl', 'distribution', '-am', 'package', '-Dmaven.test.skip=true', '-Dspotless.check.skip=true');
  }
}

/** What `tar` says of each file: kind and rights, owner, size, time and name. */
export function listTarball(): string[] {
  return run('tar', '--list', '--verbose', '--gzip', '--utc', '--full-time', `--file=${tarballOf(version())}`).trimEnd().split('\n');
}

export async function readSbom(folder: string): Promise<{ components: { name: string; version: string; purl: string }[] }> {
  return JSON.parse(await readFile(join(folder, 'sbom.json'), 'utf8'));
}

export interface Unpacked {
  /** Where the launcher is. */
  readonly folder: string;
  /** The beginning of a command that has an environment of no variables but these: PATH with no more than it needs, HOME. */
  readonly bare: readonly string[];
}

/** The tarball in an empty folder that anybody may read, gone after the test. */
export async function unpack(): Promise<Unpacked> {
  const empty = await mkdtemp(join(tmpdir(), 'unpacked-'));
  onTestFinished(() => rm(empty, { recursive: true }));
  await chmod(empty, 0o755);
  run('tar', '--extract', '--gzip', '--no-same-owner', `--file=${tarballOf(version())}`, `--directory=${empty}`);
  const [home, path] = [join(empty, 'home'), join(empty, 'path')];
  await Promise.all([home, path].map((folder) => mkdir(folder)));
  const which = (program: string): string => run('sh', '-c', `command -v ${program} || true`).trim();
  for (const program of ['bash', 'readlink', 'mv', 'rm', 'java']) {
    if (which(program)) {
      await symlink(realpathSync(which(program)), join(path, program));
    }
  }
  const javaHome = process.env['JAVA_HOME'];
  const bare = ['env', '-i', `PATH=${path}`, `HOME=${home}`, ...(javaHome ? [`JAVA_HOME=${javaHome}`] : [])];
  return { folder: join(empty, `parley-${version()}`), bare };
}
