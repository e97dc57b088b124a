// SPDX-License-Identifier: Apache-2.0
// A network with nothing but loopback in it, for programs that must do without any.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const isRoot = process.getuid?.() === 0;

/** The beginning of a command that becomes the program behind it, in a network of its own with loopback only. */
export const offline = [
  'unshare',
  ...(isRoot ? [] : ['--map-root-user']),
  '--net',
  'sh',
  '-c',
  'ip link set lo up && exec "$@"',
  'sh',
];

/** A program that becomes this one, in the network of that process; gone after the test. */
export async function withinNetworkOf(id: number, program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'network-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'program');
  const user = isRoot ? '' : '--user --preserve-credentials ';
  await writeFile(file, `#!/bin/sh\nexec nsenter --target ${id} ${user}--net -- '${program}' "$@"\n`);
  await chmod(file, 0o755);
  return file;
}
