// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: './src/build.ts',
    maxWorkers: 3, // on two cores, as each waits half of its time
    testTimeout: 60_000,
    hookTimeout: 30_000,
    retry: 0,
    reporters: ['verbose'],
  },
});
