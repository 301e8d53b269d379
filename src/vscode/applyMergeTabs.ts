import * as vscode from 'vscode';

/** How the schemes of files that are being merged begin. Each merge has a scheme of its own, which goes with it. */
export const mergeSchemePrefix = 'dursor-merge-';

/** Ends the merge that is under way; there while one is. */
export const completeMerge = '_dursor.completeMerge';

/** The tabs that show a file that is being merged, in the merge editor or alone. */
export function tabsOf(isIt: (uri: vscode.Uri) => boolean): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => {
      const uri = input instanceof vscode.TabInputText ? input.uri : mergeResult(input);
      return uri !== undefined && isIt(uri);
    });
}

/** Whether a merge waits for the user. */
export function isMerging(): boolean {
  return tabsOf(({ scheme }) => scheme.startsWith(mergeSchemePrefix)).length > 0;
}

/** Leaves the merge that is under way, with what was done in it. */
export async function leaveMerge(): Promise<void> {
  const isIt = ({ scheme }: vscode.Uri) => scheme.startsWith(mergeSchemePrefix);
  const [tab] = tabsOf(isIt);
  if (!tab) return;
  // What is unsaved in it would be asked about otherwise.
  if (tab.isActive && tab.group.isActive)
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.window.tabGroups.close(tabsOf(isIt));
}

/** Closes merges that a reload interrupted: they have no files any more. One that is under way stays. */
export async function closeInterruptedMerges(): Promise<void> {
  const isInterrupted = ({ scheme }: vscode.Uri) =>
    scheme.startsWith(mergeSchemePrefix) && vscode.workspace.fs.isWritableFileSystem(scheme) === undefined;
  await vscode.window.tabGroups.close(tabsOf(isInterrupted));
}

/** What a tab of the merge editor writes to. Its input has no type in the API yet, but is there. */
export function mergeResult(input: unknown): vscode.Uri | undefined {
  const isMerge = typeof input === 'object' && input !== null && 'result' in input;
  return isMerge && input.result instanceof vscode.Uri ? input.result : undefined;
}
