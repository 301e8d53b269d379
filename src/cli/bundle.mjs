/** How the command line is bundled: as one file, since *Add GitHub Workflow…* copies it into the user's repository. */

// Its CommonJS build asks for its parts in a way that no bundler sees.
export const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

// Some dependencies are CommonJS and ask for Node's modules with require.
export const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Options for esbuild. */
export const commandLine = {
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  logLevel: 'warning',
  alias,
  banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
};
