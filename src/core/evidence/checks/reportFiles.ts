import type { BigIntStats } from 'node:fs';
import { constants, lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { inside } from '../../workspace/folderPaths.ts';
import { globMatcher } from '../../workspace/globMatch.ts';

/** Where a check's report is looked for. */
export interface ReportSearch {
  /** The top of the copy, by its real path. */
  readonly root: string;
  /** Where the command runs: `root`, or below it. */
  readonly folder: string;
  /** A file or a glob, relative to `folder`. */
  readonly pattern: string;
}

/** How files look before a command runs, by path: what looks the same afterwards is not its report. */
export type Before = ReadonlyMap<string, string>;

const mostBytes = 64 * 1024 * 1024;
const mostFiles = 2000;
const mostEntries = 300_000;
const deepest = 12;

/** Not a report's place, unless the pattern names it, and large. */
const passedOver: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv']);

/** Throws `RangeError` where there is more than can be looked through. */
export async function reportsBefore(search: ReportSearch): Promise<Before> {
  const files = await findFiles(search);
  return new Map(files.map(({ path, stats }) => [path, looksOf(stats)]));
}

/**
 * The texts of the reports that a command has written since. Only of plain files in the copy: no link and no pipe is followed. Throws
 * `RangeError` where there is more than can be read.
 */
export async function readReports(search: ReportSearch, before: Before): Promise<readonly string[]> {
  const files = (await findFiles(search)).filter(({ path, stats }) => before.get(path) !== looksOf(stats));
  if (files.length > mostFiles)
    throw new RangeError(`there are ${files.length} files of it, and at most ${mostFiles} are read`);
  const bytes = files.reduce((sum, { stats }) => sum + Number(stats.size), 0);
  if (bytes > mostBytes) throw new RangeError(`it is larger than ${mostBytes / 1024 / 1024} MB`);
  const texts: string[] = [];
  for (const { path } of files) texts.push(await readPlain(path));
  return texts;
}

const looksOf = ({ ino, size, mtimeNs, ctimeNs }: BigIntStats) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`;

interface Found {
  readonly path: string;
  readonly stats: BigIntStats;
}

async function findFiles(search: ReportSearch): Promise<readonly Found[]> {
  const paths = /[*?[]/.test(search.pattern) ? await matching(search) : [join(search.folder, search.pattern)];
  const found: Found[] = [];
  for (const path of paths.toSorted()) {
    const stats = await lstat(path, { bigint: true }).catch(() => undefined);
    const real = stats?.isFile() ? await realpath(path).catch(() => undefined) : undefined;
    // A folder on the way to it may be a link.
    if (stats && real !== undefined && inside(search.root, real) !== undefined) found.push({ path, stats });
  }
  return found;
}

async function matching({ folder, pattern }: ReportSearch): Promise<readonly string[]> {
  const fits = globMatcher(pattern);
  const named = pattern.split('/');
  const mostDeep = named.includes('**') ? deepest : named.length;
  const found: string[] = [];
  const pending = [{ path: '', depth: 1 }];
  let entries = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { path, depth } = next;
    for (const entry of await readdir(join(folder, path), { withFileTypes: true }).catch(() => [])) {
      if (++entries > mostEntries) throw new RangeError('there are too many files to look through for it');
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile() && fits(below)) found.push(join(folder, below));
      const isPlace = !passedOver.has(entry.name) || named.includes(entry.name);
      if (entry.isDirectory() && isPlace && depth < mostDeep) pending.push({ path: below, depth: depth + 1 });
    }
  }
  return found;
}

async function readPlain(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
