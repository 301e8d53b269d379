import type { FileChange, FileMode, FileVersion, ObjectName, Patch, Snapshot } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import type { ConflictedFile } from '../pullRequest.ts';
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

/** A patch put on another commit, or the files where that is not possible without an answer: in order of their paths, each once. */
export type Placement =
  | { readonly placed: true; readonly changes: readonly TreeChange[] }
  | { readonly placed: false; readonly conflicts: readonly ConflictedFile[] };

/** The bytes of files that were in conflict as they shall be, by path from the top of the repository; undefined: not there. */
export type Resolutions = ReadonlyMap<string, Uint8Array | undefined>;

/** One line of a tree object as a server tells it: `name` is a single segment, `mode` in octal with or without a leading zero. */
export interface SourceEntry {
  readonly mode: string;
  readonly name: string;
  readonly object: ObjectName;
}

/** Where objects can be had that are not on this machine. Nothing that it answers is trusted. */
export interface TreeSource {
  /** What stands in this tree itself, in any order. */
  readTree(tree: ObjectName): Promise<readonly SourceEntry[]>;
  readBlob(blob: ObjectName): Promise<Uint8Array>;
}

/** What a snapshot of a tree is about. */
export interface TreeSnapshotRequest {
  readonly folder: string;
  readonly policy: Policy;
  /** The commit that the tree is of. */
  readonly commit: ObjectName;
}

/** A commit to be made. */
export interface CommitRequest {
  /** Readable, as is its tree. */
  readonly parent: { readonly commit: ObjectName; readonly tree: ObjectName };
  readonly changes: readonly TreeChange[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
}

/** A commit with a pack of all that it has and its parent hasn't. */
export interface PackedCommit {
  readonly commit: ObjectName;
  readonly pack: Uint8Array;
}

export type MergeResult = { readonly merged: true; readonly bytes: Uint8Array } | { readonly merged: false };

/**
 * The git side of one task. It owns one folder (the task's storage), in which everything it makes lives:
 * a private git directory with its own objects, and temporary files. Nothing is ever written into the user's folder, `.git` or index.
 * Failures that the user can act on are `UserError`s (`git-missing`, `git-too-old`, `snapshot-failed`).
 */
export interface TaskStorage {
  takeSnapshot(request: SnapshotRequest, signal?: AbortSignal): Promise<Snapshot>;
  /**
   * The folder as a snapshot, as if its files were those of `tree` (of the whole repository, and readable): what is in the
   * folder or its index plays no part. What policy forbids is left out. Throws `UserError` (`no-remote`, `snapshot-failed`).
   */
  snapshotOfTree(tree: ObjectName, request: TreeSnapshotRequest, signal?: AbortSignal): Promise<Snapshot>;
  /**
   * Makes a tree of GitHub's, with all that is in it, readable in the task's own store: takes from `source` what neither the store nor the
   * user's repository has. What it answers has to be what its name says, and possible as files. Throws `UserError`
   * (`github-failed`) where it isn't, and where there is too much to fetch.
   */
  bringTree(tree: ObjectName, source: TreeSource, signal?: AbortSignal): Promise<void>;
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
  /**
   * Puts a patch 3-way on a commit or tree that is readable (see `bringTree`), in a private index. `resolved` answers conflicts
   * that an earlier call for the same `onto` told of; what it leaves open is told again. Answers for other paths don't count.
   * Throws `UserError` (`patch-conflict`) for answers that can't be beside each other, such as a file and one in a folder of its name.
   */
  placePatch(
    snapshot: Snapshot,
    patchText: string,
    onto: ObjectName,
    signal?: AbortSignal,
    resolved?: Resolutions,
  ): Promise<Placement>;
  /** Makes a commit in the task's own store. No branch has it. */
  packCommit(request: CommitRequest, signal?: AbortSignal): Promise<PackedCommit>;
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
