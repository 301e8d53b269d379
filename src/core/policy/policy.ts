/** What policy says about one path. `path` is the path normalised: relative, forward slashes, no `.` or `..`. */
export type Verdict =
  | { readonly allowed: true; readonly path: string }
  | { readonly allowed: false; readonly reason: string };

/** Where a path is being checked. `snapshot` has a path of the folder's own; the others have a model's spelling. */
export type Gate = 'snapshot' | 'read' | 'write';

/** One object asked at every gate: what enters a snapshot, what a tool reads or writes, what a patch may hold. */
export interface Policy {
  check(path: string, gate: Gate): Verdict;
}
