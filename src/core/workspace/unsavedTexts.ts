import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { decodeName, encodeName, joinFields, splitFields } from './gitNames.ts';
import { notLiteral, type SnapshotIndex } from './snapshotIndex.ts';
import type { UnsavedText } from './workspace.ts';

interface Surroundings {
  readonly index: SnapshotIndex;
  readonly folder: string;
  readonly prefix: string;
  /** Folders in the index that are repositories of their own, relative to `folder`. */
  readonly nested: readonly string[];
  readonly isAllowed: (path: string) => boolean;
  /** An empty folder to put the texts into. */
  readonly scratch: string;
}

/**
 * Lays the texts that belong into the snapshot out as files below `scratch`, at their place in the repository, so that
 * they can be added like files: filters, line endings and modes are then the same as for saved ones.
 * Answers their paths, relative to the folder. A text in a forbidden or ignored file or in another repository does not belong.
 */
export async function layOutUnsaved(around: Surroundings, texts: readonly UnsavedText[]): Promise<readonly string[]> {
  const { index, folder, prefix, nested, isAllowed, scratch } = around;
  const candidates = new Map<string, Uint8Array>();
  for (const { path, bytes } of texts) {
    // Saving writes to the target of a link, so that is the file whose text this is.
    const target = isInside(path) && isAllowed(path) ? await resolveLinks(folder, path) : undefined;
    const isElsewhere = nested.some((repository) => target?.startsWith(`${repository}/`));
    if (target !== undefined && !isElsewhere && isAllowed(target)) {
      candidates.set(target, bytes);
    }
  }

  const ignored = await ignoredAmong(
    index,
    [...candidates.keys()].map((path) => prefix + path),
  );
  const laidOut: string[] = [];
  for (const [path, bytes] of candidates) {
    const mode = await modeOf(index, prefix + path);
    // What is a link even now leads nowhere.
    if (!ignored.has(prefix + path) && mode !== '120000' && mode !== '160000') {
      const file = join(scratch, prefix, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes, { mode: mode === '100755' ? 0o755 : 0o644 });
      laidOut.push(path);
    }
  }
  return laidOut;
}

function isInside(path: string): boolean {
  return path !== '' && !isAbsolute(path) && !path.split('/').includes('..');
}

async function modeOf(index: SnapshotIndex, path: string): Promise<string | undefined> {
  const name = encodeName(path);
  return (await index.entries(path)).find((entry) => entry.name === name)?.mode;
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
