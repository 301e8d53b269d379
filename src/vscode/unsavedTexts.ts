import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { UnsavedText } from '../core/workspace/workspace.ts';

/** The text of editors below a folder that isn't on disk yet: what the user sees is what the models get. */
export function unsavedTexts(folder: string): readonly UnsavedText[] {
  return vscode.workspace.textDocuments
    .filter((document) => document.isDirty && document.uri.scheme === 'file')
    .map((document) => ({ path: relative(folder, document.uri.fsPath).split(sep).join('/'), document }))
    .filter(({ path }) => path !== '' && path !== '..' && !path.startsWith('../') && !/^[A-Za-z]:/.test(path))
    .map(({ path, document }) => ({ path, bytes: Buffer.from(document.getText()) }));
}
