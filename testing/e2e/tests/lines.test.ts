// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const home = fileURLToPath(new URL('../../..', import.meta.url));
const WIDTH = 120;
const SOURCES = ['*.java', '*.ts', '*.tsx', '*.mjs', '*.md'];

test(`no line of sources and documents is longer than ${WIDTH} columns`, () => {
  const files = execFileSync('git', ['ls-files', '-z', ...SOURCES], { cwd: home, encoding: 'utf8' }).split('\0');
  const tooLong = files.filter(Boolean).flatMap((file) =>
    readFileSync(`${home}${file}`, 'utf8')
      .split('\n')
      .flatMap((line, index) => ([...line].length > WIDTH ? [`${file}:${index + 1}`] : [])),
  );
  expect(tooLong).toEqual([]);
});
