import { copyFile, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectName, Snapshot } from '../domain.ts';
import type { Skipped } from './bringAlong.ts';
import { decodeName } from './gitNames.ts';
import { fillPointers, lfsFilters, switchedOff } from './lfsContent.ts';
import type { RepositoryLocation } from './locateRepository.ts';
import { type ObjectStore, plainConfig } from './objectStore.ts';
import { SnapshotIndex } from './snapshotIndex.ts';

export interface CheckOut {
  readonly store: ObjectStore;
  /** An empty folder of ours. */
  readonly scratch: string;
  readonly snapshot: Snapshot;
  /** The snapshot's own tree, or a run's. */
  readonly tree: ObjectName;
  /** Whose line endings and filters hold; absent where the folder has no Git, or is gone. */
  readonly repository: RepositoryLocation | undefined;
}

const onlyPointer = 'its content is in Git LFS and was not downloaded here; it stays a pointer';

/** Nothing that git may do by itself while it reads (submodules, tidying up); and paths here are longer than the user's, which Windows minds. */
const ours = ['submodule.recurse=false', 'gc.auto=0', 'maintenance.auto=false', 'core.longPaths=true'].flatMap(
  (setting) => ['-c', setting],
);

/**
 * Writes the files of a tree below `target`, an empty folder, as the user's repository would check them out: at the place
 * they have in the whole repository, whose attributes hold for them. Answers with the large files that are not on this machine.
 * Throws `GitError`.
 */
export async function checkOutTree(
  { store, scratch, snapshot, tree, repository }: CheckOut,
  target: string,
  signal: AbortSignal,
): Promise<readonly Skipped[]> {
  // Git reads attributes from the work tree before the index. The user's files may be others by now than the tree's, so
  // there is nothing in this one but the attributes of the folders above.
  const workTree = join(scratch, 'top');
  await mkdir(workTree);
  if (repository) await layOutAttributes(snapshot, workTree);
  const indexFile = join(scratch, 'index');
  const gitDir = repository?.gitDir ?? store.gitDir;
  const index = new SnapshotIndex(store, { gitDir, workTree, prefix: '', indexFile }, signal);
  // Without the repository its filters are not known either, and those of other repositories have no business here.
  const env = snapshot.gitDir !== undefined && !repository ? plainConfig : {};
  await index.run(['read-tree', ...(snapshot.prefix === '' ? [] : [`--prefix=${snapshot.prefix}`]), tree], { env });
  const filters = await lfsFilters(index);
  const settings = [...ours, ...switchedOff(filters)];
  const args = [...settings, 'checkout-index', '--all', '--force', `--prefix=${target}/`];
  await index.run(args, { env });
  if (!repository) return [];
  const lfsStore = join(dirname(repository.objects), 'lfs', 'objects');
  const pointers = await fillPointers(index, filters, { store: lfsStore, target }, signal);
  return pointers.map((name) => ({ path: decodeName(name).slice(snapshot.prefix.length), why: onlyPointer }));
}

/** The `.gitattributes` of the folders between the repository's top and the snapshot's folder. */
async function layOutAttributes({ folder, prefix }: Snapshot, workTree: string): Promise<void> {
  let from = await realpath(folder);
  const parts = prefix.split('/').slice(0, -1);
  while (parts.length > 0) {
    from = dirname(from);
    parts.pop();
    const to = join(workTree, ...parts);
    await mkdir(to, { recursive: true });
    const file = join(from, '.gitattributes');
    const found = await lstat(file).catch(() => undefined);
    if (found?.isFile()) await copyFile(file, join(to, '.gitattributes'));
  }
}
