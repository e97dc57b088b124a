// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { version } from '../src/index.js';

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

test('the client, its package and the server have one version', () => {
  expect((JSON.parse(read('../package.json')) as { version: string }).version).toBe(version);
  expect(/<version>([^<]*)<\/version>/.exec(read('../pom.xml').slice(read('../pom.xml').indexOf('<parent>')))![1]).toBe(
    version,
  );
});
