import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunId } from '../../src/core/domain.ts';
import { previewPatch } from '../../src/vscode/previewPatch.ts';
import { call, type Script, TestEngine } from '../support/testEngine.ts';

const edits: Script = function* (request) {
  if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
  else {
    yield call('edit_file', { path: 'text.txt', edits: [{ oldText: 'two', newText: '2' }] });
    yield call('write_file', { path: 'made/new.txt', content: 'new\n' });
    yield call('delete_file', { path: 'gone.txt' });
  }
};

describe('opening a run’s files', function () {
  this.timeout(30_000);

  it('uses the multi-diff editor for all of them', async () => {
    const test = new TestEngine({ m: edits });
    test.write('text.txt', 'one\ntwo\nthree\n');
    test.write('gone.txt', 'gone\n');
    const [run] = test.runs(await test.round('Go', ['m']));
    const id = run?.id as RunId;
    await previewPatch(test.engine, id);
    assert.equal(activeTab()?.label, 'Patch of M (3 files)');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await test.dispose();
  });
});

function activeTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}
