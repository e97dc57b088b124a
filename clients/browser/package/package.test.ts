// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { publint } from 'publint';
import { build } from 'vite';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import webpack from 'webpack';
import { makeProject, run, tool } from './packed.js';

const EXPORTS = ['Call', 'Events', 'ParleyClient', 'ParleyError', 'version'];
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const installed = inject('installed');
const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** The bundles, with a source of each. */
const SOURCES = {
  'index.js': 'client.ts',
  'media.js': 'media/local-media.ts',
  'react.js': 'react/use-call.ts',
  'data.js': 'data/durable-channel.ts',
  'parley.js': 'client.ts',
};

/** Uses values and types of the package, and what it does not have. */
const USE = `
const client = new ParleyClient({ url: 'https://parley.example.com', tokenProvider: () => 'token' });
client.on('state-change', ({ from, to, reason }: StateChange) => console.info(from, to, reason));
const call: Call = new Call(client, { configuration: { iceTransportPolicy: 'relay' } });
call.on('peer-joined', ({ peer }) => peer.on('stream-added', ({ stream }) => console.info(stream.id)));
client.send('bob', { any: [1] }).catch((error: unknown) => error instanceof ParleyError && error.code === 'not_here');
// @ts-expect-error there is no such event
call.on('peer-jioned', () => undefined);
// @ts-expect-error nor may the inside be used
client.tell('state-change');
`;
const IMPORTS = `
import { Call, ParleyClient, ParleyError, type StateChange } from 'parley-client';
import { type DurableChannel, openChannel } from 'parley-client/data';
import { LocalMedia, MediaError } from 'parley-client/media';
export const film = (of: Call): Promise<unknown> =>
  new LocalMedia(of).start('camera').catch((error: unknown) => error instanceof MediaError && error.code === 'in_use');
export async function read(of: Call): Promise<void> {
  of.on('peer-joined', async ({ peer }) => {
    const channel: DurableChannel = openChannel(peer, 'chat', { overServer: true });
    await channel.send(new Uint8Array(3));
    for await (const message of channel) {
      console.info(typeof message === 'string' ? message : message.byteLength);
    }
  });
}
`;
const REACT = `
import { Call, ParleyClient } from 'parley-client';
import { type CallState, useCall, useEvent, useLocalMedia, usePeers, Video } from 'parley-client/react';
const client = new ParleyClient({ url: 'https://parley.example.com', key: 'pk' });
export function Room({ name }: { readonly name: string }) {
  const { call, state, error } = useCall({ client, room: name, configuration: { iceTransportPolicy: 'relay' } });
  const { stream, start } = useLocalMedia(call, ['camera']);
  useEvent(call, 'data', ({ from, data }) => console.info(from, data));
  // @ts-expect-error there is no such event
  useEvent(call, 'dta', () => undefined);
  const shown: CallState = call instanceof Call ? state : 'idle';
  return (
    <div onClick={() => void start('camera')}>
      {shown} {error?.code} <Video stream={stream} muted className="own" />
      {usePeers(call).map((peer) => peer.streams.map(({ stream }) => <Video key={stream.id} stream={stream} />))}
    </div>
  );
}
Object.assign(globalThis, { Room });
`;
const APP = `import * as parley from 'parley-client';
globalThis.found = { names: Object.keys(parley).sort(), version: parley.version };`;
const FOUND = { names: EXPORTS, version };

/** A project with the package, gone after the test. */
async function project(files: Record<string, string>): Promise<string> {
  const folder = await makeProject(installed, files);
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

function typeConfiguration(options: object, ...files: string[]): string {
  const always = { target: 'ES2022', lib: ['ES2022', 'DOM'], strict: true, noEmit: true, types: [] };
  return JSON.stringify({ compilerOptions: { ...always, ...options }, files });
}

/** What the bundled app leaves behind when it runs. */
function runApp(code: string): unknown {
  const page = vm.createContext({});
  vm.runInContext(code, page);
  return vm.runInContext('found', page);
}

describe('the package', () => {
  test('holds the licence, the types and the source maps, whose sources are in them', async () => {
    expect((await readdir(installed)).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    expect(await readFile(join(installed, 'LICENSE'), 'utf8')).toBe(readFileSync(join(repository, 'LICENSE'), 'utf8'));
    for (const [name, source] of Object.entries(SOURCES)) {
      const code = await readFile(join(installed, 'dist', name), 'utf8');
      expect(code.trimEnd().split('\n').at(-1)).toBe(`//# sourceMappingURL=${name}.map`);
      const map = JSON.parse(await readFile(join(installed, 'dist', `${name}.map`), 'utf8')) as {
        sources: string[];
        sourcesContent: string[];
      };
      expect(map.sources).toContain(`../src/${source}`);
      expect(map.sourcesContent.every((text) => text.startsWith('// SPDX-License-Identifier: Apache-2.0'))).toBe(true);
    }
  });

  test('has links that lead into the repository it names, to files that are there', async () => {
    const {
      homepage,
      repository: source,
      bugs,
    } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      homepage: string;
      repository: { url: string; directory: string };
      bugs: { url: string };
    };
    const home = source.url.replace(/^git\+(.*)\.git$/, '$1');
    expect(homepage).toBe(`${home}/tree/main/${source.directory}#readme`);
    expect(bugs.url).toBe(`${home}/issues`);
    const links = [...(await readFile(join(installed, 'README.md'), 'utf8')).matchAll(/\]\(([^)]+)\)/g)].map(
      (match) => match[1]!,
    );
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) {
      expect(link.startsWith(`${home}/blob/main/`), link).toBe(true);
      expect(existsSync(join(repository, link.slice(`${home}/blob/main/`.length))), link).toBe(true);
    }
  });

  test('has nothing that publint finds fault with', async () => {
    const { messages } = await publint({ pkgDir: installed, level: 'suggestion', strict: true, pack: false });
    expect(messages).toEqual([]);
  });

  test('has types that attw finds right for each way to import it as a module', () => {
    // Fails if it finds a fault.
    const report = run(repository, tool('attw'), '--profile', 'esm-only', inject('tarball'));
    expect(report).toContain('"parley-client/parley.js"');
  });
});

