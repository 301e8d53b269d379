/** `npm run -s bench -- NAME [--json]`: gets a clean clone ready, then measures. */
import { ensureChromium, ensureCodeServer, main, prepare } from '../support/setup.mjs';

await main(async () => {
  if (!(await prepare())) return process.exitCode;
  if (['activation', 'compare', 'streaming'].some((name) => process.argv.includes(name))) {
    ensureCodeServer();
    ensureChromium();
  }
  await import('./bench.ts');
  return process.exitCode;
});
