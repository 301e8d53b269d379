import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChange, FileVersion, ObjectName, Patch, Snapshot } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import { UserError } from '../problem.ts';
import type { BroughtAlong } from './bringAlong.ts';
import { bringTree } from './bringTree.ts';
import { writeChangedTree } from './changedTree.ts';
import { packCommit } from './commitPack.ts';
import { composeTree } from './composeTree.ts';
import type { Copy } from './copy.ts';
import type { Files } from './files.ts';
import { encodeName } from './gitNames.ts';
import { GitError } from './gitProcess.ts';
import { requireGit } from './gitVersion.ts';
import { ListedFiles } from './listedFiles.ts';
import { type MaterialiseRequest, materialise } from './materialise.ts';
import { mergeTexts } from './mergeTexts.ts';
import { ObjectStore } from './objectStore.ts';
import { placePatch } from './placePatch.ts';
import { takeSnapshot } from './snapshot.ts';
import { TreeCopy } from './treeCopy.ts';
import { snapshotOfTree } from './treeSnapshot.ts';
import type {
  CommitRequest,
  ComposedTreeFile,
  MergeResult,
  PackedCommit,
  Placement,
  Resolutions,
  SnapshotRequest,
  TaskStorage,
  TreeSnapshotRequest,
  TreeSource,
} from './workspace.ts';

/** How many start trees stay in memory; a round has one, and a person goes back and forth between few. */
const keptTrees = 4;

/** Scratch folders older than this belong to a window that is gone. */
const staleAfterMilliseconds = 24 * 60 * 60 * 1000;

/** Opens the git side of a task; makes nothing until it is used. `directory` belongs to the task alone. */
export function openTaskStorage(directory: string): TaskStorage {
  return new GitTaskStorage(directory);
}

