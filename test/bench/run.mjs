/** `npm run -s bench -- NAME [--json]`: gets a clean clone ready, then measures. */
import { ensureChromium, ensureCodeServer, main, prepare } from '../support/setup.mjs';

await main(async () => {
  if (!(await prepare())) return process.exitCode;
  if (process.argv.includes('activation')) {
    ensureCodeServer();
    ensureChromium();
  }
  await import('./bench.ts');
  return process.exitCode;
});
