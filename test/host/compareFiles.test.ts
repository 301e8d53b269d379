import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CompositionId } from '../../src/core/domain.ts';
import { UserError } from '../../src/core/problem.ts';
import type { Side } from '../../src/protocol/comparePanel.ts';
import { editComposedFile } from '../../src/vscode/compositionEditor.ts';
import { CompositionFiles, compositionUri, saveTyped } from '../../src/vscode/compositionFiles.ts';
import { openDiff } from '../../src/vscode/openDiff.ts';
import { RunFiles, runFileOf, runFileUri } from '../../src/vscode/runFiles.ts';
import { fileToApply, placeToReveal } from '../../src/vscode/shownFile.ts';
import type { TestEngine } from '../support/testEngine.ts';
import { type EndedRound, newEngine, runBoth } from '../support/twoCandidates.ts';

async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

function activeTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}

describe('the versions of a file in VS Code’s diff editor', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let round: EndedRound;

  before(async () => {
    test = newEngine();
    round = await runBoth(test);
  });
  after(() => test.dispose());
  afterEach(closeEditors);

  /** The texts of both sides, read as VS Code reads them. */
  async function sides(key: string, left: Side, right: Side): Promise<[string, string]> {
    await openDiff(test.engine, { roundId: round.roundId, key, left, right, line: 2 });
    const input = activeTab()?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    const files = new RunFiles(test.engine);
    const read = async (uri: vscode.Uri) =>
      Buffer.from(
        uri.scheme === 'file' ? await vscode.workspace.fs.readFile(uri) : await files.readFile(uri),
      ).toString();
    return [await read(input.original), await read(input.modified)];
  }

  it('are the base, any candidate, and the user’s own', async () => {
    const [a, b] = round.ids;
    const base = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
    const of = (by: string) => base.replace('two', by);
    assert.deepEqual(await sides('text.txt', 'base', a), [base, of('2')]);
    assert.equal(activeTab()?.label, 'text.txt (base ↔ A)');
    assert.deepEqual(await sides('text.txt', a, b), [of('2'), of('II')]);
    assert.equal(activeTab()?.label, 'text.txt (A ↔ B)');
    test.write('text.txt', 'mine\n');
    assert.deepEqual(await sides('text.txt', 'workspace', a), ['mine\n', of('2')]);
    assert.deepEqual(await sides('made/new.txt', 'workspace', b), ['', 'II\n']);
    assert.deepEqual(await sides('gone.txt', 'base', a), ['gone\n', '']);
  });

  it('lead from an editor to what is applied, and to the compare panel', async () => {
    const [a] = round.ids;
    const after = runFileUri({ candidate: a, key: 'text.txt', side: 'after' }, 'text.txt', undefined);
    assert.deepEqual(fileToApply(test.engine, after), { id: a, path: 'text.txt' });
    assert.deepEqual(await placeToReveal(test.engine, after), { roundId: round.roundId, place: { key: 'text.txt' } });
    await openDiff(test.engine, { roundId: round.roundId, key: 'gone.txt', left: 'base', right: a });
    assert.deepEqual(fileToApply(test.engine, undefined), { id: a, path: 'gone.txt' }, 'of the active editor');
    const base = runFileUri({ candidate: a, key: 'text.txt', side: 'base' }, 'text.txt', undefined);
    assert.throws(() => fileToApply(test.engine, base), UserError);
    await closeEditors();
    assert.throws(() => fileToApply(test.engine, undefined), UserError);
    assert.equal(runFileOf(vscode.Uri.file('/a')), undefined);
  });

  it('lead from a diff of notebooks too, and from one of images by its title only', async () => {
    const { roundId, ids } = round;
    const [candidate] = ids;
    const uriOf = (key: string, side: 'base' | 'after') => runFileUri({ candidate, key, side }, key, undefined);
    const diff = (left: vscode.Uri, right: vscode.Uri) => vscode.commands.executeCommand('vscode.diff', left, right);
    await diff(uriOf('book.ipynb', 'base'), uriOf('book.ipynb', 'after'));
    await test.until(() => activeTab()?.input instanceof vscode.TabInputNotebookDiff);
    assert.deepEqual(await placeToReveal(test.engine, undefined), { roundId, place: { key: 'book.ipynb' } });
    const images = ['1.png', '2.png'].map((name) => vscode.Uri.file(join(test.folder, name))) as [
      vscode.Uri,
      vscode.Uri,
    ];
    for (const { fsPath } of images) writeFileSync(fsPath, Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0]));
    await diff(...images);
    await test.until(() => activeTab()?.label.includes('2.png') === true);
    assert.equal(activeTab()?.input, undefined);
    await assert.rejects(
      placeToReveal(test.engine, undefined),
      /does not say which file is open here\. Use the button/,
    );
    const place = await placeToReveal(test.engine, uriOf('logo.png', 'after'));
    assert.deepEqual(place, { roundId, place: { key: 'logo.png' } });
  });
});