class GitTaskStorage implements TaskStorage {
  readonly #directory: string;
  readonly #store: ObjectStore;
  readonly #end = new AbortController();
  /** What is in the trees that copies start as, the latest last. */
  readonly #files = new Map<ObjectName, Promise<Files>>();
  /** What may still make files in the folder. */
  readonly #writing = new Set<Promise<unknown>>();
  #ready: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.#store = new ObjectStore(directory, this.#end.signal);
  }

  takeSnapshot(request: SnapshotRequest, signal?: AbortSignal): Promise<Snapshot> {
    return this.#work(signal, async (scratch, ending) => {
      const { snapshot, files } = await takeSnapshot(this.#store, scratch, request, ending);
      this.#remember(snapshot.tree, Promise.resolve(files));
      return snapshot;
    });
  }

  snapshotOfTree(tree: ObjectName, request: TreeSnapshotRequest, signal?: AbortSignal): Promise<Snapshot> {
    return this.#work(signal, (_, ending) => snapshotOfTree(this.#store, tree, request, ending));
  }

  bringTree(tree: ObjectName, source: TreeSource, signal?: AbortSignal): Promise<void> {
    return this.#work(signal, (scratch, ending) => bringTree(this.#store, scratch, tree, source, ending));
  }

  openCopy(snapshot: Snapshot, startTree: ObjectName, policy: Policy, signal?: AbortSignal): Promise<Copy> {
    return this.#tracked(this.#openCopy(snapshot, startTree, policy, signal));
  }

  async #openCopy(snapshot: Snapshot, startTree: ObjectName, policy: Policy, signal?: AbortSignal): Promise<Copy> {
    const ending = this.#ending(signal);
    await this.#prepare();
    const files = await this.#filesOf(startTree);
    ending.throwIfAborted();
    return new TreeCopy({ store: this.#store, start: startTree, files, base: snapshot.tree, policy });
  }

  async readBlob(blob: ObjectName, signal?: AbortSignal): Promise<Uint8Array> {
    const [bytes] = await this.#store.readBlobs([blob], this.#ending(signal));
    return bytes ?? new Uint8Array();
  }

  compose(snapshot: Snapshot, files: readonly ComposedTreeFile[], signal?: AbortSignal): Promise<Patch> {
    return this.#tracked(this.#compose(snapshot.tree, files, signal));
  }

  async #compose(tree: ObjectName, composed: readonly ComposedTreeFile[], signal?: AbortSignal): Promise<Patch> {
    const ending = this.#ending(signal);
    await this.#prepare();
    const base = { tree, files: await this.#filesOf(tree) };
    return composeTree(this.#store, base, composed, ending);
  }

  treeWith(tree: ObjectName, files: readonly FileVersion[], signal?: AbortSignal): Promise<ObjectName> {
    return this.#tracked(this.#treeWith(tree, files, signal));
  }

  async #treeWith(tree: ObjectName, files: readonly FileVersion[], signal?: AbortSignal): Promise<ObjectName> {
    const ending = this.#ending(signal);
    await this.#prepare();
    const entries = files.map(({ path, mode, blob }) => [encodeName(path), { mode, blob }] as const);
    return writeChangedTree(this.#store, tree, new Map(entries), ending);
  }

  async keep(changes: readonly FileChange[], signal?: AbortSignal): Promise<void> {
    const versions = changes.flatMap(({ base, after }) => [base, after]);
    const blobs = versions.flatMap((version) => (version && version.mode !== '160000' ? [version.blob] : []));
    await this.#tracked(this.#store.own(blobs, this.#ending(signal)));
  }

  placePatch(
    snapshot: Snapshot,
    patchText: string,
    onto: ObjectName,
    signal?: AbortSignal,
    resolved?: Resolutions,
  ): Promise<Placement> {
    return this.#work(signal, (scratch, ending) =>
      placePatch(this.#store, scratch, { snapshot, patchText, onto, resolved }, ending),
    );
  }

  packCommit(request: CommitRequest, signal?: AbortSignal): Promise<PackedCommit> {
    return this.#work(signal, (_, ending) => packCommit(this.#store, request, ending));
  }

  merge(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array, signal?: AbortSignal): Promise<MergeResult> {
    return this.#work(signal, (scratch, ending) => mergeTexts(scratch, base, ours, theirs, ending));
  }

  materialise(
    request: MaterialiseRequest,
    signal?: AbortSignal,
    onProgress: (stage: string) => void = () => {},
  ): Promise<BroughtAlong> {
    return this.#work(signal, (scratch, ending) => materialise(this.#store, scratch, request, ending, onProgress));
  }

  dispose(): void {
    this.#end.abort(new DOMException('The task was closed.', 'AbortError'));
    this.#tracked(this.#store.close()).catch(() => {});
  }

  async close(): Promise<void> {
    this.dispose();
    await Promise.allSettled(this.#writing);
  }

  /** Does something in an empty folder of its own, which goes away afterwards. */
  #work<T>(signal: AbortSignal | undefined, work: (scratch: string, ending: AbortSignal) => Promise<T>): Promise<T> {
    return this.#tracked(this.#workInScratch(signal, work));
  }

  async #workInScratch<T>(
    signal: AbortSignal | undefined,
    work: (scratch: string, ending: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const ending = this.#ending(signal);
    await this.#prepare();
    ending.throwIfAborted();
    const scratch = join(this.#directory, 'scratch', randomUUID());
    await mkdir(scratch);
    try {
      return await work(scratch, ending);
    } finally {
      // An aborted git may still be leaving.
      await rm(scratch, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
    }
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#writing.add(work);
    const forget = () => this.#writing.delete(work);
    work.then(forget, forget);
    return work;
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
    const folder = join(this.#directory, 'scratch');
    await mkdir(folder, { recursive: true });
    await removeStale(folder);
  }

  #filesOf(tree: ObjectName): Promise<Files> {
    const files = this.#files.get(tree) ?? this.#listTree(tree);
    this.#remember(tree, files);
    return files;
  }

  #remember(tree: ObjectName, files: Promise<Files>): void {
    this.#files.delete(tree);
    this.#files.set(tree, files);
    files.catch(() => this.#files.delete(tree));
    const [oldest] = this.#files.keys();
    if (oldest !== undefined && this.#files.size > keptTrees) {
      this.#files.delete(oldest);
    }
  }

  /** Not ended by one copy's signal: others may be waiting for it. */
  async #listTree(tree: ObjectName): Promise<Files> {
    try {
      const args = ['ls-tree', '-r', '-z', '--full-tree', tree];
      const { stdout } = await this.#store.run(args, { objects: 'all', signal: this.#end.signal });
      return new ListedFiles(stdout);
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
