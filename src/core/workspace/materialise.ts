import { mkdir, realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectName, Snapshot } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import { codeOf, UserError } from '../problem.ts';
import { type BroughtAlong, bringAlong, mostSkipped, type Skipped } from './bringAlong.ts';
import { checkOutTree } from './checkOutTree.ts';
import { inside, isFolder, isThere } from './folderPaths.ts';
import { GitError } from './gitProcess.ts';
import { createIncludeGate } from './includePatterns.ts';
import { locateRepository } from './locateRepository.ts';
import { findIncluded, includePatterns } from './materialiseInclude.ts';
import type { ObjectStore } from './objectStore.ts';
import { persist, removeFolder } from './removeFolder.ts';

/** What of the user's folder comes along although no snapshot has it. */
export interface IncludeRequest {
  /** In gitignore syntax, from the top of the repository; those of its `.worktreeinclude` are added. */
  readonly patterns: readonly string[];
  /** `copy` shares nothing that can be written through; `link` makes links to the user's own files. */
  readonly by: 'copy' | 'link';
  readonly policy: Policy;
  /** Who may get to see what is in the files. What is for a `model` has nothing that policy forbids, whatever the patterns name. */
  readonly reader?: 'user' | 'model';
}

export interface MaterialiseRequest {
  readonly snapshot: Snapshot;
  /** The snapshot's own tree, or a run's. */
  readonly tree: ObjectName;
  /** Where the folder is to be: an absolute path outside the snapshot's folder, not there yet, in a folder of ours. */
  readonly destination: string;
  readonly include: IncludeRequest;
}

/**
 * Writes a tree as real files. The destination is there when all of it is, and else not at all. Only reads the user's folder and
 * repository. `scratch` is an empty folder of ours. Throws `UserError` (`folder-failed`), `FolderLeft` when what was begun
 * can't be removed again, or the signal's reason.
 */
export async function materialise(
  store: ObjectStore,
  scratch: string,
  request: MaterialiseRequest,
  signal: AbortSignal,
  onProgress: (stage: string) => void,
): Promise<BroughtAlong> {
  const { snapshot, destination } = request;
  const staging = `${destination}.making`;
  if (await isThere(destination)) throw new Error(`There is something at ${destination} already`);
  await mkdir(staging);
  try {
    const made = await make(store, scratch, request, staging, { signal, onProgress });
    const content = join(staging, snapshot.prefix);
    // The whole is moved where the folder is in no repository's sub-folder; a scanner may be looking at it.
    await persist(() => rename(content, destination), signal);
    if (snapshot.prefix !== '') await removeFolder(staging);
    return made;
  } catch (error) {
    await removeFolder(staging);
    throw signal.aborted ? signal.reason : asUserError(error, snapshot);
  }
}

async function make(
  store: ObjectStore,
  scratch: string,
  { snapshot, tree, destination, include }: MaterialiseRequest,
  staging: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (stage: string) => void },
): Promise<BroughtAlong> {
  const { folder, prefix } = snapshot;
  const hasFolder = await isFolder(folder);
  if (hasFolder && inside(await realpath(folder), await realpath(staging)) !== undefined) {
    throw new Error(`${destination} is inside the folder it was to be outside of`);
  }
  const repository = hasFolder && snapshot.gitDir !== undefined ? await locateRepository(folder, signal) : undefined;
  onProgress('Writing files');
  const pointers = await checkOutTree({ store, scratch, snapshot, tree, repository }, staging, signal);
  const into = join(staging, prefix);
  await mkdir(into, { recursive: true });
  if (!hasFolder) return { included: [], skipped: pointers };

  onProgress('Looking for ignored files to bring along');
  const patterns = await includePatterns(repository?.top ?? folder, include.patterns);
  const paths = await findIncluded({ store, scratch, snapshot, repository }, patterns, signal);
  const named = include.reader === 'model' ? [] : patterns;
  const gate = createIncludeGate(include.policy, named, prefix);
  const brought = await bringAlong({ folder, into, destination, by: include.by, gate }, paths, signal, (path) =>
    onProgress(`${include.by === 'link' ? 'Linking' : 'Copying'} ${path}`),
  );
  return {
    ...brought,
    skipped: [...brought.skipped, ...[...absent(snapshot, brought.included), ...pointers].slice(0, mostSkipped)],
  };
}

/** What the folder has and the snapshot doesn't, for other reasons than its rules, unless it was brought along. */
function absent({ tooLarge = [], notHere = [] }: Snapshot, included: readonly string[]): readonly Skipped[] {
  const isIncluded = (path: string) => included.some((one) => path === one || path.startsWith(`${one}/`));
  return [
    ...tooLarge
      .filter((path) => !isIncluded(path))
      .map((path) => ({ path, why: 'it is too large for a snapshot, and no pattern brings it along' })),
    ...notHere.map((path) => ({
      path,
      why: 'its content is not on this machine, but in the remote of a partial clone',
    })),
  ];
}

function asUserError(error: unknown, { folder }: Snapshot): unknown {
  if (error instanceof GitError) {
    const isGone = /unable to read|failed to unpack tree|not a tree object|not a valid object|bad object/.test(
      error.stderr,
    );
    return new UserError({
      code: 'folder-failed',
      message: isGone
        ? `Some of the files are gone: Git has removed them from the repository of ${folder}. Start a new round.`
        : `Git could not write the files: ${error.stderr.split('\n').at(-1)}. Nothing is left of them. Repair this and try again.`,
      action: { type: 'show-log' },
      detail: error.message,
    });
  }
  if (error instanceof Error && (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT')) {
    return new UserError({
      code: 'folder-failed',
      message: 'The disk is full, so the folder was not made; nothing is left of it. Free some space, then try again.',
      action: { type: 'retry' },
      detail: error.message,
    });
  }
  return error;
}
