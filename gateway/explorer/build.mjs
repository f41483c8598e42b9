// Bundles the explorer into assets/ under names that carry their content's hash, each file gzipped beside itself,
// and writes assets/manifest.json: what the page links, and every file that may be served.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const OUT = 'assets';
const COMMON = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  outdir: OUT,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.USE_IMPORT': '"true"' },
  loader: { '.ttf': 'file' },
  // GraphiQL asks for these by old names, which give script files that lose their exports in a bundle.
  alias: {
    'prettier/parser-babel': 'prettier/plugins/babel',
    'prettier/parser-graphql': 'prettier/plugins/graphql',
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** The built file's name for each entry point, by the entry's own name. */
const builtNames = result =>
  Object.fromEntries(
    Object.entries(result.metafile.outputs)
      .filter(([, output]) => output.entryPoint)
      .map(([path, output]) => [basename(output.entryPoint).replace(/\.\w+$/, ''), { path, css: output.cssBundle }]),
  );

await mkdir(OUT, { recursive: true });

// Workers come first: the page's own code is given their names.
const workers = builtNames(
  await build({
    ...COMMON,
    entryPoints: [
      'monaco-editor/esm/vs/editor/editor.worker.js',
      'monaco-editor/esm/vs/language/json/json.worker.js',
      'monaco-graphql/esm/graphql.worker.js',
    ],
  }),
);
const page = builtNames(
  await build({
    ...COMMON,
    splitting: true,
    jsx: 'automatic',
    entryPoints: ['browser/explorer.jsx'],
    define: {
      ...COMMON.define,
      EDITOR_WORKER: JSON.stringify(basename(workers['editor.worker'].path)),
      JSON_WORKER: JSON.stringify(basename(workers['json.worker'].path)),
      GRAPHQL_WORKER: JSON.stringify(basename(workers['graphql.worker'].path)),
    },
  }),
);

const files = (await readdir(OUT)).filter(name => /\.(js|css|ttf)$/.test(name)).sort();
for (const name of files) {
  await writeFile(join(OUT, `${name}.gz`), gzipSync(await readFile(join(OUT, name)), { level: 9 }));
}
const { path, css } = page.explorer;
await writeFile(join(OUT, 'manifest.json'), JSON.stringify({ script: basename(path), style: basename(css), files }, null, 1));
