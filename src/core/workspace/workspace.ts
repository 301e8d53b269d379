import type { FileChange, FileMode, FileVersion, ObjectName, Patch, Snapshot } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import type { BroughtAlong } from './bringAlong.ts';
import type { Copy } from './copy.ts';
import type { MaterialiseRequest } from './materialise.ts';

export interface UnsavedText {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface SnapshotRequest {
  readonly folder: string;
  readonly unsaved: readonly UnsavedText[];
  readonly policy: Policy;
}

/** A file of a tree to be made, relative to the top of the repository; without `version` the file goes away. */
export interface TreeChange {
  readonly path: string;
  readonly version?: { readonly mode: FileMode; readonly bytes: Uint8Array };
}

/** A file of a tree to be composed. `key` is its path in the snapshot, or the path it gets where the snapshot has no such file. */
export interface ComposedTreeFile {
  readonly key: string;
  /** What it is afterwards; absent where it is not there. */
  readonly after?: {
    readonly path: string;
    readonly mode: FileMode;
    /** An object that is there, or what to make of the snapshot's bytes (none where it has no such file). */
    readonly content: ObjectName | ((base: Uint8Array) => Uint8Array);
  };
}

/** A patch put on another commit, or the files where that is not possible. */
export type Placement =
  | { readonly placed: true; readonly changes: readonly TreeChange[] }
  | { readonly placed: false; readonly conflicts: readonly string[] };

export type MergeResult = { readonly merged: true; readonly bytes: Uint8Array } | { readonly merged: false };

/**
 * The git side of one task. It owns one folder (the task's storage), in which everything it makes lives:
 * a private git directory with its own objects, and temporary files. Nothing is ever written into the user's folder, `.git` or index.
 * Failures that the user can act on are `UserError`s (`git-missing`, `git-too-old`, `snapshot-failed`).
 */
export interface TaskStorage {
  takeSnapshot(request: SnapshotRequest, signal?: AbortSignal): Promise<Snapshot>;
  /** A copy that starts as `startTree` (the snapshot's own tree, or an earlier run's) and whose patch is against the snapshot's tree. */
  openCopy(snapshot: Snapshot, startTree: ObjectName, policy: Policy, signal?: AbortSignal): Promise<Copy>;
  readBlob(blob: ObjectName, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * The snapshot's tree with these files as they are told to be, and how it differs from the snapshot's own.
   * Throws `UserError` (`patch-conflict`) where two of them, or one and another file, can't be beside each other.
   */
  compose(snapshot: Snapshot, files: readonly ComposedTreeFile[], signal?: AbortSignal): Promise<Patch>;
  /** The tree that `tree` becomes with these files in it; what stands at their paths, or in the way to them, is replaced. */
  treeWith(tree: ObjectName, files: readonly FileVersion[], signal?: AbortSignal): Promise<ObjectName>;
  /** Makes the blobs of these changes independent of the user's repository, so they survive its `gc`. */
  keep(changes: readonly FileChange[], signal?: AbortSignal): Promise<void>;
  /** Puts a patch on the tree of `commit` (of the user's repository) 3-way, in a private index. */
  placePatch(snapshot: Snapshot, patchText: string, commit: ObjectName, signal?: AbortSignal): Promise<Placement>;
  /** Merges two versions of a text that come from one base. */
  merge(base: Uint8Array, ours: Uint8Array, theirs: Uint8Array, signal?: AbortSignal): Promise<MergeResult>;
  /**
   * Writes a tree as real files, all of them or none. `onProgress` is told what is being done, in a few words.
   * Throws `UserError` (`folder-failed`, `folder-in-use`).
   */
  materialise(
    request: MaterialiseRequest,
    signal?: AbortSignal,
    onProgress?: (stage: string) => void,
  ): Promise<BroughtAlong>;
  /** Ends what is still running. */
  dispose(): void;
  /** Ends what is still running, and resolves when nothing of it can make a file any more. */
  close(): Promise<void>;
}
