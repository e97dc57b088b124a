// SPDX-License-Identifier: Apache-2.0
// Applications of the package `parley-client`, with the sources of this repository in its place.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Loader, type Plugin } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';

const here = fileURLToPath(new URL('..', import.meta.url));
const client = join(here, '../../clients/browser/src');

export interface BundleOptions {
  readonly loader?: Loader;
  /** Other modules that the application imports, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** What `react` and `react-dom` stand for; by default the packages of these names. */
  readonly react?: { readonly react: string; readonly 'react-dom': string };
}

/** Returns the script of an application, for a module script of a page. */
export async function bundle(
  code: string,
  { loader = 'jsx', files = {}, react = { react: 'react', 'react-dom': 'react-dom' } }: BundleOptions = {},
): Promise<string> {
  const packages: Plugin = {
    name: 'packages',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^parley-client(\/|$)/ }, ({ path }) => ({
        path: join(client, path.slice('parley-client'.length), 'index.ts'),
      }));
      onResolve({ filter: /^(react|react-dom)(\/|$)/ }, ({ path, pluginData, kind }) => {
        if (pluginData === 'resolved') {
          return undefined;
        }
        const renamed = path.replace(/^[^/]+/, (name) => react[name as keyof typeof react]);
        return resolve(renamed, { resolveDir: here, kind, pluginData: 'resolved' });
      });
    },
  };
  const modules: Plugin = {
    name: 'modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\// }, ({ path }) => (path in files ? { path, namespace: 'file-of-test' } : undefined));
      onLoad({ filter: /.*/, namespace: 'file-of-test' }, ({ path }) => {
        const text = files[path]!;
        const contents = path.endsWith('.vue') ? compileVue(text) : text;
        return { contents, loader: 'js', resolveDir: here };
      });
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: code, loader, resolveDir: here },
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [packages, modules],
    logLevel: 'warning',
  });
  return outputFiles[0]!.text;
}

/** Returns the module of a single-file component with a `<script setup>`. */
function compileVue(source: string): string {
  return compileScript(parse(source).descriptor, { id: 'component', inlineTemplate: true }).content;
}

/** Returns a page that runs a script as a module. */
export function pageOf(script: string): string {
  const safe = script.replaceAll('</script', '<\\/script');
  return `<!doctype html><title>application</title><body><script type="module">${safe}</script>`;
}
