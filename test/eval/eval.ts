/**
 * Runs a file of outside cases through the real code: `npm run -s eval -- NAME FILE [--json]`. Prints a table, or with `--json`
 * one JSON object on the last line; `wire` and `evidence` take a folder and print a line of JSON for each of its rows too; `pull-requests`
 * has its cases itself and takes nothing, or a part of a sequence's name and of a fault's (`opening/502`). The exit code is 0 however the
 * cases come out, and 2 when there is nothing to run.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stackOf } from '../../src/core/problem.ts';
import { type Harness, showReport, UnreadableFile } from './report.ts';

/** Runs the text of a file of cases; `table` is for people. */
type TextHarness = (text: string, say: (line: string) => void) => Promise<{ report: object; table: () => string }>;

type FolderHarness = (folder: string, say: (row: object) => void) => Promise<object>;

const harnesses: Readonly<Record<string, () => Promise<TextHarness>>> = {
  paths: async () => withUsualTable((await import('./paths.ts')).evalPaths),
  symlinks: async () => withUsualTable((await import('./symlinks.ts')).evalSymlinks),
  edits: async () => {
    const { evalEdits, showEdits } = await import('./edits.ts');
    return async (text) => {
      const report = await evalEdits(text);
      return { report, table: () => showEdits(report) };
    };
  },
};

/** Harnesses that read a folder themselves and say what came of each row. */
const folderHarnesses: Readonly<Record<string, () => Promise<FolderHarness>>> = {
  wire: async () => (await import('./wire.ts')).evalWire,
  evidence: async () => (await import('./evidence.ts')).evalEvidence,
};

/** Harnesses that need no file. */
const ownHarnesses: Readonly<Record<string, () => Promise<TextHarness>>> = {
  'pull-requests': async () => {
    const { evalAllPullRequests, evalPullRequests, select, showPullRequests } = await import('./pullRequests.ts');
    return async (only, say) => {
      const report = only === '' ? await evalAllPullRequests(say) : await evalPullRequests(say, select(only));
      return { report, table: () => showPullRequests(report) };
    };
  },
};

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof UnreadableFile ? error.message : stackOf(error));
  process.exitCode = error instanceof UnreadableFile ? 2 : 1;
}

function withUsualTable(harness: Harness): TextHarness {
  return async (text, say) => {
    const report = await harness(text, say);
    return { report, table: () => showReport(report) };
  };
}

async function run(): Promise<number> {
  const { positionals, values } = parseArguments();
  const [name = '', file] = positionals;
  const loadForFolder = Object.hasOwn(folderHarnesses, name) ? folderHarnesses[name] : undefined;
  if (loadForFolder) {
    if (file === undefined || positionals.length > 2) {
      throw new UnreadableFile(`Name one folder of cases: npm run -s eval -- ${name} FOLDER [--json].`);
    }
    const harness = await loadForFolder();
    console.log(JSON.stringify(await harness(file, (row) => console.log(JSON.stringify(row)))));
    return 0;
  }
  const own = Object.hasOwn(ownHarnesses, name) ? ownHarnesses[name] : undefined;
  const load = own ?? (Object.hasOwn(harnesses, name) ? harnesses[name] : undefined);
  if (!load) {
    const names = [...Object.keys(harnesses), ...Object.keys(folderHarnesses), ...Object.keys(ownHarnesses)];
    throw new UnreadableFile(`Name one of the harnesses: ${names.join(', ')}.`);
  }
  if ((file === undefined && !own) || positionals.length > 2) {
    throw new UnreadableFile(`Name one file of cases: npm run -s eval -- ${name} FILE [--json].`);
  }
  const text = own ? (file ?? '') : read(file ?? '');
  const harness = await load();
  const { report, table } = await harness(text, (line) => console.error(line));
  console.log(values.json ? JSON.stringify(report) : table());
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
