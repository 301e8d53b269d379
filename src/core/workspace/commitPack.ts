import type { FileVersion, ObjectName } from '../domain.ts';
import { writeChangedTree } from './changedTree.ts';
import type { FileEntry } from './files.ts';
import { encodeName, type RawName } from './gitNames.ts';
import { objectNameOf, writeLooseObject } from './looseObjects.ts';
import type { ObjectStore } from './objectStore.ts';
import type { CommitRequest, PackedCommit, TreeChange } from './workspace.ts';

/** Makes a commit in the store, and a pack of all that it has and its parent hasn't. */
export async function packCommit(
  store: ObjectStore,
  { parent, changes, message, author }: CommitRequest,
  signal: AbortSignal,
): Promise<PackedCommit> {
  const files = new Map<RawName, FileEntry | undefined>();
  for (const { path, version } of changes) {
    signal.throwIfAborted();
    files.set(encodeName(path), version && { mode: version.mode, blob: await writeVersion(store, version, parent) });
  }
  const tree = await writeChangedTree(store, parent.tree, files, signal);
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  const args = ['commit-tree', tree, '-p', parent.commit, '-F', '-'];
  const made = await store.run(args, { objects: 'all', env, stdin: message, signal });
  const commit = made.stdout.toString('latin1').trim() as ObjectName;
  const stdin = `${commit}\n^${parent.commit}\n`;
  const packing = ['pack-objects', '--revs', '--stdout', '--quiet'];
  const { stdout: pack } = await store.run(packing, { objects: 'all', stdin, signal });
  return { commit, pack };
}

async function writeVersion(
  store: ObjectStore,
  { mode, bytes }: NonNullable<TreeChange['version']>,
  { commit }: CommitRequest['parent'],
): Promise<FileVersion['blob']> {
  // Of a submodule: the name of its commit, which is all that a tree has of it.
  if (mode === '160000') return Buffer.from(bytes).toString('latin1').trim() as ObjectName;
  const name = objectNameOf('blob', bytes, commit.length);
  await writeLooseObject(store.objects, name, 'blob', bytes);
  return name;
}
