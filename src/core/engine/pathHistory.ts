import type { Candidate } from '../composition.ts';
import type { FileVersion } from '../domain.ts';

/** What a candidate did to files. */
export type Changed = Pick<Candidate, 'changes'>;

/** A path that an apply is about, at each moment it is known at; a version is undefined where there is no file. */
export interface PathHistory {
  readonly path: string;
  /** What the run leaves there. */
  readonly wanted: FileVersion | undefined;
  /** What was there before the run: after each run it goes on from, newest first, and last in the snapshot. */
  readonly earlier: readonly (FileVersion | undefined)[];
  /** False where only earlier runs changed the path, and this run took that back. */
  readonly isInPatch: boolean;
  /** Where the run moved the file from. */
  readonly movedFrom?: string;
}

/**
 * Every path that a run's patch, or one of the runs it goes on from, changes, in order. All their patches are differences
 * against one snapshot, so a path that isn't in a patch is as the snapshot has it. `origins` are newest first.
 */
export function pathHistories(run: Changed, origins: readonly Changed[]): readonly PathHistory[] {
  const results = [run, ...origins].map(resultOf);
  const snapshot = new Map<string, FileVersion>();
  for (const { base } of [run, ...origins].flatMap(({ changes }) => changes)) if (base) snapshot.set(base.path, base);
  const sources = new Map<string, string>();
  for (const { base, after } of run.changes) {
    if (base && after && base.path !== after.path) sources.set(after.path, base.path);
  }
  return [...new Set(results.flatMap((result) => [...result.keys()]))].sort().map((path) => {
    const [wanted, ...earlier] = results.map((result) => (result.has(path) ? result.get(path) : snapshot.get(path)));
    const movedFrom = sources.get(path);
    return {
      path,
      wanted,
      earlier: [...earlier, snapshot.get(path)],
      isInPatch: results[0]?.has(path) === true,
      ...(movedFrom !== undefined && { movedFrom }),
    };
  });
}

/** What a run leaves at each path it changes. */
function resultOf({ changes }: Changed): ReadonlyMap<string, FileVersion | undefined> {
  const result = new Map<string, FileVersion | undefined>();
  for (const { base } of changes) if (base) result.set(base.path, undefined);
  for (const { after } of changes) if (after) result.set(after.path, after);
  return result;
}
