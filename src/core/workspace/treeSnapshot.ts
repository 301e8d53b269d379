import type { ObjectName, Snapshot } from '../domain.ts';
import { UserError } from '../problem.ts';
import { writeChangedTree } from './changedTree.ts';
import type { FileEntry, Files } from './files.ts';
import { decodeName, encodeName, type RawName } from './gitNames.ts';
import { locateRepository } from './locateRepository.ts';
import type { ObjectStore } from './objectStore.ts';
import { entryAt, filesIn } from './treeFolder.ts';
import { folderMode } from './treeObject.ts';
import type { TreeSnapshotRequest } from './workspace.ts';

/** Makes a snapshot of the folder as a tree of the whole repository has it. Of the user's repository only the place is looked at. */
export async function snapshotOfTree(
  store: ObjectStore,
  top: ObjectName,
  { folder, policy, commit }: TreeSnapshotRequest,
  signal: AbortSignal,
): Promise<Snapshot> {
  const repository = await locateRepository(folder, signal);
  if (!repository) throw noRepository(folder);
  await store.prepare(repository.objectFormat);
  await store.borrow(repository.objects);
  const { gitDir, prefix } = repository;
  const entry = await entryAt(store, top, encodeName(prefix), signal);
  if (entry && entry.mode !== folderMode) throw noFolder(folder, prefix);

  const whole = entry?.object ?? (await store.emptyTree(signal));
  const files = await filesIn(store, whole, signal);
  const leftOut: string[] = [];
  const notHere: string[] = [];
  const missing = repository.isPartial ? await missingOf(store, files, signal) : new Set();
  const changes = new Map<RawName, FileEntry | undefined>();
  for (let at = 0; at < files.length; at++) {
    const name = files.name(at);
    const path = decodeName(name);
    const isAllowed = policy.check(path, 'snapshot').allowed;
    if (isAllowed && !missing.has(files.get(name)?.blob)) continue;
    changes.set(name, undefined);
    (isAllowed ? notHere : leftOut).push(path);
  }
  return {
    tree: await writeChangedTree(store, whole, changes, signal),
    folder,
    prefix,
    head: commit,
    gitDir,
    unsaved: [],
    leftOut: leftOut.sort(),
    ...(notHere.length > 0 && { notHere: notHere.sort() }),
    takenAt: Date.now(),
  };
}

/** A partial clone lacks content. */
function missingOf(store: ObjectStore, files: Files, signal: AbortSignal): Promise<ReadonlySet<unknown>> {
  const entries = Array.from(files.below(''), ([, entry]) => entry).filter(({ mode }) => mode !== '160000');
  return store.missing(
    entries.map(({ blob }) => blob),
    'all',
    signal,
  );
}

function noRepository(folder: string): UserError {
  return new UserError({
    code: 'no-remote',
    message: `The folder ${folder} is not in a Git repository any more, so nobody can tell which part of the pull request it is. Open the repository's folder, then send the message again.`,
  });
}

function noFolder(folder: string, prefix: string): UserError {
  return new UserError({
    code: 'snapshot-failed',
    message: `The pull request has no folder ${prefix.slice(0, -1)}, but a file of that name, so there is nothing to show of ${folder}. Open another folder of the repository, then start a new task.`,
  });
}
