import assert from 'node:assert/strict';
import { canContinue, type RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { call, hanging, type Script, TestEngine } from '../../support/testEngine.ts';

describe('a run that goes on after a limit', function () {
  this.timeout(30_000);
  let test: TestEngine;
  afterEach(() => test.dispose());

  /** A model that writes one file a step in its first part, until the step limit, and does `then` in the second. */
  function stopped(then: Script): { readonly script: Script; readonly prompts: string[] } {
    const prompts: string[] = [];
    let written = 0;
    const script: Script = async function* (request, signal) {
      const [first] = request.turns;
      const prompt = first?.role === 'user' ? first.text : '';
      if (request.turns.length === 1) prompts.push(prompt);
      if (prompts.length > 1) yield* then(request, signal);
      else {
        written++;
        yield { type: 'text', text: `Part ${written}.` };
        yield call('write_file', { path: `part${written}.txt`, content: `${written}\n` });
      }
    };
    return { script, prompts };
  }

  async function limited(script: Script) {
    test = new TestEngine({ a: script });
    const settings = test.host.settings();
    const limits = { ...settings.limits, maxSteps: 4 };
    Object.assign(test.host, { settings: () => ({ ...settings, limits }) });
    const roundId = await test.round('Write the parts', ['a']);
    const run = test.runs(roundId)[0];
    assert.ok(run && canContinue(run));
    return { roundId, id: run.id, run };
  }

  it('starts from its own files, knows what it did, and keeps its steps, its usage and its earlier changes', async () => {
    const { script, prompts } = stopped(function* (request) {
      if (!request.turns.some((turn) => turn.role === 'tool')) {
        yield call('read_file', { path: 'part2.txt' });
        yield call('write_file', { path: 'end.txt', content: 'end\n' });
      } else yield call('finish', { summary: 'All parts and `end.txt` are written.' });
    });
    const { roundId, id, run } = await limited(script);
    assert.equal(run.changes.length, 4);
    test.engine.continueRun(id);
    assert.equal(test.engine.patch(id), '');
    await test.ended(roundId);
    const after = test.engine.run(id).run;
    assert.equal(after.state.status, 'succeeded');
    assert.equal(after.changes.length, 5);
    assert.match(test.engine.patch(id), /part1\.txt[\s\S]*part4\.txt/);
    assert.equal(after.usage.input, run.usage.input + 200);
    assert.deepEqual(after.steps.slice(0, run.steps.length), run.steps);
    assert.equal(after.resumes, undefined);
    const prompt = prompts[1] ?? '';
    assert.match(prompt, /<instruction>\nWrite the parts\n<\/instruction>\n\nYou worked on this before/);
    assert.match(prompt, /You said: Part 1\.\n- write_file part1\.txt: new, 1 line\n[\s\S]*Part 4\./);
    assert.match(prompt, /<files>[^<]*part4\.txt/);
    assert.ok(after.steps.some((step) => step.type === 'tool' && step.tool === 'read_file' && step.outcome === 'ok'));
  });

  it('has again what it had when it is canceled before it begins, or fails before it has its files', async () => {
    const { script } = stopped(hanging);
    const { roundId, id, run } = await limited(script);
    const patch = test.engine.patch(id);
    Object.assign(test.host, { apiKey: async () => undefined });
    test.engine.continueRun(id);
    await test.ended(roundId);
    const failed = test.engine.run(id).run;
    assert.equal(failed.state.status === 'failed' && failed.state.problem.code, 'no-key');
    assert.deepEqual([failed.tree, failed.changes, failed.resumes], [run.tree, run.changes, undefined]);
    assert.equal(test.engine.patch(id), patch);
  });

  it('can go on once more when it was interrupted, with what it had', async () => {
    const { script } = stopped(hanging);
    const { roundId, id, run } = await limited(script);
    const patch = test.engine.patch(id);
    test.engine.continueRun(id);
    await test.until(() => test.runs(roundId)[0]?.steps.at(-1)?.type === 'text');
    await test.engine.dispose();
    test.engine = new Engine(test.host);
    const interrupted = test.engine.run(id).run;
    assert.equal(interrupted.state.status === 'failed' && interrupted.state.problem.code, 'interrupted');
    assert.deepEqual([interrupted.tree, interrupted.changes], [run.tree, run.changes]);
    assert.equal(test.engine.patch(id), patch);
    assert.ok(canContinue(interrupted));
  });

  it('keeps what it did in both parts when it is canceled in the second', async () => {
    const { script } = stopped(async function* (request, signal) {
      if (!request.turns.some((turn) => turn.role === 'tool')) yield call('delete_file', { path: 'part1.txt' });
      else yield* hanging(request, signal);
    });
    const { roundId, id } = await limited(script);
    test.engine.continueRun(id);
    await test.until(() => test.runs(roundId)[0]?.changes.length === 3);
    await test.until(() => JSON.stringify(test.runs(roundId)[0]?.steps).includes('Thinking'));
    await test.engine.cancelRun(id);
    const canceled = test.engine.run(id).run;
    assert.equal(canceled.state.status, 'canceled');
    assert.equal(canceled.changes.length, 3);
    assert.notEqual(canceled.tree, undefined);
  });

  it('starts from nothing when it is retried instead', async () => {
    const { script } = stopped(function* () {
      yield call('finish', { summary: 'Nothing.' });
    });
    const { roundId, id } = await limited(script);
    test.engine.retryRun(id);
    await test.ended(roundId);
    const retried = test.engine.run(id).run;
    assert.deepEqual([retried.changes, retried.usage.input], [[], 100]);
  });

  it('is none that ended by itself', async () => {
    test = new TestEngine({
      a: function* () {
        yield call('finish', { summary: 'Done.' });
      },
    });
    const roundId = await test.round('Go', ['a']);
    const id = test.runs(roundId)[0]?.id as RunId;
    test.engine.continueRun(id);
    assert.equal(test.engine.run(id).run.state.status, 'succeeded');
  });
});
