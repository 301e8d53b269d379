/** `npm start`: VS Code with dursor on a sample project. `-- --headless [--json] [--screenshots DIR]` plays the whole job without a person. */
import { parseArgs } from 'node:util';
import { build, ensureChromium, ensureCodeServer, findOnPath, main, prepare } from './setup.mjs';

await main(async () => {
  const { values } = parseArgs({
    options: {
      headless: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      screenshots: { type: 'string' },
    },
  });
  if (!(await prepare())) return process.exitCode;
  build();
  if (values.headless) {
    ensureCodeServer();
    ensureChromium();
    const { runHeadless } = await import('./headless.ts');
    return runHeadless(values);
  }
  const desktop = findOnPath('code');
  if (!desktop) ensureCodeServer();
  const { openForPerson } = await import('./openForPerson.ts');
  return openForPerson(desktop);
});
