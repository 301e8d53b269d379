/**
 * Runs a file of outside cases through the real code: `npm run -s eval -- NAME FILE [--json]`. Prints a table, or with `--json`
 * one JSON object on the last line. The exit code is 0 however the cases come out, and 2 when there is nothing to run.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stackOf } from '../../src/core/problem.ts';
import { type Harness, showReport, UnreadableFile } from './report.ts';

const harnesses: Readonly<Record<string, () => Promise<Harness>>> = {
  paths: async () => (await import('./paths.ts')).evalPaths,
  symlinks: async () => (await import('./symlinks.ts')).evalSymlinks,
};

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof UnreadableFile ? error.message : stackOf(error));
  process.exitCode = error instanceof UnreadableFile ? 2 : 1;
}

async function run(): Promise<number> {
  const { positionals, values } = parseArguments();
  const [name = '', file] = positionals;
  const load = Object.hasOwn(harnesses, name) ? harnesses[name] : undefined;
  if (!load) throw new UnreadableFile(`Name one of the harnesses: ${Object.keys(harnesses).join(', ')}.`);
  if (file === undefined || positionals.length > 2) {
    throw new UnreadableFile(`Name one file of cases: npm run -s eval -- ${name} FILE [--json].`);
  }
  const text = read(file);
  const harness = await load();
  const report = await harness(text, (line) => console.error(line));
  console.log(values.json ? JSON.stringify(report) : showReport(report));
  return 0;
}

function parseArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
  } catch (error) {
    throw new UnreadableFile(error instanceof Error ? error.message : String(error));
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnreadableFile(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
