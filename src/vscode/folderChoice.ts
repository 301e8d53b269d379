import * as vscode from 'vscode';
import { type Problem, UserError } from '../core/problem.ts';

/** Which of the open folders a new task works in. */
export class FolderChoice {
  /** All open folders on disk. */
  get folders(): readonly vscode.WorkspaceFolder[] {
    return (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  }

  /** Why no task can run in this window; undefined when one can. */
  get problem(): Problem | undefined {
    if (this.folders.length > 0) return undefined;
    return {
      code: 'no-folder',
      message: 'Open a folder to run models on it. dursor works on copies; the folder itself is not touched.',
      action: { type: 'open-folder' },
    };
  }

  /** The only folder, or the one the user picks. Undefined when the user left it; throws `UserError` (`no-folder`). */
  async pick(): Promise<string | undefined> {
    const { folders, problem } = this;
    if (problem) throw new UserError(problem);
    if (folders.length === 1) return folders[0]?.uri.fsPath;
    const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
    const picked = await vscode.window.showQuickPick(items, { title: 'Which folder should the task work in?' });
    return picked?.folder.uri.fsPath;
  }

  /** Whether a task's folder is one of this window's. */
  isOpen(folder: string): boolean {
    return this.folders.some(({ uri }) => uri.fsPath === folder);
  }

  /** Throws `UserError` (`no-folder`) when a task's folder is not one of this window's. */
  requireOpen(folder: string): void {
    if (this.isOpen(folder)) return;
    throw new UserError({
      code: 'no-folder',
      message: `The task belongs to ${folder}, which is not open in this window. Open that folder, then try again.`,
      action: { type: 'open-folder' },
    });
  }

  /** A folder of the Explorer as the workspace folder it is in and the scope inside that; undefined outside all. */
  locate(uri: vscode.Uri): { readonly folder: string; readonly scope?: string } | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder?.uri.scheme !== 'file') return undefined;
    const scope = uri.path.slice(folder.uri.path.length).replace(/^\/+|\/+$/g, '');
    return { folder: folder.uri.fsPath, ...(scope && { scope }) };
  }
}
