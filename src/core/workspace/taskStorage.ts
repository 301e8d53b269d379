import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChange, ObjectName, Snapshot } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import { UserError } from '../problem.ts';
import type { Copy } from './copy.ts';
import { type BaseEntries, toBaseEntries } from './copyEntries.ts';
import { GitError } from './gitProcess.ts';
import { requireGit } from './gitVersion.ts';
import { IndexCopy } from './indexCopy.ts';
import { mergeTexts } from './mergeTexts.ts';
import { ObjectStore } from './objectStore.ts';
import { placePatch } from './placePatch.ts';
import { takeSnapshot } from './snapshot.ts';
import { parseEntries } from './snapshotIndex.ts';
import type { MergeResult, Placement, SnapshotRequest, TaskStorage } from './workspace.ts';

/** The index of a tree and what is in it, made once for all copies that start there. */
interface Base {
  readonly indexFile: string;
  readonly entries: BaseEntries;
}

/** How many start trees stay in memory; a round has one, and a person goes back and forth between few. */
const keptBases = 4;

/** Indexes and scratch folders older than this belong to a window that is gone. */
const staleAfterMilliseconds = 24 * 60 * 60 * 1000;

/** Opens the git side of a task; makes nothing until it is used. `directory` belongs to the task alone. */
export function openTaskStorage(directory: string): TaskStorage {
  return new GitTaskStorage(directory);
}

/** Removes everything a task ever made. Its storage must have been disposed of. */
export async function deleteTaskStorage(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

class GitTaskStorage implements TaskStorage {
  readonly #directory: string;
  readonly #store: ObjectStore;
  readonly #end = new AbortController();
  readonly #bases = new Map<ObjectName, Promise<Base>>();
  #ready: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.#store = new ObjectStore(directory);
  }

  takeSnapshot(request: SnapshotRequest, signal?: AbortSignal): Promise<Snapshot> {
    return this.#work(signal, (scratch, ending) => takeSnapshot(this.#store, scratch, request, ending));
  }

  async openCopy(snapshot: Snapshot, startTree: ObjectName, policy: Policy, signal?: AbortSignal): Promise<Copy> {
    const ending = this.#ending(signal);
    await this.#prepare();
    const base = await this.#base(startTree);
    ending.throwIfAborted();
    const indexFile = join(this.#directory, 'indexes', randomUUID());
    await copyFile(base.indexFile, indexFile, constants.COPYFILE_FICLONE);
    return new IndexCopy({
      store: this.#store,
      indexFile,
      entries: base.entries,
      base: snapshot.tree,
      policy,
      noWorkTree: join(this.#directory, 'none'),
    });
  }

  async readBlob(blob: ObjectName, signal?: AbortSignal): Promise<Uint8Array> {
    const [bytes] = await this.#store.readBlobs([blob], this.#ending(signal));
    return bytes ?? new Uint8Array();
  }

  async keep(changes: readonly FileChange[], signal?: AbortSignal): Promise<void> {
    const versions = changes.flatMap(({ base, after }) => [base, after]);
    const blobs = versions.flatMap((version) => (version && version.mode !== '160000' ? [version.blob] : []));
    await this.#store.own(blobs, this.#ending(signal));
  }

  placePatch(snapshot: Snapshot, patchText: string, commit: ObjectName, signal?: AbortSignal): Promise<Placement> {
    return this.#work(signal, (scratch, ending) =>
      placePatch(this.#store, scratch, snapshot, patchText, commit, ending),
    );
  }

  merge(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array, signal?: AbortSignal): Promise<MergeResult> {
    return this.#work(signal, (scratch, ending) => mergeTexts(scratch, base, ours, theirs, ending));
  }

  dispose(): void {
    this.#end.abort(new DOMException('The task was closed.', 'AbortError'));
  }

  /** Does something in an empty folder of its own, which goes away afterwards. */
  async #work<T>(signal: AbortSignal | undefined, work: (scratch: string, ending: AbortSignal) => Promise<T>) {
    const ending = this.#ending(signal);
    await this.#prepare();
    const scratch = join(this.#directory, 'scratch', randomUUID());
    await mkdir(scratch);
    try {
      return await work(scratch, ending);
    } finally {
      // An aborted git may still be leaving.
      await rm(scratch, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
    }
  }

  #ending(signal: AbortSignal | undefined): AbortSignal {
    const ending = signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal;
    ending.throwIfAborted();
    return ending;
  }

  #prepare(): Promise<void> {
    this.#ready ??= this.#makeFolders().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #makeFolders(): Promise<void> {
    await requireGit();
    for (const name of ['scratch', 'indexes', 'none']) {
      const folder = join(this.#directory, name);
      await mkdir(folder, { recursive: true });
      await removeStale(folder);
    }
  }

  async #base(tree: ObjectName): Promise<Base> {
    const known = this.#bases.get(tree);
    const base = await known;
    // Another window may have found the file stale.
    if (base && (await exists(base.indexFile))) {
      return base;
    }
    if (this.#bases.get(tree) !== known) {
      return this.#base(tree);
    }
    const made = this.#makeBase(tree);
    this.#bases.set(tree, made);
    made.catch(() => this.#bases.delete(tree));
    const [oldest] = this.#bases.keys();
    if (oldest !== undefined && this.#bases.size > keptBases) {
      this.#bases.delete(oldest);
    }
    return made;
  }

  /** Not ended by one copy's signal: others may be waiting for it. */
  async #makeBase(tree: ObjectName): Promise<Base> {
    const indexFile = join(this.#directory, 'indexes', randomUUID());
    const env = { GIT_INDEX_FILE: indexFile };
    const options = { objects: 'all', env, signal: this.#end.signal } as const;
    try {
      await this.#store.run(['read-tree', tree], options);
      const { stdout } = await this.#store.run(['ls-files', '--stage', '-z'], options);
      return { indexFile, entries: toBaseEntries(parseEntries(stdout)) };
    } catch (error) {
      if (!(error instanceof GitError)) {
        throw error;
      }
      throw new UserError({
        code: 'not-found',
        message:
          'The files this run was to start from are gone: Git has removed them from the repository. Start a new round.',
        detail: error.message,
      });
    }
  }
}

async function removeStale(folder: string): Promise<void> {
  const limit = Date.now() - staleAfterMilliseconds;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < limit) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
