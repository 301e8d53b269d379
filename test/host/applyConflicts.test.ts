import assert from 'node:assert/strict';
import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { applyCandidate } from '../../src/vscode/applyCandidate.ts';
import { closeInterruptedMerges, mergeSchemePrefix, tabsOf } from '../../src/vscode/applyMergeTabs.ts';
import { undoApply } from '../../src/vscode/applyUndo.ts';
import { FlatFiles } from '../../src/vscode/flatFiles.ts';
import { closeEverything, everything, patchingRun, patchingTest } from '../support/applyScene.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';
import type { TestEngine } from '../support/testEngine.ts';

describe('applying where the user changed the same', function () {
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

  const run = () => patchingRun(test);

  const resolve = 'Resolve Conflicts';

  it('changes nothing before the user has resolved them, and then all at once', async () => {
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\nfour\n');
    const before = everything(test.folder);
    person.next(resolve);
    const applying = applyCandidate(test.engine, id);
    const result = await mergeEditor();
    assert.match(person.asked[0]?.detail ?? '', /text\.txt: you and M changed the same lines/);
    assert.deepEqual(everything(test.folder), before, 'nothing is applied yet');
    await assert.rejects(applyCandidate(test.engine, id), /Another apply waits for a merge/);
    await vscode.commands.executeCommand('merge.acceptAllInput2');
    await test.until(() => documentText(result).includes('\n2\n'));
    assert.deepEqual(everything(test.folder), before, 'the result is in no file');
    await vscode.commands.executeCommand('dursor.completeMerge');
    await applying;
    assert.equal(read('text.txt'), 'one\n2\nthree\nfour\n');
    assert.equal(read('made/deep/new.txt'), 'new\n');
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
    await undoApply(test.engine, [test.folder]);
    assert.deepEqual(everything(test.folder), before);
  });

  it('closes a merge whose files went with the window, and no other', async () => {
    const [there, gone] = ['there', 'gone'].map((name) => `${mergeSchemePrefix}${name}`) as [string, string];
    const files = vscode.workspace.registerFileSystemProvider(there, new OneFile());
    const isOpen = (scheme: string) => tabsOf((shown) => shown.scheme === scheme).length > 0;
    for (const scheme of [there, gone]) {
      const uri = vscode.Uri.from({ scheme, path: '/text.txt' });
      await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
      await test.until(() => isOpen(scheme));
    }
    await closeInterruptedMerges();
    assert.deepEqual([isOpen(there), isOpen(gone)], [true, false]);
    await closeEverything();
    files.dispose();
  });

  it('asks whether a merge is complete that was saved and closed', async () => {
    await vscode.workspace.getConfiguration('files').update('autoSave', 'afterDelay', true);
    await vscode.workspace.getConfiguration('files').update('autoSaveDelay', 50, true);
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    const before = everything(test.folder);
    for (const answer of [undefined, 'Use This Result']) {
      person.next(resolve, ...(answer ? [answer] : []));
      const applying = applyCandidate(test.engine, id);
      const result = await mergeEditor();
      await vscode.commands.executeCommand('merge.acceptAllInput2');
      await test.until(() => documentText(result).includes('\n2\n') && !isDirty(result));
      assert.deepEqual(everything(test.folder), before);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      if (answer) await applying;
      else await assert.rejects(applying, /was not resolved/);
      assert.equal(person.asked.at(-1)?.message, 'Is the merge of text.txt complete?');
      assert.equal(read('text.txt'), answer ? 'one\n2\nthree\n' : 'one\nTWO\nthree\n');
    }
  });

  it('does not ask where the merge was completed, though auto save has saved it', async () => {
    await vscode.workspace.getConfiguration('files').update('autoSave', 'afterDelay', true);
    await vscode.workspace.getConfiguration('files').update('autoSaveDelay', 50, true);
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    person.next(resolve);
    const applying = applyCandidate(test.engine, id);
    const result = await mergeEditor();
    await vscode.commands.executeCommand('merge.acceptAllInput2');
    await test.until(() => documentText(result).includes('\n2\n') && !isDirty(result));
    await vscode.commands.executeCommand('dursor.completeMerge');
    await applying;
    assert.equal(person.asked.length, 1);
    assert.equal(read('text.txt'), 'one\n2\nthree\n');
  });

  it('changes nothing where the merge editor is closed before', async () => {
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    const before = everything(test.folder);
    person.next(resolve);
    const applying = applyCandidate(test.engine, id);
    await mergeEditor();
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await assert.rejects(applying, /Nothing was applied: the conflict in text\.txt was not resolved/);
    assert.deepEqual(everything(test.folder), before);
  });

  it('changes nothing where the user wants nothing of it', async () => {
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    const before = everything(test.folder);
    await applyCandidate(test.engine, id);
    assert.deepEqual([person.asked.length, person.told], [1, []]);
    assert.deepEqual(everything(test.folder), before);
  });

  it('applies the rest where the user keeps those files', async () => {
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    person.next('Keep Mine, Apply the Rest');
    await applyCandidate(test.engine, id);
    assert.equal(read('text.txt'), 'one\nTWO\nthree\n');
    assert.equal(read('made/deep/new.txt'), 'new\n');
  });

  it('asks what becomes of a deleted file, and of one that is no text', async () => {
    const id = await run();
    unlinkSync(join(test.folder, 'text.txt'));
    test.write('gone.txt', 'changed\n');
    test.write('made/deep/new.txt', 'bi\0nary');
    person.next(resolve, 'Delete It', 'Keep Mine', 'Take the Version of M');
    await applyCandidate(test.engine, id);
    assert.deepEqual(
      person.asked.slice(1).map(({ message }) => message),
      [
        'gone.txt: M deleted it, and you changed it.',
        'made/deep/new.txt: it is no text, and you and M changed it.',
        'text.txt: you deleted it or moved it, and M changed it.',
      ],
    );
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
    assert.equal(read('made/deep/new.txt'), 'bi\0nary');
    assert.equal(read('text.txt'), 'one\n2\nthree\n');
  });

  it('asks again about what changed while the user was merging', async () => {
    const id = await run();
    test.write('text.txt', 'one\nTWO\nthree\n');
    person.next(resolve, resolve);
    const applying = applyCandidate(test.engine, id);
    await mergeEditor();
    test.write('text.txt', 'one\nanother\nthree\n');
    await vscode.commands.executeCommand('merge.acceptAllInput2');
    await vscode.commands.executeCommand('dursor.completeMerge');
    await test.until(() => person.asked.length === 2);
    const second = await mergeEditor();
    await vscode.commands.executeCommand('merge.acceptAllInput1');
    await test.until(() => documentText(second).includes('another'));
    await vscode.commands.executeCommand('dursor.completeMerge');
    await applying;
    assert.equal(read('text.txt'), 'one\nanother\nthree\n');
    assert.equal(read('made/deep/new.txt'), 'new\n');
  });

  /** The result of the merge that is open now, once the editor has put into it what merges by itself. */
  async function mergeEditor(): Promise<vscode.Uri> {
    const input = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input as { result?: vscode.Uri } | undefined;
    await test.until(() => {
      const result = input()?.result;
      return result !== undefined && documentText(result) !== '' && !documentText(result).includes('<<<<<<<');
    });
    return input()?.result as vscode.Uri;
  }
});

class OneFile extends FlatFiles {
  override stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 0 };
  }

  override readFile(): Uint8Array {
    return new Uint8Array();
  }

  override writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

function documentAt(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

function documentText(uri: vscode.Uri): string {
  return documentAt(uri)?.getText() ?? '';
}

function isDirty(uri: vscode.Uri): boolean {
  return documentAt(uri)?.isDirty === true;
}
