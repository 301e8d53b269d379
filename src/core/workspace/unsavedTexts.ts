import { copyFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type Files, obstacleTo } from './files.ts';
import { isFile } from './folderPaths.ts';
import { decodeName, encodeName, foldersOf, joinFields, type RawName, splitFields } from './gitNames.ts';
import { notLiteral, type SnapshotIndex } from './snapshotIndex.ts';
import type { UnsavedText } from './workspace.ts';

interface Surroundings {
  readonly index: SnapshotIndex;
  readonly files: Files;
  readonly folder: string;
  /** Folders, not in `files`, that are repositories of their own. */
  readonly nested: readonly RawName[];
  readonly isAllowed: (path: string) => boolean;
  /** An empty folder that stands for `folder`. */
  readonly scratch: string;
}

/** Paths relative to the folder. */
export interface LaidOut {
  readonly paths: readonly string[];
  /** Those for which there is no place: a folder or a file is in the way by now, so that they can't be saved either. */
  readonly unplaced: readonly string[];
}

/**
 * Lays the texts that belong into the snapshot out as files below `scratch`, at their place in the folder, so that
 * they can be added like files: filters, line endings and modes are then the same as for saved ones.
 * A text in a forbidden or ignored file or in another repository does not belong.
 */
export async function layOutUnsaved(around: Surroundings, texts: readonly UnsavedText[]): Promise<LaidOut> {
  const { index, files, folder, nested, isAllowed, scratch } = around;
  const candidates = new Map<string, Uint8Array>();
  for (const { path, bytes } of texts) {
    // Saving writes to the target of a link, so that is the file whose text this is.
    const target = isInside(path) && isAllowed(path) ? await resolveLinks(folder, path) : undefined;
    if (target === undefined || !isAllowed(target)) {
      continue;
    }
    const isElsewhere = foldersOf(encodeName(target)).some(
      (folderName) => nested.includes(folderName) || files.get(folderName)?.mode === '160000',
    );
    if (!isElsewhere) {
      candidates.set(target, bytes);
    }
  }

  const ignored = await ignoredAmong(index, [...candidates.keys()]);
  const paths: string[] = [];
  const unplaced: string[] = [];
  for (const [path, bytes] of candidates) {
    const name = encodeName(path);
    const mode = files.get(name)?.mode;
    // What is a link even now leads nowhere.
    if (ignored.has(path) || mode === '120000' || mode === '160000') {
      continue;
    }
    if (obstacleTo(files, name) !== undefined || foldersOf(name).some((above) => candidates.has(decodeName(above)))) {
      unplaced.push(path);
      continue;
    }
    const file = join(scratch, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes, { mode: mode === '100755' ? 0o755 : 0o644 });
    paths.push(path);
  }
  await layOutAttributes(around, paths);
  return { paths, unplaced };
}

/** Brings the `.gitattributes` that hold for these files, from the top of the repository down, unless they are among them. */
async function layOutAttributes({ index, scratch }: Surroundings, paths: readonly string[]): Promise<void> {
  const above = index.prefix.split('/').map((_, depth) => '../'.repeat(depth));
  const below = paths.flatMap((path) => foldersOf(path));
  for (const folder of new Set([...above, ...below])) {
    const [from, to] = [index.folder, scratch].map((top) => join(top, folder, '.gitattributes')) as [string, string];
    // Git follows no link here.
    if ((await isFile(from)) && !(await isFile(to))) await copyFile(from, to);
  }
}

function isInside(path: string): boolean {
  return path !== '' && !isAbsolute(path) && !path.split('/').includes('..');
}

async function ignoredAmong(index: SnapshotIndex, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) {
    return new Set();
  }
  // Files in the index are never reported, whatever the ignore rules say of them.
  const { stdout } = await index.run(['check-ignore', '-z', '--stdin'], {
    stdin: joinFields(paths.map((path) => `./${encodeName(path)}`)),
    okCodes: [1],
    env: notLiteral,
  });
  return new Set(splitFields(stdout).map((name) => decodeName(name).replace(/^\.\//, '')));
}

/** Where a path really is, relative to the folder; undefined when that is outside of it. */
async function resolveLinks(folder: string, path: string): Promise<string | undefined> {
  const top = await realpath(folder);
  const whole = join(folder, path);
  const found = await realpath(whole).catch(async () => {
    // A file that was never saved: its folder may exist.
    const parent = await realpath(dirname(whole)).catch(() => join(top, dirname(path)));
    return join(parent, basename(whole));
  });
  const inside = relative(top, found).split(sep).join('/');
  return isInside(inside) ? inside : undefined;
}
