import type { FileCell, FileRow } from '../comparison.ts';
import { type FileChange, pathOf, type Run } from '../domain.ts';

/** The files × candidates table of these runs: every file any of them changed, sorted by path. Pure. */
export function compareRuns(runs: readonly Run[]): readonly FileRow[] {
  const byRun = runs.map((run) => new Map(run.changes.map((change) => [pathOf(change), change])));
  const paths = [...new Set(byRun.flatMap((changes) => [...changes.keys()]))].sort();
  return paths.map((path) => ({
    path,
    cells: byRun.map((changes, column) => {
      const change = changes.get(path);
      if (!change) return null;
      const twin = byRun.findIndex((other, index) => index < column && isSameResult(other.get(path), change));
      return cellOf(change, runs[twin]);
    }),
  }));
}

function cellOf(change: FileChange, twin: Run | undefined): FileCell {
  return {
    kind: change.kind,
    ...(change.lines && { lines: change.lines }),
    ...(twin && { sameAs: twin.id }),
  };
}

/** Whether two changes of one file end in the same file: same base, content, mode and place. */
function isSameResult(a: FileChange | undefined, b: FileChange): boolean {
  return (
    a !== undefined &&
    a.kind === b.kind &&
    a.base?.path === b.base?.path &&
    a.after?.blob === b.after?.blob &&
    a.after?.mode === b.after?.mode
  );
}
