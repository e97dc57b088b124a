// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: './src/build.ts',
    maxWorkers: 2, // a call already keeps one processor busy
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    reporters: ['verbose'],
  },
});
