import type { ObjectName, Patch } from '../domain.ts';
import { UserError } from '../problem.ts';
import { writeChangedTree } from './changedTree.ts';
import { ChangedFiles, type FileChanges, type FileEntry, type Files } from './files.ts';
import { encodeName, foldersOf, type RawName } from './gitNames.ts';
import { objectNameOf } from './looseObjects.ts';
import type { ObjectStore } from './objectStore.ts';
import { diffTrees } from './treePatch.ts';
import type { ComposedTreeFile } from './workspace.ts';

/** Where a composed tree begins: the snapshot's, and the files in it. */
export interface ComposedBase {
  readonly tree: ObjectName;
  readonly files: Files;
}

/** Makes a tree of a snapshot in which these files are as they are told to be. Throws `UserError` (`patch-conflict`). */
export async function composeTree(
  store: ObjectStore,
  base: ComposedBase,
  composed: readonly ComposedTreeFile[],
  signal: AbortSignal,
): Promise<Patch> {
  const changes = new Map<RawName, FileEntry | undefined>();
  for (const { key } of composed) {
    const name = encodeName(key);
    if (base.files.get(name)) changes.set(name, undefined);
  }
  const entries = await Promise.all(composed.map((file) => entryOf(store, base, file, signal)));
  for (const [index, { after }] of composed.entries()) {
    if (!after) continue;
    const name = encodeName(after.path);
    // What is in the changes with an entry is another file of this composition, and what isn't in them is nobody's.
    if (changes.has(name) ? changes.get(name) : base.files.get(name)) throw inTheWay(after.path);
    changes.set(name, entries[index]);
  }
  const isObstructed = obstructionIn(base.files, changes);
  for (const { after } of composed) if (after && isObstructed(encodeName(after.path))) throw inTheWay(after.path);

  const tree = await writeChangedTree(store, base.tree, changes, signal);
  return { ...(await diffTrees(store, base.tree, tree, signal)), tree };
}

async function entryOf(
  store: ObjectStore,
  base: ComposedBase,
  { key, after }: ComposedTreeFile,
  signal: AbortSignal,
): Promise<FileEntry | undefined> {
  if (!after) return undefined;
  const { mode, content } = after;
  if (typeof content === 'string') return { mode, blob: content };
  const before = base.files.get(encodeName(key));
  const [bytes = new Uint8Array()] = before ? await store.readBlobs([before.blob], signal) : [];
  return { mode, blob: await writeOnce(store, content(bytes), base.tree.length, signal) };
}

/** A blob with these bytes. Most are there already: what a candidate has is looked up, which takes no process of its own. */
async function writeOnce(
  store: ObjectStore,
  bytes: Uint8Array,
  nameLength: number,
  signal: AbortSignal,
): Promise<ObjectName> {
  const name = objectNameOf('blob', bytes, nameLength);
  return (await store.size(name, signal)) === undefined ? store.writeBlob(bytes, signal) : name;
}

/** Tells whether there is a file where a file's folder is to be, or a folder where the file is to be. */
export function obstructionIn(base: Files, changes: FileChanges): (name: RawName) => boolean {
  const files = new ChangedFiles(base, changes);
  const folders = new Set(Array.from(changes, ([name, entry]) => (entry ? foldersOf(name) : [])).flat());
  return (name) => {
    if (folders.has(name) || foldersOf(name).some((folder) => files.get(folder))) return true;
    for (const [below] of base.below(name)) if (!changes.has(below)) return true;
    return false;
  };
}

function inTheWay(path: string): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `There can't be a file ${JSON.stringify(path)}, because another file or folder of the composition is in its place. Nothing was changed. Take what is in its place from the same model first, then try again.`,
  });
}
