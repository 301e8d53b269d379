import type { FileMode } from '../domain.ts';
import type { RefusalKind } from '../problem.ts';

/** What policy says no to: which kind of rule, and one sentence or two that name the path and the rule. */
export interface Refusal {
  readonly allowed: false;
  readonly kind: RefusalKind;
  readonly reason: string;
}

/** What policy says about one path. `path` is the path normalised: relative, forward slashes, no `.` or `..`. */
export type Verdict = { readonly allowed: true; readonly path: string } | Refusal;

/** Where a path is being checked. `snapshot` has a path of the folder's own; the others have a model's spelling. */
export type Gate = 'snapshot' | 'read' | 'write';

/** One side of a file in a patch. */
export interface PatchedFile {
  readonly path: string;
  readonly mode: FileMode;
  /** Where a symbolic link leads, as git stores it; missing when it is no link, or when its target is not UTF-8. */
  readonly linkTarget?: string;
}

/** One file of a patch: added without `base`, deleted without `after`; renamed or copied when the paths differ. */
export interface PatchedChange {
  readonly base?: PatchedFile;
  readonly after?: PatchedFile;
}

/** One object asked at every gate: what enters a snapshot, what a tool reads or writes, what a patch may hold. */
export interface Policy {
  check(path: string, gate: Gate): Verdict;
  /** Whether a file of a patch may be as it is; the path of the verdict is where the file is listed. Also asked about what no tool can do. */
  checkChange(change: PatchedChange): Verdict;
  /** Whether a tool may read or write a file of so many bytes. */
  checkSize(path: string, bytes: number): Verdict;
}
