import { access, constants, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeName, type RawName } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import type { ObjectStore } from './objectStore.ts';
import { copyIndex, type SnapshotIndex } from './snapshotIndex.ts';

interface Target {
  readonly store: ObjectStore;
  readonly index: SnapshotIndex;
  readonly indexFile: string;
  readonly workTree: string;
}

/**
 * Brings files into the index and their content into the task's store. Files that can't be read are not added;
 * they are answered, so that the snapshot can name them. Anything else that goes wrong throws.
 */
export async function addFiles(target: Target, names: readonly RawName[]): Promise<readonly RawName[]> {
  try {
    await addReadable(target, names);
    return [];
  } catch (error) {
    if (!(error instanceof GitError)) {
      throw error;
    }
    const unreadable = await findUnreadable(target.workTree, names);
    if (unreadable.size === 0) {
      throw error;
    }
    await addReadable(
      target,
      names.filter((name) => !unreadable.has(name)),
    );
    // What the index said of them before is not what is on disk.
    await target.index.remove([...unreadable]);
    return [...unreadable];
  }
}

/** Content that the user's repository has is only named, never written again: see `ObjectStore`. */
async function addReadable(target: Target, names: readonly RawName[]): Promise<void> {
  const { store, index, indexFile } = target;
  if (names.length === 0) {
    return;
  }
  if ((await store.borrowed()).length === 0) {
    await index.add(names);
    return;
  }
  const probeFile = `${indexFile}.probe`;
  await copyIndex(indexFile, probeFile);
  const probe = index.with({ indexFile: probeFile });
  await probe.add(names, false);
  const wanted = new Set(names);
  // A command line has a limit, 32 kB on Windows.
  const isFew = names.length <= 50 && names.join('').length < 8000 && names.every((name) => decodeName(name) === name);
  const probed = (await probe.entries(...(isFew ? names : []))).filter(({ name }) => wanted.has(name));
  const missing = await store.missing(
    probed.map(({ blob }) => blob),
    'all',
  );
  const known = probed.filter(({ blob }) => !missing.has(blob));
  await index.set(known);
  const knownNames = new Set(known.map(({ name }) => name));
  await index.add(names.filter((name) => !knownNames.has(name)));
}

async function findUnreadable(workTree: string, names: readonly RawName[]): Promise<ReadonlySet<RawName>> {
  const unreadable = new Set<RawName>();
  for (const name of names) {
    const path = join(workTree, decodeName(name));
    try {
      if ((await lstat(path)).isFile()) {
        await access(path, constants.R_OK);
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')) {
        unreadable.add(name);
      }
    }
  }
  return unreadable;
}
