// SPDX-License-Identifier: Apache-2.0
// The package as `npm pack` makes it of a clean checkout, and projects that have it installed.

import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const client = fileURLToPath(new URL('..', import.meta.url));
const NOT_CHECKED_OUT = ['dist', 'node_modules', 'LICENSE'];

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that `npm pack` made. */
    readonly tarball: string;
    /** Where npm installed it. */
    readonly installed: string;
  }
}

/** Runs a program to its end and returns what it prints. Throws an error with its output if it fails. */
export function run(folder: string, program: string, ...options: string[]): string {
  try {
    return execFileSync(program, options, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${options.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** A program that is installed here for development. */
export const tool = (name: string): string => join(client, 'node_modules/.bin', name);

/**
 * Packs a copy of the sources without what a build leaves behind; the programs of the build are those installed here.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const checkout = await mkdtemp(join(tmpdir(), 'parley-client-'));
  const copy = join(checkout, 'clients', basename(client));
  await cp(client, copy, {
    recursive: true,
    filter: (source) => !NOT_CHECKED_OUT.some((name) => source === join(client, name)),
  });
  await cp(join(client, '../../LICENSE'), join(checkout, 'LICENSE'));
  await symlink(join(client, 'node_modules'), join(copy, 'node_modules'));
  const name = run(copy, 'npm', 'pack', '--silent').trimEnd().split('\n').at(-1)!; // behind what the build prints
  await mkdir(join(checkout, 'project'));
  await writeFile(join(checkout, 'project/package.json'), '{"private":true}');
  run(
    join(checkout, 'project'),
    'npm',
    'install',
    '--silent',
    '--offline',
    '--no-audit',
    '--no-fund',
    join(copy, name),
  );
  project.provide('tarball', join(copy, name));
  project.provide('installed', join(checkout, 'project/node_modules/parley-client'));
  return () => rm(checkout, { recursive: true });
}

/** A new folder with these files and the package that is installed elsewhere; it has no dependencies. */
export async function makeProject(installed: string, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-project-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await cp(installed, join(folder, 'node_modules/parley-client'), { recursive: true });
  return folder;
}
