import * as vscode from 'vscode';
import type { Problem } from '../core/problem.ts';
import { ComparePanels } from './comparePanel.ts';
import { TaskView } from './taskView.ts';

/** What the extension offers where the engine could not start: the problem's sentence, wherever the user turns. */
export function standIn(
  extension: vscode.Extension<unknown>,
  problem: Problem,
  onCommand: (id: string) => void,
): vscode.Disposable {
  const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(TaskView.id, {
      resolveWebviewView: (view) => showSentence(view, problem),
    }),
    vscode.window.registerWebviewPanelSerializer(ComparePanels.viewType, {
      deserializeWebviewPanel: async (panel) => panel.dispose(),
    }),
    ...contributes.commands.map(({ command }) => vscode.commands.registerCommand(command, () => onCommand(command))),
  );
}

function showSentence(view: vscode.WebviewView, problem: Problem): void {
  view.webview.html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>dursor</title>
</head>
<body><p role="alert">${escapeHtml(problem.message)}</p></body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
