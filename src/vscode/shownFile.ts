import * as vscode from 'vscode';
import type { CandidateId, RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { RevealedPlace } from './comparison.ts';
import { editsOf, lineBefore } from './comparisonLines.ts';
import { composedFileOf, compositionScheme } from './compositionFiles.ts';
import { versionsOf } from './fileVersions.ts';
import { type RunFile, runFileOf } from './runFiles.ts';

/** A candidate's file in an editor, or the base of one. */
interface ShownFile extends RunFile {
  readonly uri: vscode.Uri;
}

/** The candidate and path to apply for the file of an editor's title, else of the active editor. Throws `UserError` where there is none. */
export function fileToApply(engine: Engine, argument: unknown): { readonly id: CandidateId; readonly path: string } {
  const { candidate: id, key, side } = shownFile(argument);
  const { round, candidate } = engine.candidate(id);
  const { path, isChanged } = versionsOf(round, key, candidate);
  if (side === 'base' || !isChanged) throw new UserError({ code: 'nothing-to-ship', message: unchanged });
  return { id, path };
}

/** Where in its round's compare panel the file of an editor's title, else of the active editor, is. Throws `UserError` where there is none. */
export async function placeToReveal(
  engine: Engine,
  argument: unknown,
): Promise<{ readonly roundId: RoundId; readonly place: RevealedPlace }> {
  const { candidate: id, key, side, uri } = shownFile(argument);
  const roundId = engine.candidate(id).round.id;
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  // At its very beginning the cursor is where nobody put it.
  if (!editor || editor.selection.active.isEqual(new vscode.Position(0, 0))) return { roundId, place: { key } };
  const line = editor.selection.active.line + 1;
  const { columns, files } = await engine.comparisons.of(roundId);
  const results = files.find((file) => file.key === key)?.results;
  const edits = side === 'after' ? editsOf(results?.[columns.indexOf(id)]) : [];
  return { roundId, place: { key, line: lineBefore(edits, line) } };
}

function shownFile(argument: unknown): ShownFile {
  const uris = argument instanceof vscode.Uri ? [argument] : urisOfActive();
  for (const uri of uris) {
    const file = fileOf(uri);
    if (file) return { ...file, uri };
  }
  // VS Code says nothing of what is in a diff of images, but gives its file to a button in its title.
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const isTold = !activeTab || activeTab.input !== undefined;
  throw new UserError({ code: 'not-found', message: isTold ? noFile : notTold });
}

function fileOf(uri: vscode.Uri): RunFile | undefined {
  if (uri.scheme !== compositionScheme) return runFileOf(uri);
  const file = composedFileOf(uri);
  return file && { candidate: file.id, key: file.key, side: 'after' };
}

/** The right side of a diff first, as that is what a candidate made of the file. */
function urisOfActive(): readonly vscode.Uri[] {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff) {
    return [input.modified, input.original];
  }
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook
  ) {
    return [input.uri];
  }
  // A multi-diff editor has many files: the one with the cursor.
  const editor = vscode.window.activeTextEditor;
  return editor ? [editor.document.uri] : [];
}

const unchanged =
  'This is the file as the round began, so there is nothing to apply. Open a candidate’s version of it, then try again.';
const notTold =
  'VS Code does not say which file is open here. Use the button in the title of the editor of a candidate’s file instead.';
const noFile =
  'No file of a candidate is open here. Open one from the compare panel or from Preview Patch and put the cursor into it, then try again.';
