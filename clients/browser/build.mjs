// SPDX-License-Identifier: Apache-2.0
// Builds the package: ES modules, a script for pages without modules, types and source maps. A server serves the script
// as /parley.js, and the media helpers and the channels as the modules /parley-media.js and /parley-data.js; all are
// committed, so that nobody needs Node to start one.
//
//   node build.mjs            builds all
//   node build.mjs --package  builds the package alone, as `npm pack` does
//   node build.mjs --check    fails if a committed file differs from its sources, or anything is too large

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';
import { globalTypes } from './global-types.mjs';

const BROWSERS = ['chrome90', 'firefox113', 'safari15'];

/** All of these browsers have `?.`. Chrome 90 fails only where it is followed by arguments that are spread. */
const SUPPORTED = { 'optional-chain': true };
const FAILS_IN_CHROME_90 = /\?\.[^;{}]*?\(\.\.\./;

/**
 * Properties that the core of the package alone uses: they get short names, which makes it some 250 bytes smaller. None
 * is that of a browser's object, of a message to others, or of an option, and no other entry point uses them.
 */
const INTERNAL = [
  ...['acknowledged', 'allow', 'attach', 'begin', 'calls', 'canAdd', 'canBeNew', 'claim', 'climb'],
  ...[
    'detach',
    'enter',
    'fail',
    'forget',
    'hasContinuity',
    'hasRoster',
    'heard',
    'hurry',
    'identify',
    'instance',
    'instances',
  ],
  ...['isAgreed', 'isHeld', 'isOfRoom', 'isOwed', 'isOwn', 'isReachable', 'isSaid', 'isWaitedFor', 'mayReset'],
  ...['missed', 'nextId', 'notify', 'onChange', 'onChannel', 'onEnd', 'onError', 'onFault', 'onForeign', 'onFrame'],
  ...['onGoingAway', 'onLoss', 'onOffer', 'onSession', 'onState', 'onTrack', 'onTrackEnd', 'otherOrigin', 'outgoing'],
  ...['prepare', 'reachable', 'receive', 'redial', 'release', 'renew', 'repeat', 'sendLabels', 'sentId', 'share'],
  ...['stopSending', 'takeAnswer', 'takeConnection', 'unheard', 'unsaid', 'unsure', 'update', 'useIceServers'],
  ...['ask', 'hear', 'make', 'order', 'say', 'watch', 'write'],
];
const CORE = { mangleProps: new RegExp(`^(${INTERNAL.join('|')})$`) };
const SERVED = '../../server/src/main/resources/dev/parley/client';
const LICENCE = '// SPDX-License-Identifier: Apache-2.0';

/** Bytes, gzipped. */
const MOST = { signaling: 6_500, withCalls: 13_000, media: 3_000, react: 2_000, data: 3_700 };

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Entry points that import other ones, so that their classes exist once in an application. */
const BESIDE = { '../index.js': './index.js', '../media/index.js': './media.js' };
const besideOthers = {
  name: 'beside-others',
  setup: (build) =>
    build.onResolve({ filter: /^\.\.\/(media\/)?index\.js$/ }, ({ path }) => ({ path: BESIDE[path], external: true })),
};

/** Entry points for pages that have loaded the script: they use the classes of its global. */
const NEEDS_SCRIPT = 'parley-data.js needs parley.js: load it before, by <script src=".../parley.js"></script>';
const besideScript = {
  name: 'beside-script',
  setup: (build) => {
    build.onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({ path: 'script', namespace: 'beside-script' }));
    build.onLoad({ filter: /.*/, namespace: 'beside-script' }, () => ({
      contents: `const { Parley } = globalThis;
        if (!Parley) throw new Error(${JSON.stringify(NEEDS_SCRIPT)});
        export const { Events, ParleyError } = Parley;`,
    }));
  },
};

/** The text of the bundle, and of its source map if there is one. */
async function bundle(options) {
  const { outputFiles } = await build({
    bundle: true,
    target: BROWSERS,
    supported: SUPPORTED,
    write: false,
    logLevel: 'warning',
    absWorkingDir: here('.'),
    ...options,
  });
  const [map] = outputFiles.filter(({ path }) => path.endsWith('.map'));
  return { text: outputFiles.find((file) => file !== map).text, map: map?.text };
}

/** The text of a bundle that is minified, for its size by two tools, as the second one finds more to leave out. */
async function smallBundle(options) {
  const { text } = await bundle({ ...options, minify: true });
  const { code } = await minify(text, {
    module: options.format === 'esm',
    ecma: 2020,
    compress: { passes: 3, keep_fargs: false, pure_getters: true, unsafe_arrows: true, unsafe_methods: true },
    format: { comments: /SPDX/ },
  });
  return `${code}\n`;
}

