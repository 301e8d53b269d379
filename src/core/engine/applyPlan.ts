import { type Candidate, isComposition } from '../composition.ts';
import { type FileChange, type FileVersion, isEnded } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import { UserError } from '../problem.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { type ApplyConflict, editsOf, type FileEdit, kindOf, type Place } from './applyConflict.ts';
import { type FileState, shown } from './fileState.ts';
import { assertPatchAllowed, assertPathAllowed } from './patchGate.ts';
import { type Changed, type PathHistory, pathHistories } from './pathHistory.ts';
import { type Content, isSame, nearest, withLineFeeds } from './textVersions.ts';

/** What the folder holds now at a path; undefined when there is no file. */
export type ReadCurrent = (path: string) => Promise<FileState | undefined>;

/** What of a patch is applied. */
export interface ApplyOptions {
  /** Only these files of the patch, by either path of a change; all of them when absent. */
  readonly paths?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ApplyRequest extends ApplyOptions {
  readonly candidate: Changed;
  /** What it was when it was applied before, and the candidates it goes on from, newest first: the folder may hold what one of them left. */
  readonly origins: readonly Changed[];
  readonly storage: TaskStorage;
  readonly policy: Policy;
  readonly readCurrent: ReadCurrent;
}

/** How to bring a patch into the folder. Nothing is to be done until every conflict is resolved. */
export interface ApplyPlan {
  readonly edits: readonly FileEdit[];
  readonly conflicts: readonly ApplyConflict[];
}

/** What a file becomes, or the versions that can't be brought together. */
type Outcome =
  | { readonly fits: true; readonly content: Content }
  | { readonly fits: false; readonly base: Content; readonly theirs: Content };

/**
 * How to bring a candidate's patch, or some of its files, into the folder as it is now: each file 3-way against what the folder had
 * of it before. Throws `UserError` (`nothing-to-ship`; `patch-conflict` for what an editor can't apply; `refused-by-policy`).
 */
export async function planApply(request: ApplyRequest): Promise<ApplyPlan> {
  const { candidate, policy, readCurrent, storage, signal } = request;
  const { changes, histories } = selected(request);
  if (histories.length === 0) throw nothingToShip();
  await assertPatchAllowed(changes, policy, (blob) => storage.readBlob(blob, signal));
  for (const { wanted, earlier, isInPatch } of histories) {
    const irregular = isInPatch && [wanted, earlier.at(-1)].find((version) => !isFile(version));
    if (irregular) throw notAFile(irregular.path, candidate.changes.length === 1);
  }

  const sources = await findSources(histories, readCurrent);
  const moved = new Set(sources.values());
  const edits: FileEdit[] = [];
  const conflicts: ApplyConflict[] = [];
  for (const history of histories) {
    if (moved.has(history)) continue;
    const { path, wanted } = history;
    const source = sources.get(history) ?? history;
    const file = await readCurrent(source.path);
    const current = shown(file);
    const place: Place = { path, source: source.path, current };
    const outcome = history.isInPatch
      ? await settle(request, source.earlier, wanted, current)
      : await takeBack(request, history, current);
    const change = history.isInPatch ? executableOf(file, wanted, source.earlier) : undefined;
    // A moved file is a new one, which begins without the bit.
    const executable = source === history ? change : (change ?? file?.executable) || undefined;
    if (outcome.fits) edits.push(...editsOf(place, outcome.content, executable));
    else {
      const { base, theirs } = outcome;
      const kind = kindOf(base, current, theirs);
      conflicts.push({ ...place, kind, base, theirs, ...(executable !== undefined && { executable }) });
    }
  }
  return { edits, conflicts };
}

/** The changes that are asked for, and what is known of their paths. A rename is one change, and so taken whole. */
function selected({ candidate, origins, paths }: ApplyRequest): {
  readonly changes: readonly FileChange[];
  readonly histories: readonly PathHistory[];
} {
  const histories = pathHistories(candidate, origins);
  if (!paths) return { changes: candidate.changes, histories };
  const asked = new Set(paths);
  const changes = candidate.changes.filter((change) => pathsOf(change).some((path) => asked.has(path)));
  const taken = new Set(changes.flatMap(pathsOf));
  return { changes, histories: histories.filter(({ path }) => taken.has(path)) };
}

function pathsOf({ base, after }: FileChange): readonly string[] {
  return [base, after].filter((version) => version !== undefined).map(({ path }) => path);
}

/** Where the folder still has what a target of a move is made of. */
async function findSources(
  histories: readonly PathHistory[],
  readCurrent: ReadCurrent,
): Promise<ReadonlyMap<PathHistory, PathHistory>> {
  const byPath = new Map(histories.map((history) => [history.path, history]));
  const sources = new Map<PathHistory, PathHistory>();
  for (const target of histories) {
    const source = target.movedFrom !== undefined && byPath.get(target.movedFrom);
    // Where the target is there already, the move was made before, and each of the two paths stands for itself.
    if (source && (await readCurrent(target.path)) === undefined) sources.set(target, source);
  }
  return sources;
}

/**
 * A file of the patch. Where the user changed it too, the base of the merge is the version the user's is nearest to: with the
 * snapshot as the base, what the candidate took back of an applied origin would stay; with the origin's result as the base where
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
  if (!base || !wanted) return { fits: false, base: versions.at(-1), theirs: wanted };
  const merged = await storage.merge(withLineFeeds(base), withLineFeeds(current), withLineFeeds(wanted), signal);
  if (!merged.merged) return { fits: false, base, theirs: wanted };
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

/**
 * What the executable bit becomes: the candidate's, unless it left the bit alone and the user didn't. Undefined where it is right already,
 * and where the file system has none.
 */
function executableOf(
  file: FileState | undefined,
  wanted: FileVersion | undefined,
  earlier: readonly (FileVersion | undefined)[],
): boolean | undefined {
  if (!wanted) return undefined;
  const executable = wanted.mode === '100755';
  if (!file) return executable || undefined;
  if (file.executable === undefined || file.executable === executable) return undefined;
  const isKnown = earlier.some((version) => version && (version.mode === '100755') === file.executable);
  return isKnown ? executable : undefined;
}

/** Whether an editor can hold it: a file or none, but no symbolic link and no submodule. */
function isFile(version: FileVersion | undefined): boolean {
  return !version || version.mode === '100644' || version.mode === '100755';
}

/** Throws `UserError` while a run is at work: what it has so far is half of something. */
export function assertEnded(candidate: Candidate): void {
  if (isComposition(candidate) || isEnded(candidate)) return;
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

function notAFile(path: string, isAlone: boolean): UserError {
  const instead = isAlone
    ? 'Create a pull request instead'
    : 'Create a pull request instead, or apply the other files without it';
  return new UserError({
    code: 'patch-conflict',
    message: `${path} is a symbolic link or a submodule, which an editor can't apply. ${instead}; nothing was changed.`,
  });
}