describe('composed files in an editor', function () {
  this.timeout(30_000);
  const scheme = 'dursor-composition-test';
  let test: TestEngine;
  let round: EndedRound;
  let files: CompositionFiles;
  let registration: vscode.Disposable;

  beforeEach(async () => {
    test = newEngine();
    round = await runBoth(test);
    files = new CompositionFiles(test.engine);
    registration = vscode.workspace.registerFileSystemProvider(scheme, files);
  });
  afterEach(async () => {
    await closeEditors();
    registration.dispose();
    files.dispose();
    await test.dispose();
  });

  const uriOf = (id: CompositionId, path = 'text.txt') => compositionUri(id, path, path).with({ scheme });
  const begin = () => test.engine.compositions.take(round.roundId, { type: 'all' }, round.ids[0]);

  it('are what was composed, and take back what was typed', async () => {
    const { id } = await begin();
    const document = await vscode.workspace.openTextDocument(uriOf(id));
    assert.equal(document.getText(), 'one\n2\nthree\nfour\nfive\nsix\nseven\n');
    const shown = await vscode.window.showTextDocument(document);
    await shown.edit((edit) => edit.insert(new vscode.Position(6, 0), 'typed\n'));
    assert.ok(await document.save());
    assert.equal(await test.engine.compositions.text(id, 'text.txt'), 'one\n2\nthree\nfour\nfive\nsix\ntyped\nseven\n');
    const { changes } = test.engine.candidate(id).candidate;
    assert.deepEqual(changes.map(({ lines }) => lines).at(-1), { added: 2, removed: 1 });
  });

  it('are saved before something is done with the composition', async () => {
    const { id } = await begin();
    const document = await vscode.workspace.openTextDocument(uriOf(id));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(6, 0), 'typed\n'));
    await saveTyped(round.ids[0]);
    assert.ok(document.isDirty, 'another candidate is none of its business');
    await saveTyped(id);
    assert.match(await test.engine.compositions.text(id, 'text.txt'), /six\ntyped\nseven/);
    await editor.edit((edit) => edit.insert(new vscode.Position(6, 0), 'more\n'));
    test.engine.compositions.discard(id);
    await assert.rejects(saveTyped(id), /typed into text\.txt of your composition could not be saved/);
    assert.match(document.getText(), /more/, 'and it is not lost');
  });

  it('follow what is chosen in the panel', async () => {
    const { id } = await begin();
    const document = await vscode.workspace.openTextDocument(uriOf(id));
    await vscode.window.showTextDocument(document);
    await test.engine.compositions.take(round.roundId, { type: 'file', key: 'text.txt' }, round.ids[1]);
    for (let waited = 0; !document.getText().includes('II') && waited < 5000; waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(document.getText(), 'one\nII\nthree\nfour\nfive\nsix\nseven\n');
  });

  it('can’t be read or saved when the composition was discarded', async () => {
    const { id } = await begin();
    test.engine.compositions.discard(id);
    await assert.rejects(files.readFile(uriOf(id)), /discarded/);
    await assert.rejects(files.writeFile(uriOf(id), Buffer.from('x')), /discarded/);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uriOf(id), Buffer.from('x')), /discarded/);
  });

  it('stay as they are once a round goes on from the composition', async () => {
    const { id } = await begin();
    const { taskId } = test.engine.round(round.roundId).task.rounds[0] ?? {};
    await test.ended(test.start('More', ['c'], { taskId, start: { from: 'run', runId: id } }).roundId);
    const { permissions } = await files.stat(uriOf(id));
    assert.equal(permissions, vscode.FilePermission.Readonly);
    await assert.rejects(files.writeFile(uriOf(id), Buffer.from('x')), /stays as it is/);
  });

  it('are opened beside their base, with the side that can be edited on the right', async () => {
    const { id } = await begin();
    await editComposedFile(test.engine, { id, key: 'text.txt', baseLine: 2 });
    const input = activeTab()?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.modified.toString(), compositionUri(id, 'text.txt', 'text.txt').toString());
    assert.equal(runFileOf(input.original)?.side, 'base');
  });
});
