import * as vscode from 'vscode';
import type { RunId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { signalOf } from './abort.ts';

/** Opens a folder in a window of its own. */
export type OpenWindow = (folder: vscode.Uri) => Thenable<unknown>;

/**
 * Opens a run's files as a folder in a new window; makes them first unless they are there. Throws `UserError`, or the reason of
 * the signal when the user cancels it.
 */
export async function openRunFolder(
  engine: Engine,
  runId: RunId,
  openWindow: OpenWindow = openNewWindow,
): Promise<void> {
  const { run } = engine.run(runId);
  const { folder } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Making the files of ${run.profile.label}`,
      cancellable: true,
    },
    (progress, token) => engine.folders.open(runId, (message) => progress.report({ message }), signalOf(token)),
  );
  await openWindow(vscode.Uri.file(folder));
}

function openNewWindow(folder: vscode.Uri): Thenable<unknown> {
  return vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}
