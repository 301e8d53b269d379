import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileMode, ObjectName, Snapshot } from '../domain.ts';
import { UserError } from '../problem.ts';
import { decodeName, joinFields, splitFields } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import type { ObjectStore } from './objectStore.ts';
import { parseChanges } from './treePatch.ts';
import type { Placement, TreeChange } from './workspace.ts';

/** Nobody sees these commits; they only tell git what the two sides of a merge have in common. */
const nobody = {
  GIT_AUTHOR_NAME: 'dursor',
  GIT_AUTHOR_EMAIL: 'dursor@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'dursor',
  GIT_COMMITTER_EMAIL: 'dursor@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};

/**
 * Puts a patch on a commit as a merge of three trees of the whole repository: the commit's as it is (ours), the commit's with
 * the folder as it was in the snapshot (base), and the same with the patch (theirs). What the user had not committed
 * is in base and theirs alike, so it is not part of the result. Unlike `git apply --3way` this follows renames.
 */
export async function placePatch(
  store: ObjectStore,
  scratch: string,
  snapshot: Snapshot,
  patchText: string,
  commit: ObjectName,
  signal?: AbortSignal,
): Promise<Placement> {
  if (snapshot.gitDir === undefined) {
    throw new UserError({
      code: 'no-remote',
      message:
        'This folder is not in a Git repository, so there is no commit to put the changes on. Publish it to GitHub first.',
    });
  }
  const workTree = join(scratch, 'none');
  await mkdir(workTree);
  const indexFile = join(scratch, 'index');
  const env = { GIT_INDEX_FILE: indexFile, GIT_WORK_TREE: workTree, ...nobody };
  const run = async (args: readonly string[], stdin: Uint8Array | string = '', okCodes: readonly number[] = []) =>
    store.run(args, { objects: 'all', env, stdin, okCodes, signal });
  const name = async (args: readonly string[], stdin?: Uint8Array | string) =>
    (await run(args, stdin)).stdout.toString('utf8').trim() as ObjectName;

  const patched = async () => {
    await run(['read-tree', snapshot.tree]);
    if (patchText.trim() !== '') {
      await applyPatch(run, patchText);
    }
    return name(['write-tree', '--missing-ok']);
  };
  const withFolder = async (folder: ObjectName) => {
    if (snapshot.prefix === '') {
      return folder;
    }
    await run(['read-tree', commit]);
    const { stdout } = await run(['ls-files', '-z', '--', `:(literal)${snapshot.prefix}`]);
    const removals = splitFields(stdout).map((path) => `0 ${store.noObject}\t${path}`);
    await run(['update-index', '-z', '--index-info'], joinFields(removals));
    await run(['read-tree', `--prefix=${snapshot.prefix}`, folder]);
    return name(['write-tree', '--missing-ok']);
  };
  const commitOf = (tree: ObjectName, ...parents: readonly ObjectName[]) =>
    name(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'dursor']);

  const after = await patched();
  const ours = await name(['rev-parse', '--verify', `${commit}^{tree}`]);
  const base = await commitOf(await withFolder(snapshot.tree));
  const sides = [await commitOf(ours, base), await commitOf(await withFolder(after), base)];
  const settings = ['-c', 'merge.directoryRenames=false', '-c', 'merge.renameLimit=5000'];
  const args = [...settings, 'merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ...sides];
  const merge = await run(args, '', [1]);
  const [tree = '', ...conflicts] = splitFields(merge.stdout);
  if (merge.code === 1) {
    return { placed: false, conflicts: [...new Set(conflicts.filter((path) => path !== '').map(decodeName))].sort() };
  }
  return { placed: true, changes: await changesBetween(store, ours, tree as ObjectName, signal) };
}

async function applyPatch(
  run: (args: readonly string[], stdin: string) => Promise<unknown>,
  patchText: string,
): Promise<void> {
  try {
    await run(['apply', '--cached', '--whitespace=nowarn', '-'], patchText);
  } catch (error) {
    if (!(error instanceof GitError)) {
      throw error;
    }
    throw new UserError({
      code: 'patch-conflict',
      message:
        'The patch does not fit the state of the folder it was made from. Compose it again, or start a new round.',
      detail: error.stderr,
    });
  }
}

async function changesBetween(
  store: ObjectStore,
  from: ObjectName,
  to: ObjectName,
  signal: AbortSignal | undefined,
): Promise<readonly TreeChange[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to];
  const { stdout } = await store.run(args, { objects: 'all', signal });
  const changes = parseChanges(splitFields(stdout));
  const kept = changes.flatMap(({ after }) => (after && after.mode !== '160000' ? [after] : []));
  const blobs = await store.readBlobs(
    kept.map(({ blob }) => blob),
    signal,
  );
  const bytes = new Map(kept.map(({ path }, position) => [path, blobs[position] ?? new Uint8Array()]));
  return changes.flatMap(({ base, after }): TreeChange[] => {
    if (!after) {
      return base ? [{ path: base.path }] : [];
    }
    const content = bytes.get(after.path);
    const mode: FileMode = after.mode;
    // A submodule has no bytes, and no patch of ours moves one.
    return content ? [{ path: after.path, version: { mode, bytes: content } }] : [];
  });
}
