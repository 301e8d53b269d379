import assert from 'node:assert/strict';
import type { RunId } from '../../../src/core/domain.ts';
import type { ModelEvent, ModelRequest } from '../../../src/core/providers/provider.ts';
import { call, type Script, TestEngine, writer } from '../../support/testEngine.ts';

describe('a follow-up', function () {
  this.timeout(30_000);
  let test: TestEngine;
  const prompts: string[] = [];
  afterEach(() => test.dispose());

  const asked: Script = function* (request: ModelRequest) {
    const [first] = request.turns;
    prompts.push(first?.role === 'user' ? first.text : '');
    yield call('finish', { summary: 'Seen.' });
  };
  const failing: Script = function* (request): Iterable<ModelEvent> {
    yield { type: 'text', text: 'Half of it is there.' };
    if (request.turns.length === 1) yield call('write_file', { path: 'half.txt', content: 'x\n' });
    else throw new Error('broken');
  };
  const earlierPart = () => (prompts.at(-1) ?? '').split('The conversation so far.')[1] ?? '';

  it('tells another model what was asked, what the chosen run answered, and what it changed', async () => {
    test = new TestEngine({
      a: writer('a.txt', 'one\ntwo\n', 'I made a.txt.'),
      b: writer('b.txt', 'x\n', 'No.'),
      asked,
    });
    const roundId = await test.round('Make a file', ['a', 'b']);
    const { id, taskId } = test.runs(roundId)[0] ?? assert.fail();
    await test.round('Now the tests', ['asked'], { taskId, start: { from: 'run', runId: id } });
    assert.match(
      earlierPart(),
      /<earlier-instruction>\nMake a file\n<\/earlier-instruction>\n\n<earlier-summary>\nI made a\.txt\.\n<\/earlier-summary>\n\n<earlier-changes>\na\.txt \(added, \+2 −0\)\n<\/earlier-changes>/,
    );
    assert.doesNotMatch(earlierPart(), /b\.txt|No\./);
  });

  it('leaves out rounds that did not lead to the run it goes on from', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n', 'First.'), b: writer('b.txt', 'x\n', 'Second.'), asked });
    const first = test.runs(await test.round('One', ['a']))[0] ?? assert.fail();
    const { taskId } = first;
    const on = { taskId, start: { from: 'run' as const, runId: first.id } };
    await test.round('Two', ['b'], on);
    await test.round('Three', ['asked'], on);
    assert.match(earlierPart(), /\nOne\n[\s\S]*First\./);
    assert.doesNotMatch(earlierPart(), /Two|Second/);
  });

  it('from the folder has the rounds before it, with the only run or the chosen one', async () => {
    test = new TestEngine({ a: writer('a.txt', 'x\n', 'First.'), b: writer('b.txt', 'x\n', 'Second.'), asked });
    const one = await test.round('One', ['a']);
    const taskId = test.runs(one)[0]?.taskId;
    const two = await test.round('Two', ['a', 'b'], { taskId });
    test.engine.chooseRun(two, test.runs(two)[1]?.id as RunId);
    await test.round('Three', ['a', 'b'], { taskId });
    await test.round('Four', ['asked'], { taskId });
    assert.match(
      earlierPart(),
      /\nOne\n[\s\S]*First\.[\s\S]*\nTwo\n[\s\S]*Second\.[\s\S]*\nThree\n<\/earlier-instruction>\n\nWhat to do now/,
    );
  });

  it('says of a run that did not finish what it said last and that it was stopped', async () => {
    test = new TestEngine({ failing, asked });
    const { id, taskId } = test.runs(await test.round('One', ['failing']))[0] ?? assert.fail();
    await test.round('Two', ['asked'], { taskId, start: { from: 'run', runId: id } });
    assert.match(
      earlierPart(),
      /Half of it is there\.\n\n\(This was stopped before it was done\.\)[\s\S]*half\.txt \(added, \+1 −0\)/,
    );
  });
});

describe('a summary', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  it('has the files marked that it claims and the patch leaves alone', async () => {
    test = new TestEngine({
      a: writer('a.txt', 'x\n', 'I created `a.txt` and updated `README.md`.'),
      b: writer('b.txt', 'x\n'),
    });
    const [a, b] = test.runs(await test.round('Go', ['a', 'b']));
    assert.deepEqual(a?.unfounded, ['README.md']);
    assert.equal(b?.unfounded, undefined);
  });
});

describe('the runs of one account', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  it('wait together when one of eight is told to, and all succeed', async () => {
    let asked = 0;
    let opensAt = Number.POSITIVE_INFINITY;
    const limited: Script = function* () {
      asked++;
      if (asked === 1) opensAt = Date.now() + 500;
      if (Date.now() >= opensAt) {
        yield call('finish', { summary: 'Done.' });
        return;
      }
      const problem = { code: 'rate-limited' as const, message: 'Too much.' };
      const failure = { problem, retryable: true, retryAfterMs: opensAt - Date.now() };
      yield { type: 'end', reason: 'error', usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 }, failure };
    };
    test = new TestEngine({ limited });
    const settings = test.host.settings();
    Object.assign(test.host, { settings: () => ({ ...settings, maxParallelRuns: 8 }) });
    const runs = test.runs(
      await test.round(
        'Go',
        Array.from({ length: 8 }, () => 'limited'),
      ),
    );
    assert.deepEqual(new Set(runs.map((run) => run.state.status)), new Set(['succeeded']));
    for (const run of runs) {
      const [first] = run.steps;
      assert.ok(first?.type === 'waiting' && first.reason === 'rate limited' && first.until >= opensAt - 5);
    }
    assert.ok(asked <= 16, `${asked} requests`);
  });
});
