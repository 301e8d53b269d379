import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../../src/core/domain.ts';
import type { EngineChange } from '../../../src/core/engine/engineChange.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import { call, hanging, type Script, TestEngine, writer } from '../../support/testEngine.ts';

describe('a run that is done again', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  /** A model that writes a file and is canceled or fails the first time, and does `then` the second time. */
  function twice(first: Script, then: Script): Script {
    let isSecond = false;
    return async function* (request, signal) {
      const hasWritten = request.turns.some((turn) => turn.role === 'tool');
      if (isSecond) yield* then(request, signal);
      else if (!hasWritten) yield call('write_file', { path: 'first.txt', content: 'first\n' });
      else {
        isSecond = true;
        yield* first(request, signal);
      }
    };
  }

  const failing: Script = () => {
    throw new Error('the first time fails');
  };

  it('has no patch of its first attempt while it works, nor when it changed nothing', async () => {
    const release = Promise.withResolvers<void>();
    test = new TestEngine({
      a: twice(failing, async function* () {
        await release.promise;
        yield call('finish', { summary: 'Nothing to do.' });
      }),
    });
    const roundId = await test.round('Go', ['a']);
    const id = test.runs(roundId)[0]?.id as RunId;
    assert.match(test.engine.patch(id), /first\.txt/);
    test.engine.retryRun(id);
    assert.equal(test.engine.patch(id), '');
    release.resolve();
    await test.ended(roundId);
    assert.equal(test.runs(roundId)[0]?.state.status, 'succeeded');
    assert.deepEqual(test.runs(roundId)[0]?.changes, []);
    assert.equal(test.engine.patch(id), '');
  });

  it('fails when it finished but its patch can not be read', async () => {
    test = new TestEngine({
      a: twice(failing, function* (request) {
        if (!request.turns.some((turn) => turn.role === 'tool')) {
          yield call('write_file', { path: 'second.txt', content: 'second\n' });
          return;
        }
        const tasks = join(test.storage, 'tasks');
        for (const task of readdirSync(tasks)) rmSync(join(tasks, task, 'git'), { recursive: true });
        yield call('finish', { summary: 'Done.' });
      }),
    });
    const roundId = await test.round('Go', ['a']);
    const id = test.runs(roundId)[0]?.id as RunId;
    test.engine.retryRun(id);
    await test.ended(roundId);
    const run = test.runs(roundId)[0];
    assert.ok(run?.state.status === 'failed', run?.state.status);
    assert.match(run.state.problem.message, /could not be read/);
    assert.deepEqual(run.changes, []);
    assert.equal(run.tree, undefined);
    assert.equal(test.engine.patch(id), '');
  });

  it('can not be shipped with half a patch when it was interrupted', async () => {
    test = new TestEngine({ a: twice(hanging, hanging) });
    const { roundId } = test.start('Go', ['a']);
    await test.until(() => test.runs(roundId)[0]?.steps.at(-1)?.type === 'text');
    const id = test.runs(roundId)[0]?.id as RunId;
    await test.engine.dispose();
    test.engine = new Engine(test.host);
    assert.equal(test.engine.run(id).run.changes.length, 1);
    await assert.rejects(test.engine.proposePullRequest(id), /interrupted/);
  });

  it('is told of once more when its round ends again', async () => {
    test = new TestEngine({ a: twice(failing, writer('second.txt', 'x\n')), b: writer('b.txt', 'x\n') });
    const ends = endsOf(test);
    const roundId = await test.round('Go', ['a', 'b']);
    assert.deepEqual(ends, [roundId]);
    test.engine.retryRun(test.runs(roundId)[0]?.id as RunId);
    await test.ended(roundId);
    assert.deepEqual(ends, [roundId, roundId]);
  });

  it('ends its round once, however the runs end', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n'), slow: hanging, bad: failing });
    const ends = endsOf(test);
    const { roundId } = test.start('Go', ['a', 'slow', 'slow', 'bad']);
    await test.until(() => test.runs(roundId).filter((run) => run.state.status === 'running').length === 2);
    await test.engine.cancelRound(roundId);
    assert.deepEqual(ends, [roundId]);
  });
});

describe('starting a round', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  it('is refused without a message or a model, and leaves nothing behind', () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n') });
    assert.throws(() => test.start(' \n', ['a']), UserError);
    assert.throws(() => test.start('Go', []), UserError);
    assert.throws(() => test.start('Go', ['a'], { taskId: 'gone' }), UserError);
    assert.throws(() => test.start('Go', ['a'], { start: { from: 'run', runId: 'gone' } }), UserError);
    assert.deepEqual(test.engine.tasks(test.folder), []);
  });

  it('starts waiting runs as soon as the limit is raised', async () => {
    let maxParallelRuns = Number.NaN;
    test = new TestEngine({ slow: hanging });
    const settings = test.host.settings();
    Object.assign(test.host, { settings: () => ({ ...settings, maxParallelRuns }) });
    const { roundId } = test.start('Go', ['slow', 'slow', 'slow']);
    const running = () => test.runs(roundId).filter((run) => run.state.status === 'running').length;
    await test.until(() => running() === 1);
    maxParallelRuns = 3;
    test.engine.settingsChanged();
    await test.until(() => running() === 3);
    await test.engine.cancelRound(roundId);
  });
});

function endsOf(test: TestEngine): string[] {
  const ends: string[] = [];
  test.engine.onDidChange((change: EngineChange) => {
    if (change.type === 'round-ended') ends.push(change.roundId);
  });
  return ends;
}
