import { type FileState, isSameBytes, isSameState, shown } from './fileState.ts';
import { isSame, withLineFeeds } from './textVersions.ts';

/** One file of an apply: as it was and as the apply left it; undefined where there was no file. */
export interface AppliedFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly before: FileState | undefined;
  readonly after: FileState | undefined;
}

/** What becomes of a file when an apply is taken back. */
export type UndoStep =
  /** Exactly as it was. */
  | { readonly type: 'restore'; readonly path: string; readonly state: FileState | undefined }
  /** As it is, but without the apply's change. */
  | { readonly type: 'merge'; readonly path: string; readonly bytes: Uint8Array };

/** How to take an apply back. Where a path is in `conflicts`, the user changed it since in a way that can't be kept. */
export interface UndoPlan {
  readonly steps: readonly UndoStep[];
  readonly conflicts: readonly string[];
}

export type MergeTexts = (
  base: Uint8Array,
  ours: Uint8Array,
  theirs: Uint8Array,
) => Promise<{ readonly merged: true; readonly bytes: Uint8Array } | { readonly merged: false }>;

/** How to take an apply back from the folder as it is now: what is as the apply left it exactly, and the rest 3-way. */
export async function planUndo(
  files: readonly AppliedFile[],
  readCurrent: (path: string) => Promise<FileState | undefined>,
  merge: MergeTexts,
): Promise<UndoPlan> {
  const steps: UndoStep[] = [];
  const conflicts: string[] = [];
  for (const file of files) {
    const current = await readCurrent(file.path);
    if (isSameState(current, file.before)) continue;
    const step = await stepOf(file, current, merge);
    if (!step) conflicts.push(file.path);
    else if (!isDone(step, current)) steps.push(step);
  }
  return { steps, conflicts };
}

async function stepOf(
  { path, before, after }: AppliedFile,
  current: FileState | undefined,
  merge: MergeTexts,
): Promise<UndoStep | undefined> {
  const now = shown(current);
  if (isSameBytes(now, shown(after)) || isSameBytes(now, shown(before))) {
    return { type: 'restore', path, state: before && withMode(before, after, current) };
  }
  const [base, theirs] = [shown(after), shown(before)];
  if (!now || !base || !theirs) return undefined;
  const merged = await merge(withLineFeeds(base), withLineFeeds(now), withLineFeeds(theirs));
  return merged.merged ? { type: 'merge', path, bytes: merged.bytes } : undefined;
}

/** Whether the file is already what the step makes of it: a plan is made again where the first one did not get to its end. */
function isDone(step: UndoStep, current: FileState | undefined): boolean {
  if (step.type === 'merge') return isSame(shown(current), step.bytes);
  const { state } = step;
  if (isSameState(current, state)) return true;
  // An edit can't change the line endings that an editor has.
  const isAsUnsaved = state?.unsaved !== undefined && isSame(shown(current), state.unsaved);
  return isAsUnsaved && isSameState(current && { ...current, unsaved: state.unsaved }, state);
}

/** The state before, but with the executable bit as it is where the user changed it since. */
function withMode(before: FileState, after: FileState | undefined, current: FileState | undefined): FileState {
  const isUsers = current && after && current.executable !== after.executable;
  return isUsers && current.executable !== undefined ? { ...before, executable: current.executable } : before;
}
