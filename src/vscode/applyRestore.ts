import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { UndoStep } from '../core/engine/applyUndo.ts';
import { type FileState, isSameBytes, isSameState, shown } from '../core/engine/fileState.ts';
import { codeOf, stackOf, UserError } from '../core/problem.ts';
import { readState, setExecutable, uriIn } from './applyFiles.ts';
import { type FileTarget, saveDocument, toWorkspaceEdit, untilInSync } from './applyWrites.ts';
import { refuseLinks } from './realPath.ts';

/** Files of a folder to put back, and the folders to remove when nothing is left in them, each after the one it is in. */
export interface Restoring {
  readonly folder: string;
  readonly steps: readonly UndoStep[];
  readonly newFolders: readonly string[];
}

/** Files were changed, and could not all be put back. */
export class HalfDone extends UserError {
  constructor(paths: readonly string[], reason: string, detail: string) {
    super({
      code: 'patch-conflict',
      message: `The files could not all be changed, and not all be put back. ${reason}Look at them in Source Control, or try Undo Apply: ${paths.join(', ')}.`,
      detail,
    });
  }
}

/**
 * Does something with files of a folder. When it fails, they are put back as `before` has them, and it throws `UserError` that says so;
 * `HalfDone` where that isn't possible. `newFolders` are those it makes.
 */
export async function allOrNothing(
  folder: string,
  before: ReadonlyMap<string, FileState | undefined>,
  newFolders: readonly string[],
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    const steps = Array.from(before, ([path, state]) => ({ type: 'restore' as const, path, state }));
    const reason = error instanceof UserError ? `${error.message} ` : '';
    try {
      await restoreFiles({ folder, steps, newFolders });
    } catch (failure) {
      const left = await notAs(folder, before);
      // VS Code may have undone the same meanwhile.
      if (left.length > 0) throw new HalfDone(left, reason, `${stackOf(error)}\n${stackOf(failure)}`);
    }
    throw new UserError({
      code: 'patch-conflict',
      message: `The files could not all be changed, so all were put back. ${reason}Try again.`,
      detail: stackOf(error),
    });
  }
}

/** The files that are not in these states, or can't be read. */
async function notAs(folder: string, states: ReadonlyMap<string, FileState | undefined>): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const [path, state] of states) {
    const isBack = await readState(folder, path).then(
      (current) => isSameState(current, state),
      () => false,
    );
    if (!isBack) paths.push(path);
  }
  return paths;
}

/** Puts files back: their bytes on disk, what editors had unsaved, and their executable bits. Throws when that can't be done. */
export async function restoreFiles({ folder, steps, newFolders }: Restoring): Promise<void> {
  const due: { readonly step: UndoStep; readonly target: FileTarget }[] = [];
  for (const step of steps) {
    await refuseLinks(folder, step.path);
    const current = await readState(folder, step.path);
    if (step.type === 'restore' && isSameState(current, step.state)) continue;
    due.push({ step, target: { path: step.path, current, content: contentOf(step, current) } });
  }
  const targets = due.map(({ target }) => target);
  const inTheWay = targets.filter(({ content }) => !content);
  if (newFolders.some((path) => targets.some((target) => target.content && target.path === path))) {
    // A folder that was made where a file was goes first.
    await carryOut(folder, inTheWay);
    await removeEmptyFolders(folder, newFolders);
    await carryOut(
      folder,
      targets.filter((target) => target.content),
    );
  } else {
    await carryOut(folder, targets);
  }
  for (const { step, target } of due) {
    if (step.type === 'restore') await settle(folder, target, step.state);
    else if (!target.current?.unsaved) await saveDocument(folder, step.path);
  }
  await removeEmptyFolders(folder, newFolders);
}

/** What a file gets first: what is to be on disk, unless that is there already. */
function contentOf(step: UndoStep, current: FileState | undefined): Uint8Array | undefined {
  if (step.type === 'merge') return step.bytes;
  const { state } = step;
  return state && isSameBytes(current?.bytes, state.bytes) ? shown(state) : state?.bytes;
}

async function carryOut(folder: string, targets: readonly FileTarget[]): Promise<void> {
  const edit = await toWorkspaceEdit(folder, targets);
  if (edit) await applyEdit(edit);
}

/** Throws `UserError` (`patch-conflict`) where VS Code leaves something of an edit undone. */
export async function applyEdit(edit: vscode.WorkspaceEdit): Promise<void> {
  if (await vscode.workspace.applyEdit(edit)) return;
  throw new UserError({ code: 'patch-conflict', message: 'VS Code did not carry out the whole edit.' });
}

/** After its content is there: saved as it was, what was unsaved again in the editor, and the executable bit. */
async function settle(folder: string, target: FileTarget, state: FileState | undefined): Promise<void> {
  if (!state) return;
  const { path } = target;
  const current = await readState(folder, path);
  if (!isSameBytes(current?.bytes, state.bytes) || (!state.unsaved && current?.unsaved)) {
    await saveDocument(folder, path);
    const saved = await readState(folder, path);
    // Saving may have formatted it, or made its line endings all the same.
    if (!isSameBytes(saved?.bytes, state.bytes)) await overwrite(folder, path, state.bytes);
  }
  const settled = await readState(folder, path);
  // The document of a file that was made again may still be the old one.
  if (state.unsaved && !(target.current && isSameBytes(shown(settled), state.unsaved))) {
    await untilInSync(folder, path, state.bytes);
    await carryOut(folder, [{ path, current: { bytes: state.bytes }, content: state.unsaved }]);
  }
  if (state.executable !== undefined && settled?.executable !== state.executable) {
    await setExecutable(folder, path, state.executable);
  }
}

/** Writes a file as it is; a document of it is read again. */
function overwrite(folder: string, path: string, contents: Uint8Array): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uriIn(folder, path), { contents, overwrite: true });
  return applyEdit(edit);
}

/** Removes those of the folders in which nothing is, each given after the one it is in. */
export async function removeEmptyFolders(folder: string, folders: readonly string[]): Promise<void> {
  for (const path of folders.toReversed()) {
    await rmdir(join(folder, path)).catch((error: unknown) => {
      // The user put something in, or removed it.
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(String(codeOf(error)))) throw error;
    });
  }
}
