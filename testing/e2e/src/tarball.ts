// SPDX-License-Identifier: Apache-2.0
// The tarball, as it is built.

import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launcher } from './parley.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What a program prints that is run at the root of the sources. */
export function run(program: string, ...options: string[]): string {
  return execFileSync(program, options, { encoding: 'utf8', cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}

let known: string | undefined;

export function version(): string {
  return (known ??= run(launcher, '--version').trim().replace('parley ', ''));
}

export const tarballOf = (version: string): string => join(root, 'target', `parley-${version}.tar.gz`);

/** Makes the tarball if it is missing, or older than a file it holds. */
export function buildTarball(): void {
  const tarball = tarballOf(version());
  const parts = ['server/target/parley/built', 'packaging/tarball/pom.xml', 'packaging/tarball/tarball.xml'].concat([
    'parley',
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'docs',
    'deploy',
    'examples',
  ]);
  if (!existsSync(tarball) || run('find', ...parts, '-newer', tarball, '-print', '-quit')) {
    run(
      'mvn',
      '-B',
      '-q',
      '-pl',
      'packaging/tarball',
      '-am',
      'package',
      '-Dmaven.test.skip=true',
      '-Dspotless.check.skip=true',
    );
    utimesSync(tarball, new Date(), new Date()); // Maven leaves one alone that would be the same
  }
}

/** What `tar` says of each file: kind and rights, owner, size, time and name. */
export function listTarball(): string[] {
  return run('tar', '--list', '--verbose', '--gzip', '--utc', '--full-time', `--file=${tarballOf(version())}`)
    .trimEnd()
    .split('\n');
}

export async function readSbom(
  folder: string,
): Promise<{ components: { name: string; version: string; purl: string }[] }> {
  return JSON.parse(await readFile(join(folder, 'sbom.json'), 'utf8'));
}
