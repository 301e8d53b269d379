import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectName, Snapshot } from '../domain.ts';
import { UserError } from '../problem.ts';
import { splitFields } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import type { ObjectStore } from './objectStore.ts';
import { bytesOf, Conflicts } from './placeConflicts.ts';
import { withFolder } from './treeFolder.ts';
import { parseChanges } from './treePatch.ts';
import type { Placement, Resolutions, TreeChange } from './workspace.ts';

/** Nobody sees these commits; they only tell git what the two sides of a merge have in common. */
const nobody = {
  GIT_AUTHOR_NAME: 'dursor',
  GIT_AUTHOR_EMAIL: 'dursor@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'dursor',
  GIT_COMMITTER_EMAIL: 'dursor@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};

/** Which patch goes where. `onto` is a commit or a tree of the whole repository. */
export interface PlaceRequest {
  readonly snapshot: Snapshot;
  readonly patchText: string;
  readonly onto: ObjectName;
  readonly resolved: Resolutions | undefined;
}

/**
 * Puts a patch on a commit as a merge of three trees of the whole repository: the commit's as it is (theirs), the commit's with
 * the folder as it was in the snapshot (base), and the same with the patch (ours). What the user had not committed
 * is in base and ours alike, so it is not part of the result. Unlike `git apply --3way` this follows renames.
 */
export async function placePatch(
  store: ObjectStore,
  scratch: string,
  request: PlaceRequest,
  signal?: AbortSignal,
): Promise<Placement> {
  try {
    return await place(store, scratch, request, signal);
  } catch (error) {
    if (!isLacking(error)) throw error;
    throw new UserError({
      code: 'not-found',
      message:
        'Git lacks the content of files that the patch has to be merged with: this is a partial clone, or Git has removed them. Nothing was pushed. Run "git fetch --refetch" in the repository, then try again.',
      detail: error.message,
    });
  }
}

async function place(
  store: ObjectStore,
  scratch: string,
  { snapshot, patchText, onto, resolved }: PlaceRequest,
  signal: AbortSignal | undefined,
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
  const env = { GIT_INDEX_FILE: join(scratch, 'index'), GIT_WORK_TREE: workTree, ...nobody };
  const run = (args: readonly string[], stdin: Uint8Array | string = '', okCodes: readonly number[] = []) =>
    store.run(args, { objects: 'all', env, stdin, okCodes, signal });
  const name = async (args: readonly string[]) => (await run(args)).stdout.toString('utf8').trim() as ObjectName;
  const commitOf = (tree: ObjectName, ...parents: readonly ObjectName[]) =>
    name(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'dursor']);

  await run(['read-tree', snapshot.tree]);
  if (patchText.trim() !== '') await applyPatch(run, patchText);
  const patched = await name(['write-tree', '--missing-ok']);
  const theirs = await name(['rev-parse', '--verify', `${onto}^{tree}`]);
  const base = await withFolder(store, theirs, snapshot.prefix, snapshot.tree, signal);
  const ours = await withFolder(store, theirs, snapshot.prefix, patched, signal);

  const root = await commitOf(base);
  const sides = [await commitOf(theirs, root), await commitOf(ours, root)];
  const mergeWith = (...settings: readonly string[]) => {
    const more = ['merge.directoryRenames=false', ...settings].flatMap((setting) => ['-c', setting]);
    return run([...more, 'merge-tree', '--write-tree', '-z', '--no-messages', ...sides], '', [1]);
  };
  // A partial clone may lack what renames would be looked for in. Git 2.39 looks all the same, unless that is more than the limit.
  const merge = await mergeWith('merge.renameLimit=5000').catch((error) => {
    if (!isLacking(error)) throw error;
    return mergeWith('merge.renames=false', 'merge.renameLimit=1');
  });
  const [merged = '', ...stages] = splitFields(merge.stdout).filter((field) => field !== '');
  const tree = merged as ObjectName;
  if (merge.code === 0) return { placed: true, changes: await changesBetween(store, theirs, tree, signal) };

  if (stages.length === 0) throw new Error('git merge-tree does not say which files conflict');

  const conflicts = await Conflicts.of(store, { tree, stages, base, theirs, ours, sides }, signal);
  const open = await conflicts.unanswered(resolved, signal);
  if (open.length > 0) return { placed: false, conflicts: open };
  const settled = await conflicts.resolvedBy(resolved ?? new Map(), signal);
  return { placed: true, changes: await changesBetween(store, theirs, settled, signal) };
}

/** Whether git gave up for want of an object. */
function isLacking(error: unknown): error is GitError {
  return (
    error instanceof GitError && /unable to read|could not read|missing|bad object|not a valid/i.test(error.stderr)
  );
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
  const blobs = new Set(changes.flatMap(({ after }) => (after && after.mode !== '160000' ? [after.blob] : [])));
  const contents = await store.readBlobs([...blobs], signal);
  const known = new Map([...blobs].map((blob, index) => [blob, contents[index]]));
  return Promise.all(
    changes.map(async ({ base, after }): Promise<TreeChange> => {
      if (!after) return { path: base?.path ?? '' };
      const bytes = known.get(after.blob) ?? (await bytesOf(store, after, signal));
      return { path: after.path, version: { mode: after.mode, bytes } };
    }),
  );
}
