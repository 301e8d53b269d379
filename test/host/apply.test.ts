import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Engine } from '../../src/core/engine.ts';
import { UserError } from '../../src/core/problem.ts';
import { applyCandidate } from '../../src/vscode/applyCandidate.ts';
import { undoApply } from '../../src/vscode/applyUndo.ts';
import { unsavedTexts } from '../../src/vscode/unsavedTexts.ts';
import { closeEverything, everything, patchingRun, patchingTest } from '../support/applyScene.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';
import { call, type Script, TestEngine } from '../support/testEngine.ts';

describe('applying in the editor', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let person: EditorAnswers;
  const read = (path: string) => readFileSync(join(test.folder, path), 'utf8');
  const uri = (path: string) => vscode.Uri.file(join(test.folder, path));
  const undo = () => undoApply(test.engine, [test.folder]);
  const isConflict = (error: unknown) => error instanceof UserError && error.problem.code === 'patch-conflict';

  beforeEach(() => {
    test = patchingTest({ unsavedTexts });
    person = new EditorAnswers();
  });
  afterEach(async () => {
    person.dispose();
    await closeEverything();
    await test.dispose();
  });

  const run = () => patchingRun(test);

  async function typed(path: string, text: string): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument(uri(path));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
    assert.ok(document.isDirty);
    return document;
  }

  it('changes all files, saves them, and offers to take it back', async () => {
    const id = await run();
    await applyCandidate(test.engine, id);
    assert.equal(read('text.txt'), 'one\n2\nthree\n');
    assert.equal(read('made/deep/new.txt'), 'new\n');
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
    assert.equal(test.engine.run(id).round.chosenRunId, id);
    assert.deepEqual(person.told, [
      { message: 'Applied the patch of M to 3 files.', buttons: ['Undo Apply', 'Review in Source Control'] },
    ]);
    await applyCandidate(test.engine, id);
    assert.equal(person.told.at(-1)?.message, 'The workspace already has this patch.');
  });

  it('changes only the files that are asked for', async () => {
    const id = await run();
    await applyCandidate(test.engine, id, { paths: ['made/deep/new.txt'] });
    assert.equal(read('text.txt'), 'one\ntwo\nthree\n');
    assert.equal(read('made/deep/new.txt'), 'new\n');
    assert.ok(existsSync(join(test.folder, 'gone.txt')));
    assert.equal(test.engine.run(id).round.chosenRunId, undefined, 'a part of it is not the result');
  });

  it('changes, replaces and deletes files that are open', async () => {
    const plan = test.engine.planApply.bind(test.engine);
    test.engine.planApply = async (...request) => {
      const { edits, conflicts } = await plan(...request);
      await request[1]('README.md');
      const binary = Buffer.from('bi\0nary');
      return { conflicts, edits: [...edits, { type: 'write', path: 'README.md', bytes: binary, isNew: false }] };
    };
    const id = await run();
    const before = everything(test.folder);
    for (const path of ['README.md', 'gone.txt', 'text.txt']) {
      await vscode.window.showTextDocument(uri(path), { preview: false });
    }
    await applyCandidate(test.engine, id);
    assert.equal(read('README.md'), 'bi\0nary');
    assert.equal(read('text.txt'), 'one\n2\nthree\n');
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
    await undo();
    assert.deepEqual(everything(test.folder), before);
  });

  it('goes into unsaved text, which stays unsaved, as one step back', async () => {
    const document = await typed('text.txt', 'unsaved\n');
    const id = await run();
    assert.deepEqual(test.engine.run(id).round.snapshot?.unsaved, ['text.txt']);
    await applyCandidate(test.engine, id);
    assert.equal(document.getText(), 'unsaved\none\n2\nthree\n');
    assert.ok(document.isDirty, 'still unsaved');
    assert.equal(read('text.txt'), 'one\ntwo\nthree\n', 'nothing of it is on disk');
    assert.equal(read('made/deep/new.txt'), 'new\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'unsaved\none\ntwo\nthree\n', 'undo takes back the patch and nothing else');
    assert.equal(read('gone.txt'), 'gone\n', 'in all files');
    assert.ok(!existsSync(join(test.folder, 'made/deep/new.txt')));
  });

  it('saves nothing where the user does not want that of refactorings', async () => {
    await vscode.workspace.getConfiguration('files').update('refactoring.autoSave', false, true);
    await applyCandidate(test.engine, await run());
    const document = await vscode.workspace.openTextDocument(uri('text.txt'));
    assert.deepEqual([document.getText(), document.isDirty], ['one\n2\nthree\n', true]);
    assert.equal(read('text.txt'), 'one\ntwo\nthree\n');
    await undo();
    assert.deepEqual([document.getText(), document.isDirty], ['one\ntwo\nthree\n', false]);
  });

  it('keeps the mark and the line endings of a file', async () => {
    test.write('text.txt', '\uFEFFone\r\ntwo\r\nthree\r\n');
    const before = everything(test.folder);
    await applyCandidate(test.engine, await run());
    assert.equal(read('text.txt'), '\uFEFFone\r\n2\r\nthree\r\n');
    await undo();
    assert.deepEqual(everything(test.folder), before);
  });

  it('changes what is no text as a whole, without harm to its other bytes', async () => {
    const latin = (middle: string) => Buffer.from(`caf\xe9\n${middle}\nthree\n`, 'latin1');
    test = await replaced(test, {
      m: function* (request) {
        if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
        else yield call('write_file', { path: 'text.txt', content: 'plain\n' });
      },
    });
    writeFileSync(join(test.folder, 'text.txt'), latin('two'));
    const before = everything(test.folder);
    await applyCandidate(test.engine, await run());
    assert.equal(read('text.txt'), 'plain\n');
    await undo();
    assert.deepEqual(everything(test.folder), before);
  });

  describe('and taking it back', () => {
    it('puts back every byte, mode and folder, and works after a reload', async () => {
      test.write('text.txt', 'one\r\ntwo\nthree');
      chmodSync(join(test.folder, 'gone.txt'), 0o755);
      chmodSync(join(test.folder, 'text.txt'), 0o640);
      const before = everything(test.folder);
      await applyCandidate(test.engine, await run());
      assert.notDeepEqual(everything(test.folder), before);
      await test.engine.dispose();
      test.engine = new Engine(test.host);
      await undo();
      assert.deepEqual(everything(test.folder), before);
      assert.match(person.told.at(-1)?.message ?? '', /Took back the patch of M: 3 files are as before/);
      await assert.rejects(undo(), /no apply to take back/);
    });

    it('puts a moved file back where it was, with its mode', async () => {
      const text = `${'line\n'.repeat(20)}`;
      test = await replaced(test, {
        m: function* (request) {
          if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
          else {
            yield call('delete_file', { path: 'tool.sh' });
            yield call('write_file', { path: 'bin/tool.sh', content: `${text}more\n` });
          }
        },
      });
      test.write('tool.sh', text);
      chmodSync(join(test.folder, 'tool.sh'), 0o755);
      const id = await run();
      assert.equal(test.engine.run(id).run.changes[0]?.kind, 'renamed');
      test.write('tool.sh', `mine\n${text}`);
      const before = everything(test.folder);
      await applyCandidate(test.engine, id, { paths: ['tool.sh'] });
      assert.equal(read('bin/tool.sh'), `mine\n${text}more\n`);
      assert.ok(!existsSync(join(test.folder, 'tool.sh')));
      await undo();
      assert.deepEqual(everything(test.folder), before);
    });

    it('puts back what was unsaved, over what was on disk', async () => {
      const document = await typed('text.txt', 'unsaved\n');
      const before = everything(test.folder);
      const id = await run();
      await applyCandidate(test.engine, id);
      await undo();
      assert.deepEqual([document.getText(), document.isDirty], ['unsaved\none\ntwo\nthree\n', true]);
      assert.deepEqual(everything(test.folder), before);

      await applyCandidate(test.engine, id);
      await document.save();
      await undo();
      assert.deepEqual([document.getText(), document.isDirty], ['unsaved\none\ntwo\nthree\n', true]);
      assert.deepEqual(everything(test.folder), before, 'also where the user saved it since');
    });

    it('puts back a deleted file with what was unsaved in it', async () => {
      await typed('gone.txt', 'unsaved\n');
      const id = await run();
      const before = everything(test.folder);
      await applyCandidate(test.engine, id);
      assert.ok(!existsSync(join(test.folder, 'gone.txt')));
      await undo();
      const document = await vscode.workspace.openTextDocument(uri('gone.txt'));
      assert.deepEqual([document.getText(), document.isDirty], ['unsaved\ngone\n', true]);
      assert.deepEqual(everything(test.folder), before);
    });

    it('keeps what the user changed since, and a folder that has something in it', async () => {
      const start = `${'line\n'.repeat(9)}two\n${'line\n'.repeat(9)}end\n`;
      test.write('text.txt', start);
      await applyCandidate(test.engine, await run());
      test.write('text.txt', `mine\n${start.replace('two', '2')}`);
      test.write('made/mine.txt', 'mine\n');
      await undo();
      assert.equal(read('text.txt'), `mine\n${start}`);
      assert.ok(!existsSync(join(test.folder, 'made/deep')));
      assert.equal(read('made/mine.txt'), 'mine\n');
    });

    it('changes nothing and names the files where the user’s later work is in the way', async () => {
      await applyCandidate(test.engine, await run());
      test.write('made/deep/new.txt', 'mine\n');
      const before = everything(test.folder);
      await assert.rejects(undo(), /can't be taken back: made\/deep\/new\.txt changed since/);
      assert.deepEqual(everything(test.folder), before);
      test.write('made/deep/new.txt', 'new\n');
      await undo();
      assert.ok(!existsSync(join(test.folder, 'made')));
    });

    it('takes back the executable bit', async () => {
      const id = await run();
      const plan = test.engine.planApply.bind(test.engine);
      test.engine.planApply = async (...request) => {
        const { edits, conflicts } = await plan(...request);
        await request[1]('README.md');
        return { conflicts, edits: [...edits, { type: 'mode', path: 'README.md', executable: true }] };
      };
      const before = everything(test.folder);
      await applyCandidate(test.engine, id);
      assert.equal(statSync(join(test.folder, 'README.md')).mode & 0o777, 0o755);
      await undo();
      assert.deepEqual(everything(test.folder), before);
    });
  });

  it('puts everything back when it can’t be done to the end', async () => {
    const id = await run();
    const before = everything(test.folder);
    const plan = test.engine.planApply.bind(test.engine);
    test.engine.planApply = async (...request) => {
      const { edits, conflicts } = await plan(...request);
      // Nothing can be in a file.
      const path = 'README.md/x';
      await request[1](path);
      return { conflicts, edits: [...edits, { type: 'write', path, bytes: Buffer.from('x'), isNew: true }] };
    };
    await assert.rejects(applyCandidate(test.engine, id), isConflict);
    assert.deepEqual(everything(test.folder), before);
    assert.equal(await test.engine.applies.canUndo([test.folder]), false);
  });

  it('is planned again where the folder changes meanwhile', async () => {
    const id = await run();
    const plan = test.engine.planApply.bind(test.engine);
    let plans = 0;
    test.engine.planApply = async (...request) => {
      const answer = await plan(...request);
      if (++plans === 1) test.write('text.txt', 'one\ntwo\nthree\nmine\n');
      return answer;
    };
    await applyCandidate(test.engine, id);
    assert.equal(plans, 2);
    assert.equal(read('text.txt'), 'one\n2\nthree\nmine\n');
    assert.equal(read('made/deep/new.txt'), 'new\n');
    assert.deepEqual(await test.engine.applies.canUndo([test.folder]), true);
  });

  it('is refused where a file is read-only', async () => {
    const id = await run();
    chmodSync(join(test.folder, 'text.txt'), 0o444);
    const before = everything(test.folder);
    await assert.rejects(applyCandidate(test.engine, id), /^UserError: text\.txt is read-only\. Make it writable/);
    assert.deepEqual(everything(test.folder), before);
    assert.ok(!vscode.workspace.textDocuments.some(({ isDirty }) => isDirty));
    assert.equal(await test.engine.applies.canUndo([test.folder]), false);
    chmodSync(join(test.folder, 'text.txt'), 0o644);
    await applyCandidate(test.engine, id);
    assert.equal(read('text.txt'), 'one\n2\nthree\n');
  });

  it('is refused where a symbolic link would lead it out of the folder', async () => {
    const id = await run();
    const outside = mkdtempSync(join(tmpdir(), 'dursor-outside-'));
    symlinkSync(outside, join(test.folder, 'made'));
    await assert.rejects(applyCandidate(test.engine, id), (error) => {
      return error instanceof UserError && error.problem.code === 'refused-by-policy';
    });
    assert.deepEqual(readdirSync(outside), []);
    assert.equal(read('text.txt'), 'one\ntwo\nthree\n');
    rmSync(outside, { recursive: true });
  });
});

async function replaced(test: TestEngine, scripts: Record<string, Script>): Promise<TestEngine> {
  await test.dispose();
  return new TestEngine(scripts, { unsavedTexts });
}
