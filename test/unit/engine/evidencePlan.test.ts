import assert from 'node:assert/strict';
import type { RunId } from '../../../src/core/domain.ts';
import { stagesByPrice } from '../../../src/core/engine/evidencePlan.ts';
import { EvidenceEngine, shell } from '../../support/evidenceEngine.ts';
import { hanging, type Script, writer } from '../../support/testEngine.ts';

const good = shell('good', 'grep -q good made.txt');

describe('the plan of a round', function () {
  this.timeout(60_000);
  let test: EvidenceEngine;
  afterEach(() => test.dispose());

  const right = writer('made.txt', 'good\n');
  const wrong = writer('made.txt', 'bad\n');
  const states = (id: Parameters<EvidenceEngine['runs']>[0]) => test.runs(id).map(({ state }) => state.status);

  it('stops the others when one is verified, and says so', async () => {
    test = new EvidenceEngine({ slow: hanging, right, wrong }, { checks: [good], stopWhenVerified: true });
    await test.agree();
    const id = await test.round('Go', ['slow', 'wrong', 'right']);
    assert.deepEqual(states(id), ['canceled', 'succeeded', 'succeeded']);
    const { state } = test.runs(id)[0] ?? {};
    assert.match(state?.status === 'canceled' ? (state.reason ?? '') : '', /^Stopped, as RIGHT is verified/);
    await test.known(id);
    assert.equal(test.evidence(id).ranking?.recommended, test.ids(id)[2]);
    assert.deepEqual(test.checkFolders(), []);
  });

  it('stops nobody for what passes nothing that failed before', async () => {
    test = new EvidenceEngine({ slow: hanging, right }, { checks: [shell('any', 'true')], stopWhenVerified: true });
    await test.agree();
    const { roundId } = test.start('Go', ['slow', 'right']);
    await test.until(() => test.runs(roundId)[1]?.state.status === 'succeeded');
    await test.until(() => test.verdicts(roundId, test.ids(roundId)[1] as RunId).any === 'passed');
    await test.known(roundId);
    assert.deepEqual(states(roundId), ['running', 'succeeded']);
    await test.engine.cancelRound(roundId);
    const { state } = test.runs(roundId)[0] ?? {};
    assert.equal(state?.status === 'canceled' && state.reason, undefined);
  });

  it('starts the cheaper models first, and no other when one of them is verified', async () => {
    const asked: string[] = [];
    const told =
      (script: Script): Script =>
      (request, signal) => {
        asked.push(request.model);
        return script(request, signal);
      };
    const scripts = { 'gpt-4o': told(right), 'gpt-4o-mini': told(right), unknown: told(right) };
    test = new EvidenceEngine(scripts, { checks: [good], cheapFirst: true });
    await test.agree();
    const id = await test.round('Go', ['unknown', 'gpt-4o', 'gpt-4o-mini']);
    assert.deepEqual(states(id), ['canceled', 'canceled', 'succeeded']);
    assert.deepEqual([...new Set(asked)], ['gpt-4o-mini']);
    const { state } = test.runs(id)[1] ?? {};
    assert.match(state?.status === 'canceled' ? (state.reason ?? '') : '', /^Not started, as GPT-4O-MINI, which costs/);
    await test.known(id);
  });

  it('starts the next ones when none of the cheaper is verified, whatever became of it', async () => {
    const failing: Script = () => {
      throw new Error('no');
    };
    test = new EvidenceEngine(
      { 'gpt-4o': wrong, 'gpt-4o-mini': failing, unknown: right },
      { checks: [good], cheapFirst: true },
    );
    await test.agree();
    const id = await test.round('Go', ['unknown', 'gpt-4o', 'gpt-4o-mini']);
    assert.deepEqual(states(id), ['succeeded', 'succeeded', 'failed']);
    await test.known(id);
  });

  it('is none without checks that were agreed to', async () => {
    test = new EvidenceEngine({ 'gpt-4o': right, 'gpt-4o-mini': hanging }, { checks: [good], cheapFirst: true });
    const { roundId } = test.start('Go', ['gpt-4o', 'gpt-4o-mini']);
    await test.until(() => test.runs(roundId)[0]?.state.status === 'succeeded');
    await test.engine.cancelRound(roundId);
  });

  it('is none where nothing keeps checks to their copies', async () => {
    test = new EvidenceEngine(
      { 'gpt-4o': right, 'gpt-4o-mini': hanging },
      { checks: [good], cheapFirst: true, sandbox: 'docker', sandboxImage: '' },
    );
    await test.agree();
    const { roundId } = test.start('Go', ['gpt-4o', 'gpt-4o-mini']);
    await test.until(() => test.runs(roundId)[0]?.state.status === 'succeeded');
    await test.engine.cancelRound(roundId);
  });

  it('can be canceled while some wait for their turn', async () => {
    test = new EvidenceEngine({ 'gpt-4o': right, 'gpt-4o-mini': hanging }, { checks: [good], cheapFirst: true });
    await test.agree();
    const { roundId } = test.start('Go', ['gpt-4o', 'gpt-4o-mini']);
    await test.until(() => test.runs(roundId)[1]?.state.status === 'running');
    await test.engine.cancelRound(roundId);
    assert.deepEqual(states(roundId), ['canceled', 'canceled']);
  });
});

describe('the stages of a plan', () => {
  it('puts runs in order by price, the unknown last', () => {
    const run = (id: string, price?: number) => ({ id: id as RunId, price });
    assert.deepEqual(stagesByPrice([run('a'), run('b', 2), run('c', 0), run('d'), run('e', 2)]), [
      ['c'],
      ['b', 'e'],
      ['a', 'd'],
    ]);
  });
});
