import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import { closeInterruptedMerges, completeMerge } from './applyMergeTabs.ts';
import type { Problems } from './problems.ts';

export interface ApplyParts {
  readonly engine: Pick<Engine, 'applies'>;
  readonly problems: Problems;
}

/** Registers Undo Apply, which is offered while there is something to undo, and the end of a merge. */
export function registerApply({ engine, problems }: ApplyParts): vscode.Disposable {
  const { applies } = engine;
  const offer = () =>
    void applies
      .canUndo(openFolders())
      .then((canUndo) => vscode.commands.executeCommand('setContext', 'dursor.canUndoApply', canUndo))
      .then(undefined, (error: unknown) => problems.from(error));
  const undo = async (id?: unknown): Promise<void> => {
    try {
      const { undoApply } = await import('./applyUndo.ts');
      await undoApply(engine, openFolders(), typeof id === 'string' ? id : undefined);
    } catch (error) {
      problems.show(error, () => void undo(id));
    }
  };
  offer();
  void closeInterruptedMerges();
  return vscode.Disposable.from(
    vscode.commands.registerCommand('dursor.undoApply', undo),
    vscode.commands.registerCommand('dursor.completeMerge', () => vscode.commands.executeCommand(completeMerge)),
    applies.onDidChange(offer),
    vscode.workspace.onDidChangeWorkspaceFolders(offer),
    // Another window of the same folder may have applied or undone something.
    vscode.window.onDidChangeWindowState(({ focused }) => focused && offer()),
  );
}

function openFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}
