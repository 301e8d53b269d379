import assert from 'node:assert/strict';
import type { RunId, TaskId } from '../../../src/core/domain.ts';
import type { ApplyConflict } from '../../../src/core/engine/applyConflict.ts';
import { quietTalk } from '../../support/quietTalk.ts';
import { call, hanging, type Script, TestEngine } from '../../support/testEngine.ts';

type Files = Record<string, string>;

describe('applying a run', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());
  const current = (files: Files) => async (path: string) => {
    const text = files[path];
    return text === undefined ? undefined : { bytes: Buffer.from(text) };
  };

  it('plans nothing while the run is still working', async () => {
    test = new TestEngine({ slow: hanging });
    const { roundId } = test.start('Go', ['slow']);
    const id = test.runs(roundId)[0]?.id as RunId;
    await assert.rejects(test.engine.planApply(id, current({})), /still working/);
    await assert.rejects(test.engine.proposePullRequest(id), /still working/);
    const draft = { title: 'T', body: '' };
    const creating = test.engine.createPullRequest(id, draft, quietTalk());
    await assert.rejects(creating, /still working/);
    await test.engine.cancelRound(roundId);
  });

  async function runThatEdits(): Promise<never> {
    test = new TestEngine({
      a: function* (request) {
        if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
        else {
          yield call('write_file', { path: 'text.txt', content: 'one\n2\nthree\nfour\nfive\n' });
          yield call('delete_file', { path: 'gone.txt' });
          yield call('write_file', { path: 'new.txt', content: 'new\n' });
        }
      },
    });
    test.write('text.txt', 'one\ntwo\nthree\nfour\nfive\n');
    test.write('gone.txt', 'gone\n');
    const [run] = test.runs(await test.round('Go', ['a']));
    return run?.id as never;
  }

  it('plans to write, make and delete files', async () => {
    const id = await runThatEdits();
    const { edits } = await test.engine.planApply(
      id,
      current({ 'text.txt': 'one\ntwo\nthree\nfour\nfive\n', 'gone.txt': 'gone\n' }),
    );
    assert.deepEqual(
      edits.map((edit) => [edit.type, edit.path]),
      [
        ['delete', 'gone.txt'],
        ['write', 'new.txt'],
        ['write', 'text.txt'],
      ],
    );
  });

  it('keeps what the user changed elsewhere in the file since, with its line endings', async () => {
    const id = await runThatEdits();
    const { edits } = await test.engine.planApply(
      id,
      current({ 'text.txt': 'one\r\ntwo\r\nthree\r\nfour\r\nFIVE\r\n', 'gone.txt': 'gone\n' }),
    );
    const text = edits.find((edit) => edit.path === 'text.txt');
    assert.ok(text?.type === 'write');
    assert.equal(Buffer.from(text.bytes).toString(), 'one\n2\nthree\nfour\nFIVE\n');
  });

  it('tells what does not fit from what does, with every version of it', async () => {
    const id = await runThatEdits();
    const files = { 'text.txt': 'one\nTWO\nthree\nfour\nfive\n', 'gone.txt': 'gone\n', 'new.txt': 'mine\n' };
    const { edits, conflicts } = await test.engine.planApply(id, current(files));
    assert.deepEqual(edits, [{ type: 'delete', path: 'gone.txt' }]);
    assert.deepEqual(conflicts.map(inWords), [
      { kind: 'both-added', path: 'new.txt', base: undefined, current: 'mine\n', theirs: 'new\n' },
      {
        kind: 'both-changed',
        path: 'text.txt',
        base: 'one\ntwo\nthree\nfour\nfive\n',
        current: 'one\nTWO\nthree\nfour\nfive\n',
        theirs: 'one\n2\nthree\nfour\nfive\n',
      },
    ]);
  });

  it('knows a file that one side deleted, and one that is no text', async () => {
    const id = await runThatEdits();
    const files = { 'gone.txt': 'changed\n', 'new.txt': 'bi\0nary' };
    const { edits, conflicts } = await test.engine.planApply(id, current(files));
    assert.deepEqual(edits, []);
    assert.deepEqual(
      conflicts.map(({ kind, path }) => [kind, path]),
      [
        ['deleted-there', 'gone.txt'],
        ['binary', 'new.txt'],
        ['deleted-here', 'text.txt'],
      ],
    );
  });

  it('plans nothing when the folder has the patch already', async () => {
    const id = await runThatEdits();
    const files = { 'text.txt': 'one\n2\nthree\nfour\nfive\n', 'new.txt': 'new\n' };
    assert.deepEqual(await test.engine.planApply(id, current(files)), { edits: [], conflicts: [] });
  });
});

