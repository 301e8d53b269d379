import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { signalOf } from './abort.ts';
import { TakingBack } from './applyTakeBack.ts';

/**
 * Takes back the last apply to one of these folders, or the one with this id: every file is put back as it was, without what the user changed in
 * it since. The record of it stays until all are. Throws `UserError` that says which aren't.
 */
export async function undoApply(
  { applies }: Pick<Engine, 'applies'>,
  folders: readonly string[],
  id?: string,
): Promise<void> {
  const apply = await applies.last(folders, id);
  if (!apply) throw nothingToUndo();
  const { name } = apply;
  const count = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Taking back ${name}`, cancellable: true },
    async (_progress, token) => {
      const changed = await new TakingBack(applies, apply, signalOf(token)).run();
      await applies.forget(apply);
      return changed;
    },
  );
  const files = count === 1 ? '1 file is' : `${count} files are`;
  const said = count === 0 ? `${upperFirst(name)} was taken back before.` : `Took back ${name}: ${files} as before.`;
  void vscode.window.showInformationMessage(said);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function nothingToUndo(): UserError {
  return new UserError({
    code: 'not-found',
    message: 'There is no apply to take back in this folder. It was taken back before, or too many came after it.',
  });
}
