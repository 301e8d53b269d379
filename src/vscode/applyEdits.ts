import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Candidate } from '../core/composition.ts';
import type { Apply } from '../core/engine/applies.ts';
import type { FileEdit } from '../core/engine/applyConflict.ts';
import { type FileState, isSameState } from '../core/engine/fileState.ts';
import type { Engine } from '../core/engine.ts';
import { readState, setExecutable } from './applyFiles.ts';
import { allOrNothing, applyEdit, HalfDone } from './applyRestore.ts';
import { type FileTarget, saveWritten, toWorkspaceEdit } from './applyWrites.ts';
import { refuseLinks } from './realPath.ts';

export interface Application {
  readonly folder: string;
  /** What is applied, for people. */
  readonly name: string;
  readonly candidate: Candidate;
  readonly edits: readonly FileEdit[];
  /** The files as the plan saw them. */
  readonly seen: ReadonlyMap<string, FileState | undefined>;
}

/**
 * Carries out a plan as one edit that can be undone, and keeps a record for Undo Apply. Undefined when a file changed since the plan was
 * made: then nothing was done. Throws `UserError` and puts everything back when not all of it can be done.
 */
export async function carryOut(engine: Pick<Engine, 'applies'>, request: Application): Promise<Apply | undefined> {
  const { applies } = engine;
  const { folder, name, candidate, edits, seen } = request;
  for (const { path } of edits) await refuseLinks(folder, path);
  const before = new Map(edits.map(({ path }) => [path, seen.get(path)]));
  const targets = edits.map((edit): FileTarget => {
    const current = before.get(edit.path);
    return { path: edit.path, current, content: contentAfter(edit, current) };
  });
  const workspaceEdit = await toWorkspaceEdit(folder, targets);
  const newFolders = await missingFolders(folder, edits);
  const files = targets.map(({ path, current, content }) => ({
    path,
    before: current,
    after: content && { bytes: content },
  }));
  const apply = applies.begin({
    folder,
    name,
    candidateId: candidate.id,
    changes: candidate.changes,
    files,
    newFolders,
  });
  // Before the edit, so that it can be taken back whatever happens to this window.
  await applies.keep(apply);
  try {
    for (const [path, state] of before) {
      if (isSameState(await readState(folder, path), state)) continue;
      await applies.forget(apply);
      return undefined;
    }
    await allOrNothing(folder, before, newFolders, async () => {
      if (workspaceEdit) await applyEdit(workspaceEdit);
      await saveWritten(folder, targets);
      for (const edit of edits) await setMode(folder, edit, before.get(edit.path));
    });
  } catch (error) {
    if (!(error instanceof HalfDone)) await applies.forget(apply);
    throw error;
  }
  const left = await Promise.all(
    files.map(async (file) => ({ ...file, after: file.after && (await readState(folder, file.path)) })),
  );
  const done: Apply = { ...apply, files: left };
  await applies.keep(done);
  return done;
}

function contentAfter(edit: FileEdit, current: FileState | undefined): Uint8Array | undefined {
  switch (edit.type) {
    case 'write':
      return edit.bytes;
    case 'mode':
      return current?.unsaved ?? current?.bytes;
    case 'delete':
      return undefined;
    default:
      return edit satisfies never;
  }
}

/** The bit that the edit asks for, or the one the file had before it was replaced. */
async function setMode(folder: string, edit: FileEdit, before: FileState | undefined): Promise<void> {
  if (edit.type === 'delete') return;
  const executable = edit.executable ?? before?.executable;
  if (executable !== undefined) await setExecutable(folder, edit.path, executable);
}

/** Folders that have to be made for the new files, each after the one it is in. */
async function missingFolders(folder: string, edits: readonly FileEdit[]): Promise<readonly string[]> {
  const missing = new Set<string>();
  for (const edit of edits) {
    if (edit.type !== 'write' || !edit.isNew) continue;
    for (let at = dirname(edit.path); at !== '.' && !missing.has(at); at = dirname(at)) {
      const isFolder = await stat(join(folder, at)).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      if (isFolder) break;
      missing.add(at);
    }
  }
  return [...missing].sort();
}
