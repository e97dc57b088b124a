// SPDX-License-Identifier: Apache-2.0
import { mergeConfig } from 'vitest/config';
import tests from './vitest.config.ts';

const config = mergeConfig(tests, {});
config.test.include = ['screenshots/**/*.ts'];
export default config;
