import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';

/** Tells what the retention settings removed: chats are the user's. */
export function announceRemovals(engine: Engine): vscode.Disposable {
  return engine.disk.onDidTidy(async (tidied) => {
    const { storageNews } = await import('./storageItems.ts');
    vscode.window.showInformationMessage(storageNews(tidied), 'Change Setting', 'Show Storage').then((picked) => {
      if (picked === 'Show Storage') return vscode.commands.executeCommand('dursor.showStorage');
      if (picked === 'Change Setting') {
        return vscode.commands.executeCommand('workbench.action.openSettings', 'dursor.storage');
      }
      return undefined;
    });
  });
}