describe('a project', () => {
  test('of Vite bundles it, and only what is imported of it', async () => {
    const folder = await project({
      'package.json': '{"private":true,"type":"module"}',
      'index.html': '<!doctype html><script type="module" src="main.ts"></script>',
      'main.ts': APP.replaceAll('globalThis', '(globalThis as any)'),
      'small.html': '<!doctype html><script type="module" src="small.ts"></script>',
      'small.ts':
        "import { ParleyClient } from 'parley-client';\nnew ParleyClient({ url: location.origin, key: 'pk' });",
      'use.ts': IMPORTS + USE,
      'tsconfig.json': typeConfiguration({ module: 'ESNext', moduleResolution: 'bundler' }, 'use.ts'),
    });
    const bundle = async (page: string): Promise<string> => {
      const result = await build({
        root: folder,
        logLevel: 'warn',
        build: { write: false, modulePreload: false, rollupOptions: { input: join(folder, page) } },
      });
      const { output } = result as { output: { type: string; code: string }[] };
      return output.find(({ type }) => type === 'chunk')!.code;
    };
    const whole = await bundle('index.html');
    expect(runApp(whole)).toEqual(FOUND);
    expect(whole).not.toContain('getDisplayMedia');
    expect(await bundle('small.html')).not.toContain('RTCPeerConnection');
    run(folder, tool('tsc'), '-p', folder);
  });

  test('of Vite with React has the hooks with their types, and the code of the client once', async () => {
    const folder = await project({
      'package.json': '{"private":true,"type":"module"}',
      'index.html': '<!doctype html><script type="module" src="main.tsx"></script>',
      'main.tsx': REACT,
      'tsconfig.json': typeConfiguration(
        { module: 'ESNext', moduleResolution: 'bundler', jsx: 'react-jsx' },
        'main.tsx',
      ),
    });
    await mkdir(join(folder, 'node_modules/@types'));
    for (const name of ['react', '@types/react']) {
      await symlink(join(repository, 'clients/browser/node_modules', name), join(folder, 'node_modules', name));
    }
    const { output } = (await build({
      root: folder,
      logLevel: 'warn',
      build: { write: false, modulePreload: false },
    })) as { output: { code: string }[] };
    expect(output[0]!.code.match(/another Call of this client/g)).toHaveLength(1);
    run(folder, tool('tsc'), '-p', folder);
  });

  test('of webpack bundles it', async () => {
    const folder = await project({ 'package.json': '{"private":true}', 'main.js': APP });
    const stats = await new Promise<webpack.Stats>((resolve, reject) => {
      const options: webpack.Configuration = {
        mode: 'production',
        context: folder,
        entry: './main.js',
        output: { path: join(folder, 'out') },
      };
      webpack(options, (error, result) => (error ? reject(error) : resolve(result!)));
    });
    expect(stats.toJson({ all: false, errors: true, warnings: true })).toMatchObject({ errors: [], warnings: [] });
    expect(runApp(await readFile(join(folder, 'out/main.js'), 'utf8'))).toEqual(FOUND);
  });

  test('of plain Node imports it and requires it, with types for both', async () => {
    const print = (found: string): string => `console.log(JSON.stringify(${found}));`;
    const folder = await project({
      'package.json': '{"private":true}',
      'main.mjs': APP + print('found'),
      'main.cjs': `const { ParleyClient, version } = require('parley-client');
${print('[typeof ParleyClient, version]')}`,
      'use.mts': IMPORTS + USE,
      'use.cts': IMPORTS + USE,
      'tsconfig.json': typeConfiguration({ module: 'NodeNext' }, 'use.mts', 'use.cts'),
    });
    expect(JSON.parse(run(folder, process.execPath, 'main.mjs'))).toEqual(FOUND);
    expect(JSON.parse(run(folder, process.execPath, '--no-warnings', 'main.cjs'))).toEqual(['function', version]);
    run(folder, tool('tsc'), '-p', folder);
  });

  test('without modules has it as a script, with types of the global', async () => {
    const reference = '/// <reference types="parley-client/parley.js" />\n';
    const use = USE.replace(/\b(StateChange|Call|ParleyClient|ParleyError)\b/g, 'Parley.$1');
    const folder = await project({
      'package.json': '{"private":true}',
      'script.ts': reference + use,
      'module.ts': `${reference}export const client: Parley.ParleyClient | undefined = undefined;\n{${use}}`,
      'tsconfig.json': typeConfiguration({ module: 'ESNext', moduleResolution: 'bundler' }, 'script.ts', 'module.ts'),
    });
    const file = join(folder, 'node_modules/parley-client/dist/parley.js');
    const page = vm.createContext({});
    vm.runInContext(await readFile(file, 'utf8'), page);
    expect({
      names: vm.runInContext('Object.keys(Parley).sort()', page) as string[],
      version: vm.runInContext('Parley.version', page) as string,
    }).toEqual(FOUND);
    run(folder, tool('tsc'), '-p', folder);
    await writeFile(join(folder, 'wrong.ts'), `${reference}new Parley.ParleyKlient();`);
    expect(() =>
      run(folder, tool('tsc'), '--noEmit', '--module', 'ESNext', '--moduleResolution', 'bundler', 'wrong.ts'),
    ).toThrow('ParleyKlient');
  });
});
