import * as vscode from 'vscode';
import type { UserError } from '../core/problem.ts';
import { FolderLeft } from '../core/workspace/removeFolder.ts';
import type { Problems } from './problems.ts';

/** Tells what could not be removed from the disk, and where it is. `tryAgain` answers with what is left even then. */
export function tellLeft(
  left: readonly UserError[],
  tryAgain: () => Promise<readonly UserError[]>,
  problems: Problems,
): void {
  const [first, ...others] = left;
  if (!first) return;
  const more = others.length > 0 ? ` (And ${others.length} more; the log lists them.)` : '';
  const buttons = first instanceof FolderLeft && canReveal() ? ['Show in Folder', 'Try Again'] : ['Try Again'];
  const act = async (picked: string | undefined) => {
    if (picked === 'Try Again') tellLeft(await tryAgain(), tryAgain, problems);
    else if (picked && first instanceof FolderLeft) {
      await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(first.path));
    }
  };
  vscode.window
    .showWarningMessage(`${first.message}${more}`, ...buttons)
    .then(act)
    .then(undefined, (error: unknown) => problems.show(error));
}

/** In a browser, or for a folder of another machine, there is no file manager to show it in. */
function canReveal(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
}
