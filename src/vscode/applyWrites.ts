import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type FileState, isSameBytes, shown } from '../core/engine/fileState.ts';
import { withLineFeeds } from '../core/engine/textVersions.ts';
import { UserError } from '../core/problem.ts';
import { documentAt, refuseReadOnly, uriIn } from './applyFiles.ts';

const syncsWithinMs = 5000;
const syncStepMs = 20;
const saveTries = 5;
const saveStepMs = 100;

/** What a file of the folder is to become; `content` is undefined for no file. */
export interface FileTarget {
  readonly path: string;
  readonly current: FileState | undefined;
  readonly content: Uint8Array | undefined;
}

/**
 * One edit that gives all files their contents; undefined where they have them. Text is changed in its document, with the smallest
 * replacement. Throws `UserError` (`patch-conflict`) for a file with unsaved changes that no editor can hold afterwards, and for a read-only one.
 */
export async function toWorkspaceEdit(
  folder: string,
  targets: readonly FileTarget[],
): Promise<vscode.WorkspaceEdit | undefined> {
  const edit = new vscode.WorkspaceEdit();
  const texts: { readonly document: vscode.TextDocument; readonly content: Uint8Array }[] = [];
  const contents: { readonly uri: vscode.Uri; readonly content: Uint8Array }[] = [];
  const due = targets.filter(({ current, content }) => !isSameBytes(shown(current), content));
  if (due.length === 0) return undefined;
  for (const { path, current, content } of due) {
    const uri = uriIn(folder, path);
    const document = current && content && (await textDocument(uri, path, current, content));
    if (document && content) {
      if (!current.unsaved) await refuseReadOnly(folder, path);
      texts.push({ document, content });
      continue;
    }
    // Replaced as a whole: VS Code undoes an overwriting by deleting the file.
    if (current) edit.deleteFile(uri);
    if (content) contents.push({ uri, content });
  }
  for (const { uri, content } of contents) edit.createFile(uri, { contents: content, ignoreIfExists: false });
  for (const { document, content } of texts) {
    const { range, text } = smallestReplacement(document, await decode(content, document.encoding));
    edit.replace(document.uri, range, text);
  }
  return edit;
}

/**
 * Saves the documents of targets that had nothing unsaved before, where the user wants that of refactorings. What had stays unsaved. Throws
 * `UserError` (`patch-conflict`) when a file can't be saved.
 */
export async function saveWritten(folder: string, targets: readonly FileTarget[]): Promise<void> {
  const files = vscode.workspace.getConfiguration('files');
  if (files.get('refactoring.autoSave') === false) return;
  for (const { path, current, content } of targets) {
    if (content && current && !current.unsaved) await saveDocument(folder, path);
  }
}

/** Saves the document of a file, if there is one. Throws `UserError` (`patch-conflict`) when that can't be done. */
export async function saveDocument(folder: string, path: string): Promise<void> {
  const document = documentAt(uriIn(folder, path));
  if (!document) return;
  for (let tries = 1; tries <= saveTries; tries++) {
    // Also one that seems to have nothing unsaved: that is known a moment after it changed.
    if ((await document.save()) || !document.isDirty) return;
    // Auto save may just be at it, and then VS Code doesn't save a second time.
    await sleep(saveStepMs);
    if (!document.isDirty) return;
  }
  throw new UserError({ code: 'patch-conflict', message: `${path} could not be saved. Is it read-only?` });
}

/**
 * Resolves when the document of a text file shows what is on disk, which it does a moment after the file was made. Throws `UserError`
 * (`patch-conflict`) when that takes too long.
 */
export async function untilInSync(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  for (let waited = 0; waited < syncsWithinMs; waited += syncStepMs) {
    const document = await vscode.workspace.openTextDocument(uriIn(folder, path));
    if (await isSaved(document, bytes)) return;
    await sleep(syncStepMs);
  }
  throw new UserError({ code: 'patch-conflict', message: `${path} did not open as it is on disk.` });
}

/** The document to change a file in; undefined for a file that no text editor shows and saves as it is. */
async function textDocument(
  uri: vscode.Uri,
  path: string,
  current: FileState,
  content: Uint8Array,
): Promise<vscode.TextDocument | undefined> {
  const isOpenable = current.unsaved !== undefined || !current.bytes.includes(0);
  const document = documentAt(uri) ?? (isOpenable ? await vscode.workspace.openTextDocument(uri) : undefined);
  if (!document) return undefined;
  const { encoding, isDirty } = document;
  // Where a clean document shows anything else than the file, saving it would harm the file, or VS Code would refuse to.
  const isUsable = isDirty || (await isSaved(document, current.bytes));
  if (isUsable && (await isFaithful(content, encoding))) return document;
  if (!isDirty) return undefined;
  throw new UserError({
    code: 'patch-conflict',
    message: `${path} has unsaved changes, and becomes a file that is no text. Save it, then try again; nothing was changed.`,
  });
}

/** Whether bytes are the same after an editor has read and saved them, but for line endings. */
async function isFaithful(bytes: Uint8Array, encoding: string): Promise<boolean> {
  if (bytes.includes(0)) return false;
  return isSameText(await vscode.workspace.encode(await decode(bytes, encoding), { encoding }), bytes);
}

/** Whether saving a document would leave these bytes, but for line endings. */
async function isSaved(document: vscode.TextDocument, bytes: Uint8Array): Promise<boolean> {
  return isSameText(await vscode.workspace.encode(document.getText(), { encoding: document.encoding }), bytes);
}

function isSameText(a: Uint8Array, b: Uint8Array): boolean {
  return isSameBytes(withLineFeeds(withoutMark(a)), withLineFeeds(withoutMark(b)));
}

async function decode(bytes: Uint8Array, encoding: string): Promise<string> {
  return (await vscode.workspace.decode(bytes, { encoding })).replace(/^\uFEFF/, '');
}

/** Bytes without the mark that some UTF-8 files begin with. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Leaves the common beginning and end alone, so that cursors and breakpoints there stay where they are. */
function smallestReplacement(document: vscode.TextDocument, wanted: string): { range: vscode.Range; text: string } {
  const current = document.getText();
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const next = wanted.replace(/\r?\n/g, eol);
  const most = Math.min(current.length, next.length);
  let start = 0;
  while (start < most && current[start] === next[start]) start++;
  let end = 0;
  while (end < most - start && current.at(-1 - end) === next.at(-1 - end)) end++;
  return {
    range: new vscode.Range(document.positionAt(start), document.positionAt(current.length - end)),
    text: next.slice(start, next.length - end),
  };
}
