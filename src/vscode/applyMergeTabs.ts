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
