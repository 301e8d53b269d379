import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunId } from '../../src/core/domain.ts';
import { applyCandidate } from '../../src/vscode/applyCandidate.ts';
import { undoApply } from '../../src/vscode/applyUndo.ts';
import { closeEverything, everything, patchingTest } from '../support/applyScene.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';
import { call, TestEngine } from '../support/testEngine.ts';

describe('applying, wherever the folder is and whatever the editor does', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let person: EditorAnswers;
  const read = (path: string) => readFileSync(join(test.folder, path), 'utf8');

  beforeEach(() => {
    test = patchingTest();
    person = new EditorAnswers();
  });
  afterEach(async () => {
    person.dispose();
    await closeEverything();
    await test.dispose();
  });

  async function run(more: object = {}): Promise<RunId> {
    const [only] = test.runs(await test.round('Go', ['m'], more));
    assert.equal(only?.state.status, 'succeeded', JSON.stringify(only?.state));
    return only?.id as RunId;
  }

  async function appliesAndUndoes(folder: string, id: RunId): Promise<void> {
    const before = everything(test.folder);
    await applyCandidate(test.engine, id);
    assert.equal(read('text.txt'), 'one\n2\nthree\n');
    assert.equal(read('made/deep/new.txt'), 'new\n');
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
    await undoApply(test.engine, [folder]);
    assert.deepEqual(everything(test.folder), before);
  }

  it('works through a symbolic link to the folder', async () => {
    const link = join(test.root, 'link');
    symlinkSync(test.folder, link);
    await vscode.window.showTextDocument(vscode.Uri.file(join(link, 'text.txt')));
    await appliesAndUndoes(link, await run({ folder: link }));
  });

  it('works in a folder of a repository', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: test.root });
    git('init', '--quiet');
    git('add', 'folder');
    await appliesAndUndoes(test.folder, await run());
  });

  it('works with a file that a diff editor shows', async () => {
    const id = await run();
    const [left, right] = ['README.md', 'text.txt'].map((path) => vscode.Uri.file(join(test.folder, path)));
    await vscode.commands.executeCommand('vscode.diff', left, right, 'Both');
    await appliesAndUndoes(test.folder, id);
  });

  it('works while everything is saved by itself', async () => {
    await vscode.workspace.getConfiguration('files').update('autoSave', 'afterDelay', true);
    await vscode.workspace.getConfiguration('files').update('autoSaveDelay', 1, true);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(test.folder, 'text.txt')));
    await vscode.window.showTextDocument(document);
    await appliesAndUndoes(test.folder, await run());
  });

  it('is taken back to the end where the editor undid it first', async () => {
    const id = await run();
    const before = everything(test.folder);
    await applyCandidate(test.engine, id);
    await vscode.window.showTextDocument(vscode.Uri.file(join(test.folder, 'text.txt')));
    await vscode.commands.executeCommand('undo');
    assert.notDeepEqual(everything(test.folder), before, 'VS Code saves nothing when it undoes');
    await undoApply(test.engine, [test.folder]);
    assert.deepEqual(everything(test.folder), before);
    assert.ok(!vscode.workspace.textDocuments.some(({ isDirty }) => isDirty));
    await assert.rejects(undoApply(test.engine, [test.folder]), /no apply to take back/);
  });

  it('is taken back to the end while the editor is undoing it', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    await test.dispose();
    test = new TestEngine({
      m: function* (request) {
        if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
        else {
          for (const index of numbers) {
            yield call('edit_file', { path: `text${index}.txt`, edits: [{ oldText: 'two', newText: '2' }] });
            yield call('write_file', { path: `made/new${index}.txt`, content: 'new\n' });
            yield call('delete_file', { path: `gone${index}.txt` });
          }
        }
      },
    });
    for (const index of numbers) {
      test.write(`text${index}.txt`, 'one\ntwo\nthree\n');
      test.write(`gone${index}.txt`, 'gone\n');
    }
    const id = await run();
    const before = everything(test.folder);
    await applyCandidate(test.engine, id);
    await vscode.window.showTextDocument(vscode.Uri.file(join(test.folder, 'text0.txt')));
    const undoing = vscode.commands.executeCommand('undo');
    const isThere = (name: string) => (index: number) => existsSync(join(test.folder, `${name}${index}.txt`));
    await test.until(() => numbers.some(isThere('gone')));
    assert.ok(numbers.some(isThere('made/new')), 'it has only begun');
    await undoApply(test.engine, [test.folder]);
    assert.deepEqual(everything(test.folder), before);
    await undoing;
    assert.deepEqual(everything(test.folder), before);
    assert.ok(!vscode.workspace.textDocuments.some(({ isDirty }) => isDirty));
    assert.equal(await test.engine.applies.canUndo([test.folder]), false);
  });

  it('says which files are not taken back, and can be tried again', async () => {
    const id = await run();
    const before = everything(test.folder);
    await applyCandidate(test.engine, id);
    const { applies } = test.engine;
    const plan = applies.planUndo.bind(applies);
    applies.planUndo = async (...request) => {
      const { steps, conflicts } = await plan(...request);
      // Nothing can be in a file.
      const state = { bytes: Buffer.from('x') };
      return { steps: [...steps, { type: 'restore', path: 'README.md/x', state }], conflicts };
    };
    await assert.rejects(
      undoApply(test.engine, [test.folder]),
      /^UserError: Not everything was taken back: .*README\.md\/x .* not as before\. .*Use Undo Apply again for the rest/,
    );
    assert.equal(await applies.canUndo([test.folder]), true);
    applies.planUndo = plan;
    await undoApply(test.engine, [test.folder]);
    assert.deepEqual(everything(test.folder), before);
    assert.equal(await applies.canUndo([test.folder]), false);
  });

  it('leaves everything as it is where the second of two merges is left', async () => {
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    test.write('made/deep/new.txt', 'mine\n');
    const before = everything(test.folder);
    person.next('Resolve Conflicts');
    const applying = applyCandidate(test.engine, id);
    await merging('new.txt');
    await vscode.commands.executeCommand('merge.acceptAllInput2');
    await vscode.commands.executeCommand('dursor.completeMerge');
    await merging('text.txt');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await assert.rejects(applying, /Nothing was applied: the conflict in text\.txt was not resolved/);
    assert.deepEqual(everything(test.folder), before);
    assert.equal(await test.engine.applies.canUndo([test.folder]), false);
  });

  /** Waits until the merge editor of a file has put into the result what merges by itself. */
  async function merging(name: string): Promise<void> {
    const input = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input as { result?: vscode.Uri } | undefined;
    await test.until(() => {
      const result = input()?.result;
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === result?.toString());
      return result?.path.endsWith(name) === true && document !== undefined && !document.getText().includes('<<<<<<<');
    });
  }
});
