import * as vscode from 'vscode';
import type { TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';

/** Asks for a task's new title, and gives it that one. */
export async function renameTask(engine: Engine, taskId: TaskId): Promise<void> {
  const title = await vscode.window.showInputBox({
    title: 'Rename Task',
    value: engine.task(taskId)?.title ?? '',
    validateInput: (value) => (value.trim() ? undefined : 'A task needs a title'),
  });
  if (title) engine.renameTask(taskId, title.trim());
}

/** Whether the user wants the task gone. */
export async function confirmDelete(engine: Engine, taskId: TaskId): Promise<boolean> {
  const runFolders = (await engine.folders.list()).filter((folder) => folder.taskId === taskId);
  const { editsLost } = await import('./storageItems.ts');
  const lost = editsLost(runFolders.length);
  const answer = await vscode.window.showWarningMessage(
    `Delete the task “${engine.task(taskId)?.title ?? ''}”?`,
    { modal: true, detail: `Its messages, runs and patches are removed.${lost} Pull requests stay on GitHub.` },
    'Delete',
  );
  return answer === 'Delete';
}
