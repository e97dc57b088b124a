// SPDX-License-Identifier: Apache-2.0
// Tests of the package as it is published: `npm run test:package`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['package/**/*.test.ts'],
    globalSetup: 'package/packed.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
