import * as vscode from 'vscode';

/** The text of the merge editor's result that is open now, once the editor has put into it what merges by itself; undefined until then. */
export function openMerge(): { readonly uri: vscode.Uri; readonly text: string } | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isMerge = typeof input === 'object' && input !== null && 'result' in input;
  const uri = isMerge && input.result instanceof vscode.Uri ? input.result : undefined;
  const text = uri && documentText(uri);
  return uri && text && !text.includes('<<<<<<<') ? { uri, text } : undefined;
}

/** The text of a document that is open; empty where it isn't. */
export function documentText(uri: vscode.Uri): string {
  return vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString())?.getText() ?? '';
}
