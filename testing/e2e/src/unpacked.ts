// SPDX-License-Identifier: Apache-2.0
// The tarball as a stranger has it: unpacked into an empty folder.

import { realpathSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { run, tarballOf, version } from './tarball.ts';

export interface Unpacked {
  /** Where the launcher is. */
  readonly folder: string;
  /**
   * The beginning of a command that has an environment of no variables but these: PATH with no more than it needs,
   * HOME.
   */
  readonly bare: readonly string[];
}

/** The tarball in an empty folder that anybody may read, gone after the test. */
export async function unpack(): Promise<Unpacked> {
  const empty = await emptyFolder();
  onTestFinished(() => rm(empty, { recursive: true }));
  return unpackInto(empty);
}

let shared: { readonly empty: string; readonly unpacked: Promise<Unpacked> } | undefined;

/** The same for all tests of the file that leave it as it is, but for the start-up cache; removed after them. */
export async function unpackOnce(): Promise<Unpacked> {
  if (!shared) {
    const empty = await emptyFolder();
    shared = { empty, unpacked: unpackInto(empty) };
  }
  return shared.unpacked;
}

afterAll(async () => {
  if (shared) {
    await rm(shared.empty, { recursive: true });
  }
});

async function emptyFolder(): Promise<string> {
  const empty = await mkdtemp(join(tmpdir(), 'unpacked-'));
  await chmod(empty, 0o755);
  return empty;
}

async function unpackInto(empty: string): Promise<Unpacked> {
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
