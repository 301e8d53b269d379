import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompositionId } from '../../src/core/domain.ts';
import { applyCandidate } from '../../src/vscode/applyCandidate.ts';
import { undoApply } from '../../src/vscode/applyUndo.ts';
import { closeEverything, everything } from '../support/applyScene.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';
import type { TestEngine } from '../support/testEngine.ts';
import { type EndedRound, newEngine, runBoth } from '../support/twoCandidates.ts';

describe('applying a composition', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let round: EndedRound;
  let person: EditorAnswers;
  let id: CompositionId;
  const read = (path: string) => readFileSync(join(test.folder, path), 'utf8');
  const text = (second: string, last = 'seven') => `one\n${second}\nthree\nfour\nfive\nsix\n${last}\n`;
  const takeFile = (key: string, from: 0 | 1 | 'base') =>
    test.engine.compositions.take(
      round.roundId,
      { type: 'file', key },
      from === 'base' ? from : (round.ids[from] as (typeof round.ids)[0]),
    );

  /** All of the first candidate's but one file, which is the second's, and a line by hand. */
  beforeEach(async () => {
    test = newEngine();
    round = await runBoth(test);
    person = new EditorAnswers();
    ({ id } = await test.engine.compositions.take(round.roundId, { type: 'all' }, round.ids[0]));
    await takeFile('made/new.txt', 1);
    await test.engine.compositions.edit(id, 'text.txt', text('2', 'SEVEN'));
  });
  afterEach(async () => {
    person.dispose();
    await closeEverything();
    await test.dispose();
  });

  it('puts what was composed into the folder, marks it as chosen, and can be taken back', async () => {
    const before = everything(test.folder);
    await applyCandidate(test.engine, id);
    assert.equal(read('text.txt'), text('2', 'SEVEN'));
    assert.equal(read('made/new.txt'), 'II\n');
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
    assert.equal(test.engine.round(round.roundId).round.chosenRunId, id);
    assert.equal(person.told.at(-1)?.message, 'Applied your composition to 3 files.');
    await undoApply(test.engine, [test.folder]);
    assert.deepEqual(everything(test.folder), before);
    assert.equal(person.told.at(-1)?.message, 'Took back your composition: 3 files are as before.');
  });

  it('goes beside what the user changed since, and asks about the rest in the words of a composition', async () => {
    test.write('text.txt', `mine\n${text('two')}`);
    await applyCandidate(test.engine, id, { paths: ['text.txt'] });
    assert.equal(read('text.txt'), `mine\n${text('2', 'SEVEN')}`);
    assert.ok(existsSync(join(test.folder, 'gone.txt')));
    test.write('gone.txt', 'mine\n');
    person.next('Resolve Conflicts', 'Keep Mine');
    await applyCandidate(test.engine, id);
    assert.equal(person.asked.at(-1)?.message, 'gone.txt: your composition deleted it, and you changed it.');
    assert.equal(read('gone.txt'), 'mine\n');
    assert.equal(read('made/new.txt'), 'II\n');
  });

  it('takes the place of what it was when it was applied before', async () => {
    await applyCandidate(test.engine, id);
    test.write('text.txt', `mine\n${text('2', 'SEVEN')}`);
    const before = everything(test.folder);
    await takeFile('text.txt', 1);
    await takeFile('gone.txt', 'base');
    await applyCandidate(test.engine, id);
    assert.deepEqual(person.asked, [], 'it meets its own lines, not the user’s');
    assert.equal(read('text.txt'), `mine\n${text('II')}`);
    assert.equal(read('made/new.txt'), 'II\n');
    assert.equal(read('gone.txt'), 'gone\n', 'what it no longer deletes is there again');
    await undoApply(test.engine, [test.folder]);
    assert.deepEqual(everything(test.folder), before);
    await undoApply(test.engine, [test.folder]);
    assert.equal(read('text.txt'), `mine\n${text('two')}`);
  });

  it('takes back nothing of other files where only some are applied again', async () => {
    await applyCandidate(test.engine, id);
    await takeFile('text.txt', 1);
    await takeFile('gone.txt', 'base');
    await applyCandidate(test.engine, id, { paths: ['text.txt'] });
    assert.equal(read('text.txt'), text('II'));
    assert.ok(!existsSync(join(test.folder, 'gone.txt')));
  });
});
