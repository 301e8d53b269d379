/** Bundles the extension host, the webviews and the tests that run inside VS Code. Flags: --production, --watch, --tests. */
import { globSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { context } from 'esbuild';
import { alias, commandLine, requireBanner } from './src/cli/bundle.mjs';

const flags = new Set(process.argv.slice(2));
const isProduction = flags.has('--production');

const shared = {
  bundle: true,
  format: 'esm',
  minify: isProduction,
  sourcemap: !isProduction,
  logLevel: 'warning',
  alias,
};

const banner = { js: requireBanner };

const host = {
  ...shared,
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist',
  // Each SDK is a chunk of its own, loaded when it is first used.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  banner,
  metafile: true,
};

// Each by itself: a chunk that both share would be one more round trip before anything is shown.
const webviews = ['task', 'compare'].map((entry) => ({
  ...shared,
  entryPoints: { [entry]: `webview-ui/${entry}.tsx` },
  outdir: 'dist/webview',
  // The highlighter and each of its languages are chunks of their own, loaded when a file needs them.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file' },
}));

const hostTests = {
  ...shared,
  entryPoints: ['test/host/index.ts', 'test/bench/activationProbe.ts', ...globSync('test/host/**/*.test.ts')],
  outbase: 'test',
  entryNames: '[name]',
  outdir: 'dist/test',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  minify: false,
  platform: 'node',
  target: 'node22',
  external: ['vscode', 'mocha'],
  banner,
};

await rm('dist', { recursive: true, force: true });
const builds = [
  host,
  // Always minified and without a source map: it ends up in repositories.
  { ...commandLine, minify: true },
  ...webviews,
  ...(flags.has('--tests') ? [hostTests] : []),
];
const contexts = await Promise.all(builds.map((options) => context(options)));
if (flags.has('--watch')) {
  await Promise.all(contexts.map((build) => build.watch()));
} else {
  await Promise.all(contexts.map((build) => build.rebuild()));
  await Promise.all(contexts.map((build) => build.dispose()));
}
