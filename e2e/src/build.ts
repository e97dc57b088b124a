// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { launcher } from './parley.ts';

/** Builds the server if it is not, so that no test waits for that. */
export default function setup(): void {
  execFileSync(launcher, ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
