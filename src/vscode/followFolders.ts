import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import type { Disposable } from '../core/ports.ts';
import type { FolderChoice } from './folderChoice.ts';

/** Lets the engine follow the watched pull requests of the folders that are open in this window. */
export function followFolders(engine: Pick<Engine, 'following'>, folders: FolderChoice): vscode.Disposable {
  const followed = new Map<string, Disposable>();
  const update = () => {
    const open = new Set(folders.folders.map(({ uri }) => uri.fsPath));
    for (const [folder, end] of followed) {
      if (open.has(folder)) continue;
      end.dispose();
      followed.delete(folder);
    }
    for (const folder of open) if (!followed.has(folder)) followed.set(folder, engine.following.follow(folder));
  };
  update();
  const changes = vscode.workspace.onDidChangeWorkspaceFolders(update);
  return new vscode.Disposable(() => {
    changes.dispose();
    for (const end of followed.values()) end.dispose();
  });
}
