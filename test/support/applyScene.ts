import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunId } from '../../src/core/domain.ts';
import type { EngineHost } from '../../src/core/engine/engineHost.ts';
import { call, type Script, TestEngine } from './testEngine.ts';

/** A model that changes text.txt, makes a file in new folders, and deletes gone.txt. */
const patchingModel: Script = function* (request) {
  if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
  else {
    yield call('edit_file', { path: 'text.txt', edits: [{ oldText: 'two', newText: '2' }] });
    yield call('write_file', { path: 'made/deep/new.txt', content: 'new\n' });
    yield call('delete_file', { path: 'gone.txt' });
  }
};

/** A folder with what `m` patches in it, and an engine that has `m`. */
export function patchingTest(more: Partial<EngineHost> = {}): TestEngine {
  const test = new TestEngine({ m: patchingModel }, more);
  test.write('text.txt', 'one\ntwo\nthree\n');
  test.write('gone.txt', 'gone\n');
  return test;
}

/** Lets `m` make its patch, and names the run. */
export async function patchingRun(test: TestEngine): Promise<RunId> {
  const [only] = test.runs(await test.round('Go', ['m']));
  assert.equal(only?.state.status, 'succeeded', JSON.stringify(only?.state));
  return only?.id as RunId;
}

/** Every file below a folder with its bytes and mode. */
export function everything(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const mode = (statSync(path).mode & 0o777).toString(8);
      const content = entry.isFile() ? readFileSync(path).toString('latin1') : 'a folder';
      return [path.slice(folder.length + 1), `${mode} ${content}`] as const;
    }),
  );
}

/** Throws away what is unsaved, closes every editor, and sets back the settings of saving. */
export async function closeEverything(): Promise<void> {
  for (const { uri, isDirty } of vscode.workspace.textDocuments) {
    if (!isDirty) continue;
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const setting of ['refactoring.autoSave', 'autoSave', 'autoSaveDelay']) {
    await vscode.workspace.getConfiguration('files').update(setting, undefined, true);
  }
}
