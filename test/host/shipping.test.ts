import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunId } from '../../src/core/domain.ts';
import { UserError } from '../../src/core/problem.ts';
import { applyRun } from '../../src/vscode/applyRun.ts';
import { openDiff, previewPatch } from '../../src/vscode/previewPatch.ts';
import { unsavedTexts } from '../../src/vscode/unsavedTexts.ts';
import { call, type Script, TestEngine } from '../support/testEngine.ts';

const edits: Script = function* (request) {
  if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
  else {
    yield call('edit_file', { path: 'text.txt', edits: [{ oldText: 'two', newText: '2' }] });
    yield call('write_file', { path: 'made/new.txt', content: 'new\n' });
    yield call('delete_file', { path: 'gone.txt' });
  }
};

describe('a run in the editor', function () {
  this.timeout(30_000);
  let test: TestEngine;
  const read = (path: string) => readFileSync(join(test.folder, path), 'utf8');
  const uri = (path: string) => vscode.Uri.file(join(test.folder, path));

  beforeEach(() => {
    test = new TestEngine({ m: edits }, { unsavedTexts });
    test.write('text.txt', 'one\ntwo\nthree\n');
    test.write('gone.txt', 'gone\n');
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await test.dispose();
  });

  async function run(): Promise<RunId> {
    const [only] = test.runs(await test.round('Go', ['m']));
    assert.equal(only?.state.status, 'succeeded', JSON.stringify(only?.state));
    return only?.id as RunId;
  }

  it('is applied to all its files, which are saved', async () => {
    const id = await run();
    await applyRun(test.engine, id);
    assert.equal(read('text.txt'), 'one\n2\nthree\n');
    assert.equal(read('made/new.txt'), 'new\n');
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
    assert.equal(test.engine.run(id).round.chosenRunId, id);
  });

  it('starts from unsaved text, and applies into it', async () => {
    const document = await vscode.workspace.openTextDocument(uri('text.txt'));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'unsaved\n'));
    const id = await run();
    const { round } = test.engine.run(id);
    assert.deepEqual(round.snapshot?.unsaved, ['text.txt']);
    await applyRun(test.engine, id);
    assert.equal(document.getText(), 'unsaved\none\n2\nthree\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'unsaved\none\ntwo\nthree\n', 'undo takes back the patch and nothing else');
  });

  it('changes nothing at all where one file no longer fits', async () => {
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    await assert.rejects(applyRun(test.engine, id), (error) => {
      return error instanceof UserError && error.problem.code === 'patch-conflict';
    });
    assert.equal(read('text.txt'), 'one\nTWO\nthree\n');
    assert.ok(existsSync(join(test.folder, 'gone.txt')));
    assert.ok(!existsSync(join(test.folder, 'made')));
  });
});

describe('a patch and a symbolic link', function () {
  this.timeout(30_000);

  it('is refused where the link would lead the edit out of the folder', async () => {
    const test = new TestEngine({ m: edits });
    test.write('text.txt', 'one\ntwo\nthree\n');
    test.write('gone.txt', 'gone\n');
    const [run] = test.runs(await test.round('Go', ['m']));
    const outside = mkdtempSync(join(tmpdir(), 'dursor-outside-'));
    symlinkSync(outside, join(test.folder, 'made'));
    await assert.rejects(applyRun(test.engine, run?.id as RunId), (error) => {
      return error instanceof UserError && error.problem.code === 'refused-by-policy';
    });
    assert.deepEqual(readdirSync(outside), []);
    assert.equal(readFileSync(join(test.folder, 'text.txt'), 'utf8'), 'one\ntwo\nthree\n');
    rmSync(outside, { recursive: true });
    await test.dispose();
  });
});

describe('opening a run’s files', function () {
  this.timeout(30_000);

  it('uses the diff editor for one file and the multi-diff editor for all', async () => {
    const test = new TestEngine({ m: edits });
    test.write('text.txt', 'one\ntwo\nthree\n');
    test.write('gone.txt', 'gone\n');
    const [run] = test.runs(await test.round('Go', ['m']));
    const id = run?.id as RunId;
    await openDiff(test.engine, id, 'text.txt');
    assert.equal(activeTab()?.label, 'text.txt (base ↔ M)');
    assert.ok(activeTab()?.input instanceof vscode.TabInputTextDiff);
    await previewPatch(test.engine, id);
    assert.equal(activeTab()?.label, 'Patch of M (3 files)');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await test.dispose();
  });
});

function activeTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}
