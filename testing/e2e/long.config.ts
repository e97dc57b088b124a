// SPDX-License-Identifier: Apache-2.0
// Tests of minutes, not part of the build: npm run long
import { mergeConfig } from 'vitest/config';
import tests from './vitest.config.ts';

const config = mergeConfig(tests, {});
config.test.include = ['long/**/*.test.ts'];
export default config;
