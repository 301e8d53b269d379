import { access, chmod, constants, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { FileState } from '../core/engine/fileState.ts';
import { codeOf, UserError } from '../core/problem.ts';

/** Where a file of the folder is. `path` is relative to it, with forward slashes. */
export function uriIn(folder: string, path: string): vscode.Uri {
  return vscode.Uri.file(join(folder, path));
}

/** The document that VS Code has of a file, in an editor or not; undefined when it has none. */
export function documentAt(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** A file of the folder as its user has it; undefined when there is none. Throws `UserError` (`patch-conflict`) for a folder. */
export async function readState(folder: string, path: string): Promise<FileState | undefined> {
  const disk = await readDisk(join(folder, path), path);
  const uri = uriIn(folder, path);
  // A deleted file's document goes a moment after it.
  for (let waited = 0; !disk && documentAt(uri)?.isDirty && waited < goesWithinMs; waited += 20) await sleep(20);
  const document = documentAt(uri);
  if (!document?.isDirty) return disk;
  if (!disk) {
    throw new UserError({
      code: 'patch-conflict',
      message: `${path} is open with unsaved changes, but its file is gone. Save it or close it, then try again; nothing was changed.`,
    });
  }
  const { encoding } = document;
  return { ...disk, unsaved: await vscode.workspace.encode(document.getText(), { encoding }) };
}

async function readDisk(file: string, path: string): Promise<FileState | undefined> {
  try {
    const [bytes, { mode }] = await Promise.all([readFile(file), stat(file)]);
    return { bytes, ...(hasExecutableBit && { executable: (mode & 0o100) !== 0 }) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    if (codeOf(error) !== 'EISDIR') throw error;
    throw new UserError({
      code: 'patch-conflict',
      message: `${path} is a folder in the workspace, where the patch has a file. Move it away, then try again; nothing was changed.`,
    });
  }
}

/** Throws `UserError` (`patch-conflict`) for a file of the folder that can't be written. */
export async function refuseReadOnly(folder: string, path: string): Promise<void> {
  const file = join(folder, path);
  const { mode } = await stat(file);
  const isWritable = await access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
  // Nothing stops an administrator, but a file that nobody may write is meant to stay.
  if (isWritable && (mode & 0o222) !== 0) return;
  throw new UserError({
    code: 'patch-conflict',
    message: `${path} is read-only. Make it writable, then try again; nothing was changed.`,
  });
}

/** Sets or clears a file's executable bit, which VS Code's edits know nothing of. Nothing happens where there is no such bit. */
export async function setExecutable(folder: string, path: string, executable: boolean): Promise<void> {
  if (!hasExecutableBit) return;
  const file = join(folder, path);
  const { mode } = await stat(file);
  // Whoever may read it may execute it, as with git.
  const wanted = executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
  if (wanted !== mode) await chmod(file, wanted & 0o7777);
}

const goesWithinMs = 1000;
const hasExecutableBit = process.platform !== 'win32';
