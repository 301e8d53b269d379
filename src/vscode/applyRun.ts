import { join } from 'node:path';
import * as vscode from 'vscode';
import { placeOf, type RunId } from '../core/domain.ts';
import type { FileEdit } from '../core/engine/applyPlan.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { signalOf } from './abort.ts';
import { refuseLinks } from './realPath.ts';

/** Puts a run's patch into the open folder as one edit that can be undone. Throws `UserError` and changes nothing where it doesn't fit. */
export async function applyRun(engine: Engine, runId: RunId): Promise<void> {
  const { task, run } = engine.run(runId);
  const count = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Applying the patch of ${run.profile.label}`,
      cancellable: true,
    },
    async (_progress, token) => {
      const edits = await engine.planApply(runId, (path) => readCurrent(task.folder, path), signalOf(token));
      for (const { path } of edits) await refuseLinks(task.folder, path);
      const edit = await toWorkspaceEdit(task.folder, edits);
      // As a refactoring, so that `files.refactoring.autoSave` decides whether the files are saved too.
      if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) {
        throw new UserError({
          code: 'patch-conflict',
          message:
            'VS Code did not carry out the whole edit. Look at the changes in Source Control, undo what was applied, then try again.',
        });
      }
      return edits.length;
    },
  );
  engine.chooseRun(run.roundId, runId);
  const [secret, ...others] = await engine.secretsInPatch(runId);
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const secretsNote = secret ? ` It has a secret in it: ${placeOf(secret)}${more}.` : '';
  const said =
    count === 0
      ? 'The workspace already has this patch.'
      : `Applied the patch of ${run.profile.label} to ${count === 1 ? '1 file' : `${count} files`}.${secretsNote}`;
  if (count === 0) {
    void vscode.window.showInformationMessage(said);
    return;
  }
  void vscode.window.showInformationMessage(said, 'Review in Source Control').then((picked) => {
    if (picked) void vscode.commands.executeCommand('workbench.view.scm');
  });
}

/** A file as the user sees it: the editor's text where one has it open, else the disk's; undefined when there is none. */
async function readCurrent(folder: string, path: string): Promise<Uint8Array | undefined> {
  const uri = vscode.Uri.file(join(folder, path));
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty) return Buffer.from(open.getText());
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

async function toWorkspaceEdit(folder: string, edits: readonly FileEdit[]): Promise<vscode.WorkspaceEdit> {
  const workspaceEdit = new vscode.WorkspaceEdit();
  for (const edit of edits) {
    const uri = vscode.Uri.file(join(folder, edit.path));
    if (edit.type === 'delete') {
      workspaceEdit.deleteFile(uri, { ignoreIfNotExists: true });
    } else if (edit.isNew) {
      workspaceEdit.createFile(uri, { contents: edit.bytes, ignoreIfExists: false });
    } else if (edit.bytes.includes(0)) {
      workspaceEdit.createFile(uri, { contents: edit.bytes, overwrite: true });
    } else {
      const document = await vscode.workspace.openTextDocument(uri);
      const { range, text } = smallestReplacement(document, Buffer.from(edit.bytes).toString('utf8'));
      workspaceEdit.replace(uri, range, text);
    }
  }
  return workspaceEdit;
}

/** Leaves the common beginning and end alone, so that cursors and breakpoints there stay where they are. */
function smallestReplacement(document: vscode.TextDocument, wanted: string): { range: vscode.Range; text: string } {
  const current = document.getText();
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const next = wanted.replace(/^\uFEFF/, '').replace(/\r?\n/g, eol);
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
