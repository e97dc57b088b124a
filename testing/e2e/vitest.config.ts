// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';
import { TEST_MS, WAIT_MS } from './src/patience.ts';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: './src/build.ts',
    maxWorkers: 3, // on two cores, as each waits half of its time
    testTimeout: TEST_MS,
    hookTimeout: WAIT_MS,
    expect: { poll: { timeout: WAIT_MS } },
    retry: 0,
    reporters: ['verbose'],
  },
});