/** Writes a bundle to `dist/`, with a link to its source map, which holds the sources. */
async function writeBundle(name, options) {
  const { text, map } = await bundle({ ...options, sourcemap: 'linked', outfile: here(`dist/${name}`) });
  writeFileSync(here(`dist/${name}`), text);
  writeFileSync(here(`dist/${name}.map`), map);
}

/** Returns whether the committed file has this text. */
function isServed(name, text) {
  const file = here(`${SERVED}/${name}`);
  return existsSync(file) && readFileSync(file, 'utf8') === text;
}

async function gzipped(imports, from = './src/index.ts', options = {}) {
  const contents = `import { ${imports} } from '${from}'; globalThis.kept = [${imports}];`;
  const text = await smallBundle({ stdin: { contents, resolveDir: here('.') }, format: 'esm', ...options });
  return gzipSync(text, { level: 9 }).length;
}

const ESM = { format: 'esm', banner: { js: LICENCE } };
const MODULE = { ...ESM, ...CORE, entryPoints: ['src/index.ts'] };
const MEDIA = { ...ESM, entryPoints: ['src/media/index.ts'] };
const REACT = { ...ESM, entryPoints: ['src/react/index.ts'], external: ['react'], plugins: [besideOthers] };
const DATA = { ...ESM, entryPoints: ['src/data/index.ts'], plugins: [besideOthers] };
const SCRIPT = {
  ...CORE,
  entryPoints: ['src/index.ts'],
  format: 'iife',
  globalName: 'Parley',
  banner: { js: LICENCE },
};

/** Builds the package into `dist/`. */
async function buildPackage() {
  rmSync(here('dist'), { recursive: true, force: true });
  const { status } = spawnSync(here('node_modules/.bin/tsc'), ['-p', here('.')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  await writeBundle('index.js', MODULE);
  await writeBundle('media.js', MEDIA);
  await writeBundle('react.js', REACT);
  await writeBundle('data.js', DATA);
  await writeBundle('parley.js', { ...SCRIPT, minify: true });
  writeFileSync(here('dist/parley.d.ts'), `${LICENCE}\n${globalTypes(here('dist/index.d.ts'))}`);
  copyFileSync(here('../../LICENSE'), here('LICENSE'));
}

/** Returns what a server serves, by file name. */
async function buildServed() {
  return {
    'parley.js': await smallBundle(SCRIPT),
    'parley-media.js': await smallBundle(MEDIA),
    'parley-data.js': await smallBundle({ ...DATA, plugins: [besideScript] }),
  };
}

/** Returns what is wrong with the sizes, and prints them. */
async function sizeFaults() {
  const sizes = {
    signaling: await gzipped('ParleyClient', './src/index.ts', CORE),
    withCalls: await gzipped('ParleyClient, Call', './src/index.ts', CORE),
    media: await gzipped('LocalMedia, Playback, CallStatistics', './src/media/index.ts'),
    data: await gzipped('openChannel', './src/data/index.ts', { plugins: [besideOthers] }),
    react: await gzipped('useCall, usePeers, useLocalMedia, useEvent, Video', './src/react/index.ts', {
      external: ['react'],
      plugins: [besideOthers],
    }),
  };
  console.log(
    `gzipped: ${sizes.signaling} bytes for signaling, ${sizes.withCalls} with calls, ${sizes.media} for media, ` +
      `${sizes.react} for React, ${sizes.data} for data`,
  );
  return Object.keys(MOST)
    .filter((name) => sizes[name] > MOST[name])
    .map((name) => `${name}: ${sizes[name]} bytes gzipped, at most ${MOST[name]}`);
}

/** Returns what is wrong with the script. */
function browserFaults(script) {
  const [failing] = script.match(FAILS_IN_CHROME_90) ?? [];
  return failing === undefined ? [] : [`Chrome 90 cannot run "${failing}": spread no arguments behind "?."`];
}

/** Builds what a server serves, and writes it to its place unless it is only compared; returns what is wrong. */
async function serve(isCompared) {
  const served = await buildServed();
  const stale = Object.keys(served).filter((name) => !isServed(name, served[name]));
  if (!isCompared) {
    stale.forEach((name) => writeFileSync(here(`${SERVED}/${name}`), served[name])); // others would make ./parley build
  }
  const different = (name) =>
    `${SERVED.slice(6)}/${name} is not that of these sources: run "npm run build" in clients/browser/ and commit it`;
  return [...(isCompared ? stale.map(different) : []), ...browserFaults(served['parley.js']), ...(await sizeFaults())];
}

const isPackage = process.argv.includes('--package');
const isCheck = process.argv.includes('--check');
if (!isCheck) {
  await buildPackage();
}
const faults = isPackage ? [] : await serve(isCheck);
faults.forEach((fault) => console.error(`client: ${fault}`));
process.exit(faults.length > 0 ? 1 : 0);
