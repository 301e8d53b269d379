import type { FileChange, FileVersion, ObjectName, Snapshot } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import type { MaterialiseRequest } from './materialise.ts';
import type {
  CommitRequest,
  ComposedTreeFile,
  Resolutions,
  SnapshotRequest,
  TaskStorage,
  TreeSnapshotRequest,
  TreeSource,
} from './workspace.ts';

/** A task's storage whose code is loaded when it is first used, so that activation doesn't wait for the git side. */
export class LazyTaskStorage implements TaskStorage {
  readonly #directory: string;
  #storage: Promise<TaskStorage> | undefined;
  #isClosed = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async takeSnapshot(request: SnapshotRequest, signal?: AbortSignal) {
    return (await this.#load()).takeSnapshot(request, signal);
  }

  async snapshotOfTree(tree: ObjectName, request: TreeSnapshotRequest, signal?: AbortSignal) {
    return (await this.#load()).snapshotOfTree(tree, request, signal);
  }

  async bringTree(tree: ObjectName, source: TreeSource, signal?: AbortSignal) {
    return (await this.#load()).bringTree(tree, source, signal);
  }

  async openCopy(snapshot: Snapshot, startTree: ObjectName, policy: Policy, signal?: AbortSignal) {
    return (await this.#load()).openCopy(snapshot, startTree, policy, signal);
  }

  async readBlob(blob: ObjectName, signal?: AbortSignal) {
    return (await this.#load()).readBlob(blob, signal);
  }

  async compose(snapshot: Snapshot, files: readonly ComposedTreeFile[], signal?: AbortSignal) {
    return (await this.#load()).compose(snapshot, files, signal);
  }

  async treeWith(tree: ObjectName, files: readonly FileVersion[], signal?: AbortSignal) {
    return (await this.#load()).treeWith(tree, files, signal);
  }

  async keep(changes: readonly FileChange[], signal?: AbortSignal) {
    return (await this.#load()).keep(changes, signal);
  }

  async placePatch(
    snapshot: Snapshot,
    patchText: string,
    onto: ObjectName,
    signal?: AbortSignal,
    resolved?: Resolutions,
  ) {
    return (await this.#load()).placePatch(snapshot, patchText, onto, signal, resolved);
  }

  async packCommit(request: CommitRequest, signal?: AbortSignal) {
    return (await this.#load()).packCommit(request, signal);
  }

  async merge(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array, signal?: AbortSignal) {
    return (await this.#load()).merge(base, ours, theirs, signal);
  }

  async materialise(request: MaterialiseRequest, signal?: AbortSignal, onProgress?: (stage: string) => void) {
    return (await this.#load()).materialise(request, signal, onProgress);
  }

  dispose(): void {
    this.#isClosed = true;
    // Where loading failed there is nothing to end.
    this.#storage?.then((storage) => storage.dispose()).catch(() => {});
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const storage = await this.#storage?.catch(() => undefined);
    await storage?.close();
  }

  #load(): Promise<TaskStorage> {
    this.#storage ??= this.#open();
    return this.#storage;
  }

  async #open(): Promise<TaskStorage> {
    const { openTaskStorage } = await import('./taskStorage.ts');
    const storage = openTaskStorage(this.#directory);
    if (this.#isClosed) storage.dispose();
    return storage;
  }
}