describe('applying a run that goes on from another', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  /** A round that goes on from a round; each model does what its edits say, `undefined` deletes. Answers with both runs. */
  async function rounds(start: Files, ...edits: readonly Record<string, string | undefined>[]): Promise<RunId[]> {
    test = new TestEngine(Object.fromEntries(edits.map((edit, index) => [`m${index}`, editor(edit)])));
    for (const [path, text] of Object.entries(start)) test.write(path, text);
    const ids: RunId[] = [];
    let taskId: TaskId | undefined;
    for (const index of edits.keys()) {
      const runId = ids.at(-1);
      const roundId = await test.round('Go', [`m${index}`], runId && { taskId, start: { from: 'run', runId } });
      const run = test.runs(roundId)[0];
      assert.equal(run?.state.status, 'succeeded', JSON.stringify(run?.state));
      taskId = run.taskId;
      ids.push(run.id);
    }
    return ids;
  }

  /** What is in the folder after applying a run to it. */
  async function applied(id: RunId | undefined, files: Files): Promise<Files> {
    const { edits, conflicts } = await test.engine.planApply(id as RunId, async (path) => {
      const text = files[path];
      return text === undefined ? undefined : { bytes: Buffer.from(text) };
    });
    if (conflicts.length > 0) throw new Error(`conflicts in ${conflicts.map(({ source }) => source).join()}`);
    const after = { ...files };
    for (const edit of edits) {
      if (edit.type === 'delete') delete after[edit.path];
      else if (edit.type === 'write') {
        assert.equal(edit.isNew, !(edit.path in files), edit.path);
        after[edit.path] = Buffer.from(edit.bytes).toString();
      }
    }
    return after;
  }

  const lines = (...changes: readonly (readonly [number, string])[]) => {
    const all = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    for (const [index, text] of changes) all[index] = text;
    return `${all.join('\n')}\n`;
  };

  it('edits a file that the first round added and that is applied', async () => {
    const [, second] = await rounds({}, { 'new.txt': 'one\n' }, { 'new.txt': 'one\ntwo\n' });
    assert.deepEqual(await applied(second, { 'new.txt': 'one\n' }), { 'new.txt': 'one\ntwo\n' });
    assert.deepEqual(await applied(second, { 'new.txt': 'one\r\n' }), { 'new.txt': 'one\ntwo\n' });
    assert.deepEqual(await applied(second, {}), { 'new.txt': 'one\ntwo\n' }, 'nothing is applied yet');
  });

  it('changes the line that the first round changed', async () => {
    const start = { 'a.txt': lines() };
    const [, second] = await rounds(start, { 'a.txt': lines([3, 'first']) }, { 'a.txt': lines([3, 'second']) });
    const wanted = { 'a.txt': lines([3, 'second']) };
    assert.deepEqual(await applied(second, { 'a.txt': lines([3, 'first']) }), wanted);
    assert.deepEqual(await applied(second, start), wanted);
    assert.deepEqual(await applied(second, wanted), wanted);
    const mine = { 'a.txt': lines([3, 'first'], [15, 'mine']) };
    assert.deepEqual(await applied(second, mine), { 'a.txt': lines([3, 'second'], [15, 'mine']) });
    await assert.rejects(applied(second, { 'a.txt': lines([3, 'mine']) }), /conflicts in a\.txt/);
    await assert.rejects(applied(second, { 'a.txt': 'something else\n' }), /conflicts in a\.txt/);
  });

  it('keeps all of the patch where the user changed the file and the first round was never applied', async () => {
    const first = lines([3, 'first']);
    const [, second] = await rounds({ 'a.txt': lines() }, { 'a.txt': first }, { 'a.txt': `${first}more\n` });
    assert.deepEqual(await applied(second, { 'a.txt': lines([12, 'mine']) }), {
      'a.txt': `${lines([3, 'first'], [12, 'mine'])}more\n`,
    });
  });

  it('takes back a part of what is applied, beside what the user changed', async () => {
    const [, second] = await rounds(
      { 'a.txt': lines() },
      { 'a.txt': lines([3, 'first'], [17, 'first']) },
      { 'a.txt': lines([17, 'first']) },
    );
    assert.deepEqual(await applied(second, { 'a.txt': lines([3, 'first'], [10, 'mine'], [17, 'first']) }), {
      'a.txt': lines([10, 'mine'], [17, 'first']),
    });
  });

  it('deletes a file that the first round added, unless the user changed it', async () => {
    const [, second] = await rounds({}, { 'new.txt': 'new\n', 'b.txt': 'b\n' }, { 'new.txt': undefined });
    assert.deepEqual(await applied(second, { 'new.txt': 'new\n', 'b.txt': 'b\n' }), { 'b.txt': 'b\n' });
    assert.deepEqual(await applied(second, { 'new.txt': 'mine\n', 'b.txt': 'b\n' }), {
      'new.txt': 'mine\n',
      'b.txt': 'b\n',
    });
    assert.deepEqual(await applied(second, {}), { 'b.txt': 'b\n' });
  });

  it('takes everything back where the second round left nothing of the first', async () => {
    const start = { 'a.txt': 'a\n', 'gone.txt': 'gone\n' };
    const [, second] = await rounds(
      start,
      { 'a.txt': 'b\n', 'new.txt': 'new\n', 'gone.txt': undefined },
      { 'a.txt': 'a\n', 'new.txt': undefined, 'gone.txt': 'gone\n' },
    );
    assert.deepEqual(test.engine.run(second as RunId).run.changes, []);
    assert.deepEqual(await applied(second, { 'a.txt': 'b\n', 'new.txt': 'new\n' }), start);
    assert.deepEqual(await applied(second, start), start);
    assert.deepEqual(await applied(second, { 'a.txt': 'mine\n', 'gone.txt': 'mine\n' }), {
      'a.txt': 'mine\n',
      'gone.txt': 'mine\n',
    });
  });

  it('knows what each earlier round left, however many were skipped', async () => {
    const version = (text: string) => ({ 'a.txt': lines([3, text]) });
    const [, , third] = await rounds({ 'a.txt': lines() }, version('one'), version('two'), version('three'));
    for (const text of ['line 3', 'one', 'two', 'three']) {
      assert.deepEqual(await applied(third, version(text)), version('three'));
    }
  });

  it('follows a file that a round moved', async () => {
    const [first, second] = await rounds(
      { 'old.txt': lines() },
      { 'old.txt': undefined, 'moved.txt': lines([3, 'first']) },
      { 'moved.txt': lines([3, 'second']) },
    );
    const change = test.engine.run(second as RunId).run.changes[0];
    assert.equal(change?.kind, 'renamed');
    const wanted = { 'moved.txt': lines([3, 'second']) };
    assert.deepEqual(await applied(second, { 'old.txt': lines() }), wanted);
    assert.deepEqual(await applied(second, { 'moved.txt': lines([3, 'first']) }), wanted);
    assert.deepEqual(await applied(second, { 'old.txt': lines([15, 'mine']) }), {
      'moved.txt': lines([3, 'second'], [15, 'mine']),
    });
    assert.deepEqual(await applied(second, { 'moved.txt': lines([3, 'first'], [15, 'mine']) }), {
      'moved.txt': lines([3, 'second'], [15, 'mine']),
    });
    await assert.rejects(applied(first, {}), /conflicts in old\.txt/);
  });
});

function inWords({ kind, path, base, current, theirs }: ApplyConflict) {
  const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
  return { kind, path, base: text(base), current: text(current), theirs: text(theirs) };
}

function editor(edits: Record<string, string | undefined>): Script {
  return function* (request) {
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
    else {
      for (const [path, content] of Object.entries(edits)) {
        yield content === undefined ? call('delete_file', { path }) : call('write_file', { path, content });
      }
    }
  };
}
