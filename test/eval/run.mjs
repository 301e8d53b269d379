/** `npm run -s eval -- NAME FILE [--json]`: gets a clean clone ready, then runs a harness. */
import { main, prepare } from '../support/setup.mjs';

await main(async () => {
  if (!(await prepare())) return process.exitCode;
  await import('./eval.ts');
  return process.exitCode;
});
