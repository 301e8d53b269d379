import assert from 'node:assert/strict';
import type { AgentOutcome } from '../../../src/core/agent/agent.ts';
import { UserError } from '../../../src/core/problem.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { run } from './support/running.ts';
import { answer, call, fail, ScriptedProvider } from './support/scriptedProvider.ts';

function problemOf(outcome: AgentOutcome) {
  assert.equal(outcome.kind, 'failed');
  return outcome.kind === 'failed' ? outcome.problem : assert.fail();
}

describe('The end of a run', () => {
  it('is a cut-off answer that names the setting to raise', async () => {
    const { outcome } = await run(new ScriptedProvider(answer('Half a sen', [], 'length')));
    assert.deepEqual(problemOf(outcome), {
      code: 'cut-off',
      message:
        "The model's answer was cut off at its output limit of 1000 tokens. Raise the maximum of output tokens of Model One in the setting dursor.models, then run it again.",
      action: { type: 'open-settings', setting: 'dursor.models' },
    });
  });

  it('does not come with a cut-off answer that has complete calls, unless that goes on and on', async () => {
    const cut = answer('', [call('write_file', { path: 'a', content: 'a' })], 'length');
    const provider = new ScriptedProvider(cut, answer('', [call('finish', { summary: 'ok' })], 'length'));
    assert.equal((await run(provider)).outcome.kind, 'finished');
    assert.match(provider.resultsIn(1), /^Made a \(1 line\)\.\n\nYour answer was cut off at its token limit\./);

    const endless = [0, 1, 2, 3, 4, 5].map((n) =>
      answer('', [call('write_file', { path: `${n}`, content: 'a' })], 'length'),
    );
    const { outcome, lines } = await run(new ScriptedProvider(...endless));
    assert.equal(problemOf(outcome).code, 'cut-off');
    assert.equal(lines.filter((line) => line.startsWith('step')).length, 4);
  });

  it("is the model's refusal", async () => {
    const { outcome } = await run(new ScriptedProvider(answer('', [], 'refusal')));
    assert.equal(problemOf(outcome).code, 'refused-by-model');
  });

  it("is the provider's problem when trying again makes no sense", async () => {
    const { outcome, lines } = await run(new ScriptedProvider([fail('authentication', false)]));
    assert.deepEqual(problemOf(outcome), { code: 'authentication', message: 'It went wrong: authentication.' });
    assert.deepEqual(lines, ['step 1']);
  });

  it('is the step limit, of which the model is warned', async () => {
    const provider = new ScriptedProvider(
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => answer('', [call('search', { pattern: `p${n}` })])),
    );
    const { outcome } = await run(provider, { limits: { maxSteps: 7 } });
    assert.deepEqual(problemOf(outcome).action, { type: 'open-settings', setting: 'dursor.run.maxSteps' });
    assert.match(problemOf(outcome).message, /after 7 steps\. Continue it, or raise the setting dursor\.run\.maxSteps/);
    assert.equal(provider.requests.length, 7);
    assert.match(provider.resultsIn(4), /Only 3 more answers are left/);
    assert.doesNotMatch(provider.resultsIn(5), /more answers/);
  });

  it('is a step that keeps failing, after the model was told once', async () => {
    const provider = new ScriptedProvider(answer('', [call('read_file', { path: 'no.txt' }, 'same')]));
    const { outcome } = await run(provider);
    assert.equal(problemOf(outcome).code, 'step-limit');
    assert.match(problemOf(outcome).message, /^The model repeated the same failing step\./);
    assert.equal(provider.requests.length, 4);
    assert.doesNotMatch(provider.resultsIn(2), /failed three times/);
    assert.match(provider.resultsIn(3), /There is no file no\.txt\.\n\nThis same call has now failed three times/);
  });

  it('is a step that keeps failing beside others, in turn with them, or between reads of what is known', async () => {
    const failing = (path: string) => call('edit_file', { path, oldText: 'gone', newText: '' });
    const a = answer('', [failing('a')]);
    const b = answer('', [failing('b')]);
    const both = answer('', [failing('a'), failing('b')]);
    const reading = answer('', [call('read_file', { path: 'a' }), failing('a')]);
    for (const [answers, steps] of [
      [[both], 4],
      [[a, b, a, b, a, b, a], 7],
      [[reading], 4],
    ] as const) {
      const provider = new ScriptedProvider(...answers);
      const { outcome } = await run(provider, { copy: new MemoryCopy({ a: 'x\n', b: 'x\n' }) });
      assert.match(problemOf(outcome).message, /^The model repeated the same failing step\./);
      assert.equal(provider.requests.length, steps);
    }
  });

  it('does not come from failing calls of one answer, nor from repeated calls that work', async () => {
    const same = Array.from({ length: 5 }, () => call('read_file', { path: 'no.txt' }));
    const listing = answer('', [call('list_files', {})]);
    const provider = new ScriptedProvider(
      answer('', same),
      listing,
      listing,
      listing,
      listing,
      listing,
      answer('End.'),
    );
    assert.deepEqual((await run(provider)).outcome, { kind: 'finished', summary: 'End.' });
  });

  it("is the copy's problem when the run can't know its own changes", async () => {
    const copy = new MemoryCopy();
    copy.patch = () => Promise.reject(new UserError({ code: 'git-missing', message: 'Git is gone.' }));
    const { outcome } = await run(new ScriptedProvider(answer('', [call('write_file', { path: 'a', content: '' })])), {
      copy,
    });
    assert.equal(problemOf(outcome).code, 'git-missing');
  });

  it('is thrown when it is a bug', async () => {
    const copy = new MemoryCopy();
    copy.list = () => Promise.reject(new TypeError('a bug'));
    await assert.rejects(run(new ScriptedProvider(answer('x')), { copy }), /a bug/);
  });
});
