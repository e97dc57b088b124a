// SPDX-License-Identifier: Apache-2.0
// Packs the package, installs it elsewhere, and uses it in each of the ways it is made for: as a module, as a script, with types.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = fileURLToPath(new URL('.', import.meta.url));
const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'parley-client-'));
const run = (folder, program, ...options) => execFileSync(program, options, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const USE = `
import { Call, ParleyClient, ParleyError, type Room, type StateChange } from 'parley-client';
const client = new ParleyClient({ url: 'https://parley.example.com', tokenProvider: () => 'token' });
client.on('state-change', ({ from, to, reason }: StateChange) => console.info(from, to, reason));
const room: Room = await client.join('room', { includeSenderMetadata: true });
room.on('peer-joined', ({ peer }) => console.info(peer.id.length, peer.metadata?.['name']));
const call = new Call(client, { configuration: { iceTransportPolicy: 'relay' } });
call.on('peer-joined', ({ peer }) => peer.on('stream-added', ({ stream }) => console.info(stream.id)));
await client.send('bob', { any: ['thing'] }).catch((error: unknown) => error instanceof ParleyError && error.code === 'peer_not_found');
// @ts-expect-error there is no such event
call.on('peer-jioned', () => undefined);
// @ts-expect-error nor may the inside be used
client.tell('state-change');
`;

const CONFIGURATION = {
  compilerOptions: { module: 'NodeNext', target: 'ES2022', lib: ['ES2022', 'DOM'], strict: true, noEmit: true, types: [] },
  include: ['use.ts'],
};

try {
  run(here, process.execPath, 'build.mjs', '--package');
  const tarball = run(here, 'npm', 'pack', '--silent', '--pack-destination', elsewhere).trim();
  writeFileSync(path.join(elsewhere, 'package.json'), '{"type":"module","private":true}');
  run(elsewhere, 'npm', 'install', '--silent', '--offline', '--no-audit', '--no-fund', `./${tarball}`);

  const names = 'Object.keys(await import("parley-client")).sort().join()';
  const asModule = run(elsewhere, process.execPath, '--input-type=module', '-e', `console.log(${names})`).trim();
  const page = vm.createContext({});
  vm.runInContext(readFileSync(path.join(elsewhere, 'node_modules/parley-client/dist/parley.js'), 'utf8'), page);
  const asScript = vm.runInContext('Object.keys(Parley).sort().join()', page);
  for (const found of [asModule, asScript]) {
    if (found !== 'Call,Events,ParleyClient,ParleyError,version') throw new Error(`the package brings ${found}`);
  }

  writeFileSync(path.join(elsewhere, 'use.ts'), USE);
  writeFileSync(path.join(elsewhere, 'tsconfig.json'), JSON.stringify(CONFIGURATION));
  run(elsewhere, path.join(here, 'node_modules/.bin/tsc'), '-p', elsewhere);
  console.log('client: the package works as a module, as a script and with types');
} catch (error) {
  console.error(`client: ${error.stdout ?? ''}${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(elsewhere, { recursive: true, force: true });
}
