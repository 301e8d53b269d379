import * as vscode from 'vscode';
import { labelOf } from '../core/composition.ts';
import type { CandidateId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { signalOf } from './abort.ts';

/** Opens a folder in a window of its own. */
export type OpenWindow = (folder: vscode.Uri) => Thenable<unknown>;

/**
 * Opens a candidate's files as a folder in a new window; makes them first unless they are there. Throws `UserError`, or the reason of
 * the signal when the user cancels it.
 */
export async function openRunFolder(
  engine: Engine,
  id: CandidateId,
  openWindow: OpenWindow = openNewWindow,
): Promise<void> {
  const { candidate } = engine.candidate(id);
  const { folder } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Making the files of ${labelOf(candidate)}`,
      cancellable: true,
    },
    (progress, token) => engine.folders.open(id, (message) => progress.report({ message }), signalOf(token)),
  );
  await openWindow(vscode.Uri.file(folder));
}

function openNewWindow(folder: vscode.Uri): Thenable<unknown> {
  return vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}
