// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { launcher } from './parley.ts';
import { buildTarball } from './tarball.ts';

/** Builds the server and its tarball if they are not, so that no test waits for that. */
export default function setup(): void {
  execFileSync(launcher, ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
  buildTarball();
}
