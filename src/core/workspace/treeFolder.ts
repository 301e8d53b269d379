import type { ObjectName } from '../domain.ts';
import { encodeName, type RawName } from './gitNames.ts';
import { ListedFiles } from './listedFiles.ts';
import { objectNameOf, writeLooseObject } from './looseObjects.ts';
import type { ObjectStore } from './objectStore.ts';
import { encodeTree, folderMode, type TreeEntry } from './treeObject.ts';

/** What stands at a path of a tree; undefined for nothing. `path` may end in a slash; empty for the tree itself. */
export async function entryAt(
  store: ObjectStore,
  tree: ObjectName,
  path: RawName,
  signal?: AbortSignal,
): Promise<Omit<TreeEntry, 'name'> | undefined> {
  let entry: Omit<TreeEntry, 'name'> | undefined = { mode: folderMode, object: tree };
  for (const segment of segmentsOf(path)) {
    if (entry?.mode !== folderMode) return undefined;
    const entries: readonly TreeEntry[] = await store.readTree(entry.object, signal);
    entry = entries.find(({ name }) => name === segment);
  }
  return entry;
}

/** The tree of a folder in a tree, which is empty where there is no such folder. */
export async function folderIn(
  store: ObjectStore,
  tree: ObjectName,
  path: RawName,
  signal?: AbortSignal,
): Promise<ObjectName> {
  const entry = await entryAt(store, tree, path, signal);
  return entry?.mode === folderMode ? entry.object : store.emptyTree(signal);
}

/** All files of a tree. Throws `GitError` when parts of it are gone. */
export async function filesIn(store: ObjectStore, tree: ObjectName, signal?: AbortSignal): Promise<ListedFiles> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', tree];
  return new ListedFiles((await store.run(args, { objects: 'all', signal })).stdout);
}

/** The tree that `tree` becomes with another tree as the folder `prefix` (as git writes it: with a slash behind, empty for all of it). */
export async function withFolder(
  store: ObjectStore,
  tree: ObjectName,
  prefix: string,
  folder: ObjectName,
  signal?: AbortSignal,
): Promise<ObjectName> {
  return replaced(store, tree, segmentsOf(encodeName(prefix)), folder, signal);
}

async function replaced(
  store: ObjectStore,
  tree: ObjectName | undefined,
  path: readonly RawName[],
  folder: ObjectName,
  signal: AbortSignal | undefined,
): Promise<ObjectName> {
  const [name, ...rest] = path;
  if (name === undefined) return folder;
  const entries = tree === undefined ? [] : await store.readTree(tree, signal);
  const old = entries.find((entry) => entry.name === name);
  const below = old?.mode === folderMode ? old.object : undefined;
  const object = await replaced(store, below, rest, folder, signal);
  // Git has no empty folders.
  const isEmpty = object === objectNameOf('tree', new Uint8Array(), object.length);
  const others = entries.filter((entry) => entry.name !== name);
  const bytes = encodeTree(isEmpty ? others : [...others, { mode: folderMode, name, object }]);
  const made = objectNameOf('tree', bytes, folder.length);
  await writeLooseObject(store.objects, made, 'tree', bytes);
  return made;
}

function segmentsOf(path: RawName): readonly RawName[] {
  return path.split('/').filter((segment) => segment !== '');
}
