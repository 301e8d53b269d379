import { type FileVersion, isEnded, type Run } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import { UserError } from '../problem.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { assertPatchAllowed, assertPathAllowed } from './patchGate.ts';
import { type PathHistory, pathHistories } from './pathHistory.ts';
import { type Content, isSame, nearest, withLineFeeds } from './textVersions.ts';

/** One file of an apply. `path` is relative to the folder. */
export type FileEdit =
  | { readonly type: 'write'; readonly path: string; readonly bytes: Uint8Array; readonly isNew: boolean }
  | { readonly type: 'delete'; readonly path: string };

/** What the folder holds now at a path, with unsaved text where an editor has some; undefined when there is no file. */
export type ReadCurrent = (path: string) => Promise<Uint8Array | undefined>;

export interface ApplyRequest {
  readonly run: Run;
  /** The runs it goes on from, newest first: the folder may hold what one of them left. */
  readonly origins: readonly Run[];
  readonly storage: TaskStorage;
  readonly policy: Policy;
  readonly readCurrent: ReadCurrent;
  readonly signal?: AbortSignal | undefined;
}

/** What a file becomes, or that the run's version of it can't be put there. */
type Outcome = { readonly fits: true; readonly content: Content } | { readonly fits: false };

/**
 * How to bring a run's patch into the folder as it is now: each file 3-way against what the folder had of it before.
 * Throws `UserError` (`patch-conflict`) that names the files where that isn't possible; then nothing is to be done at all.
 */
export async function planApply(request: ApplyRequest): Promise<readonly FileEdit[]> {
  const { run, origins, policy, readCurrent, storage, signal } = request;
  const histories = pathHistories(run, origins);
  if (histories.length === 0) throw nothingToShip();
  await assertPatchAllowed(run.changes, policy, (blob) => storage.readBlob(blob, signal));
  for (const { wanted, earlier, isInPatch } of histories) {
    const irregular = isInPatch && [wanted, earlier.at(-1)].find((version) => !isFile(version));
    if (irregular) throw notAFile(irregular.path);
  }

  const byPath = new Map(histories.map((history) => [history.path, history]));
  const sources = new Map<PathHistory, PathHistory>();
  for (const target of histories) {
    const source = target.movedFrom !== undefined && byPath.get(target.movedFrom);
    // Where the target is there already, the move was made before, and each of the two paths stands for itself.
    if (source && (await readCurrent(target.path)) === undefined) sources.set(target, source);
  }
  const moved = new Set(sources.values());
  const edits: FileEdit[] = [];
  const conflicts: string[] = [];
  for (const history of histories) {
    if (moved.has(history)) continue;
    const { path, wanted } = history;
    const source = sources.get(history) ?? history;
    const current = await readCurrent(source.path);
    const outcome = history.isInPatch
      ? await settle(request, source.earlier, wanted, current)
      : await takeBack(request, history, current);
    if (!outcome.fits) {
      conflicts.push(source.path);
      continue;
    }
    const { content } = outcome;
    if (current && (source !== history || !content)) edits.push({ type: 'delete', path: source.path });
    if (content && (source !== history || content !== current)) {
      edits.push({ type: 'write', path, bytes: content, isNew: source !== history || current === undefined });
    }
  }
  if (conflicts.length > 0) throw conflict(conflicts);
  return edits;
}

/**
 * A file of the patch. Where the user changed it too, the base of the merge is the version the user's is nearest to: with the
 * snapshot as the base, what the run took back of an applied origin would stay; with the origin's result as the base where
 * that was never applied, the origin's part of the patch would silently be left out.
 */
async function settle(
  { storage, signal }: ApplyRequest,
  earlier: readonly (FileVersion | undefined)[],
  wantedVersion: FileVersion | undefined,
  current: Content,
): Promise<Outcome> {
  const wanted = await read(storage, wantedVersion, signal);
  if (isSame(current, wanted)) return { fits: true, content: current };
  const versions = await Promise.all(earlier.filter(isFile).map((version) => read(storage, version, signal)));
  if (versions.some((version) => isSame(current, version))) return { fits: true, content: wanted };
  const base = current && nearest(current, versions);
  if (!base || !wanted) return { fits: false };
  const merged = await storage.merge(withLineFeeds(base), withLineFeeds(current), withLineFeeds(wanted), signal);
  if (!merged.merged) return { fits: false };
  return { fits: true, content: isSame(merged.bytes, current) ? current : merged.bytes };
}

/** A file that only origins changed: back to what it was, if it is what an origin left; else it is the user's, and stays. */
async function takeBack(
  { storage, policy, signal }: ApplyRequest,
  { path, wanted, earlier }: PathHistory,
  current: Content,
): Promise<Outcome> {
  const keep: Outcome = { fits: true, content: current };
  if (!isFile(wanted)) return keep;
  const before = await read(storage, wanted, signal);
  if (isSame(current, before)) return keep;
  for (const version of earlier.slice(0, -1).filter(isFile)) {
    if (!isSame(current, await read(storage, version, signal))) continue;
    assertPathAllowed(path, policy);
    return { fits: true, content: before };
  }
  return keep;
}

async function read(storage: TaskStorage, version: FileVersion | undefined, signal: AbortSignal | undefined) {
  return version && storage.readBlob(version.blob, signal);
}

/** Whether an editor can hold it: a file or none, but no symbolic link and no submodule. */
function isFile(version: FileVersion | undefined): boolean {
  return !version || version.mode === '100644' || version.mode === '100755';
}

/** Throws `UserError` while a run is at work: what it has so far is half of something. */
export function assertEnded(run: Run): void {
  if (isEnded(run)) return;
  throw new UserError({
    code: 'nothing-to-ship',
    message: 'This run is still working. Wait until it ends, or cancel it, then try again.',
  });
}

/** The problem of a run without a patch. */
export function nothingToShip(): UserError {
  return new UserError({
    code: 'nothing-to-ship',
    message: 'This run changed no file, so there is nothing to ship. Choose another run, or send a follow-up message.',
  });
}

function notAFile(path: string): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `${path} is a symbolic link or a submodule, which an editor can't apply. Create a pull request instead; nothing was changed.`,
  });
}

function conflict(paths: readonly string[]): UserError {
  const files = paths.length === 1 ? paths[0] : `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;
  return new UserError({
    code: 'patch-conflict',
    message: `The patch no longer fits: ${files} changed in the workspace in the same place since the run began. Nothing was changed. Send a follow-up that starts from the workspace, or undo your changes there.`,
  });
}
