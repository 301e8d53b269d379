import assert from 'node:assert/strict';
import type { ModelProfile, RunId } from '../../../src/core/domain.ts';
import { EvidenceFlow, type FlowParts } from '../../../src/core/engine/evidenceFlow.ts';
import { Engine } from '../../../src/core/engine.ts';
import type { ModelEvent } from '../../../src/core/providers/provider.ts';
import { EvidenceEngine, shell } from '../../support/evidenceEngine.ts';
import { call, hanging, profileOf, type Script, testSettings, writer } from '../../support/testEngine.ts';
import { reviewFor } from '../evidence/reviewing.ts';

const prefersGood = (a: string) => (a.includes('good') ? 'first' : 'second');

/** Finds fault with what has no "good" in it. */
const reviewer: Script = function* (request) {
  const opine = (shown: string) =>
    shown.includes('good')
      ? {}
      : { wouldMerge: false, findings: [{ path: 'made.txt', line: 1, reason: 'This is bad.', severity: 'blocker' }] };
  yield call('submit_review', reviewFor(request, opine, prefersGood));
};

describe('a review of a round', function () {
  this.timeout(60_000);
  let test: EvidenceEngine;
  afterEach(() => test.dispose());

  const scripts: Record<string, Script> = {
    right: writer('made.txt', 'good\n'),
    wrong: writer('made.txt', 'bad\n'),
    nothing: function* () {
      yield call('finish', { summary: 'Nothing to do.' });
    },
    judge: reviewer,
    'gpt-4o': reviewer,
    silent: function* () {
      yield { type: 'text', text: 'I would rather not.' };
    },
    slow: hanging,
  };
  const judges = (...models: readonly string[]): readonly ModelProfile[] => models.map(profileOf);

  it('is kept with what it cost, also over a reload, and ranks the candidates', async () => {
    test = new EvidenceEngine(scripts);
    const id = await test.round('Make it good', ['wrong', 'right']);
    const [wrong, right] = test.ids(id) as [RunId, RunId];
    await test.engine.evidence.review(id, judges('gpt-4o', 'silent'));
    const evidence = await test.known(id);
    assert.equal(evidence.reviews.length, 2, 'two orders');
    assert.equal(evidence.ranking?.recommended, right);
    assert.deepEqual(
      evidence.reviewProblems.map(({ reviewerLabel }) => reviewerLabel),
      ['SILENT', 'SILENT'],
    );
    const costs = evidence.reviewCosts?.filter(({ reviewerLabel }) => reviewerLabel === 'GPT-4O');
    assert.ok(costs?.length === 2 && costs.every(({ usage, cost }) => usage.input === 100 && cost !== undefined));
    const [finding, ...others] = test.engine.evidence.findings(id);
    assert.deepEqual([finding?.candidate, finding?.finding.line, others.length], [wrong, 1, 0]);
    assert.match(test.engine.evidence.messageOf(id, finding?.id ?? ''), /This is bad\./);
    assert.throws(() => test.engine.evidence.messageOf(id, 'other'), /no longer/);
    assert.match(test.engine.evidence.markdown(id), /\| 2 of 2 \|(.|\n)*\| 0 of 2 \|(.|\n)*Reviewed by GPT-4O/);

    await test.engine.dispose();
    test.engine = new Engine(test.host);
    assert.equal((await test.known(id)).ranking?.recommended, right);
    assert.equal(test.evidence(id).reviewCosts?.length, evidence.reviewCosts?.length);
  });

  it('takes the place of the same reviewer’s last one, and not of another’s', async () => {
    test = new EvidenceEngine(scripts);
    const id = await test.round('Go', ['wrong', 'right']);
    for (const model of ['judge', 'gpt-4o', 'judge']) await test.engine.evidence.review(id, judges(model));
    const { reviews } = await test.known(id);
    assert.deepEqual(reviews.map(({ reviewer: who }) => who).sort(), ['gpt-4o', 'gpt-4o', 'judge', 'judge']);
  });

  it('says nothing of a run that was done again since', async () => {
    let content = 'good first\n';
    const unfinished: Script = async function* (request, signal) {
      if (request.turns.some((turn) => turn.role === 'tool')) yield* hanging(request, signal);
      else yield call('write_file', { path: 'made.txt', content });
    };
    test = new EvidenceEngine({ ...scripts, unfinished });
    const { roundId } = test.start('Go', ['unfinished', 'right']);
    const [first, right] = test.ids(roundId) as [RunId, RunId];
    const stop = async () => {
      await test.until(() => test.runs(roundId)[0]?.changes.length === 1);
      await test.engine.cancelRun(first);
    };
    await stop();
    await test.ended(roundId);
    await test.engine.evidence.review(roundId, judges('judge'));
    const judged = () => test.evidence(roundId).reviews.map(({ candidates }) => candidates.map((one) => one.candidate));
    assert.deepEqual(
      judged().map((each) => each.length),
      [2, 2],
    );
    content = 'bad\n';
    test.engine.retryRun(first);
    await stop();
    await test.known(roundId);
    assert.deepEqual(judged(), [[right], [right]]);
    assert.deepEqual(
      test.evidence(roundId).reviews.flatMap(({ preferences }) => preferences),
      [],
    );
  });

  it('is canceled when it is told to, and refused where there is nothing to review', async () => {
    test = new EvidenceEngine(scripts);
    const id = await test.round('Go', ['right']);
    const reviewing = test.engine.evidence.review(id, judges('slow'));
    await test.until(() => test.evidence(id).isReviewing);
    test.engine.evidence.cancelReview(id);
    await reviewing;
    const evidence = await test.known(id);
    assert.deepEqual([evidence.isReviewing, evidence.reviews, evidence.reviewProblems], [false, [], []]);
    await assert.rejects(test.engine.evidence.review(id, []), /No reviewer is chosen/);
    const empty = await test.round('Go', ['nothing']);
    await assert.rejects(test.engine.evidence.review(empty, judges('judge')), /nothing to review/);
  });

  it('says what went wrong where no reviewer gave an answer', async () => {
    test = new EvidenceEngine(scripts);
    const id = await test.round('Go', ['right']);
    await assert.rejects(
      test.engine.evidence.review(id, judges('silent')),
      /^UserError: There is no review\. SILENT gave no usable review, twice.*Review again, or choose another reviewer\.$/,
    );
    const { reviewProblems, reviewCosts, isReviewing } = await test.known(id);
    assert.deepEqual([reviewProblems.length, reviewCosts?.length, isReviewing], [1, 1, false]);
  });

  it('tells the reviewer all that was asked for, where a round goes on from another', async () => {
    const asked: string[] = [];
    const listening: Script = function* (request, signal) {
      const [turn] = request.turns;
      if (turn?.role === 'user') asked.push(turn.text);
      yield* reviewer(request, signal) as Iterable<ModelEvent>;
    };
    test = new EvidenceEngine({ ...scripts, listening });
    const first = await test.round('Make it first', ['right']);
    const taskId = test.engine.round(first).task.id;
    const start = { from: 'run', runId: test.ids(first)[0] };
    const second = await test.round('Then second', ['wrong'], { taskId, start });
    const other = { from: 'run', runId: test.ids(second)[0] };
    const third = await test.round('At last third', ['right'], { taskId, start: other });
    await test.engine.evidence.review(third, judges('listening'));
    assert.match(asked[0] ?? '', /Make it first(.|\n)*Then second(.|\n)*authors were given:\n\n.*\nAt last third/);
    await test.engine.evidence.review(second, judges('listening'));
    assert.doesNotMatch(asked.at(-1) ?? '', /At last third/);
  });

  it('tells how far it is, and takes nothing from what there was where it is canceled half way', async () => {
    let answers = 0;
    const tiring: Script = async function* (request, signal) {
      if (++answers > 3) yield* hanging(request, signal);
      else yield* reviewer(request, signal);
    };
    test = new EvidenceEngine({ ...scripts, tiring });
    const id = await test.round('Go', ['wrong', 'right']);
    const [, right] = test.ids(id);
    await test.engine.evidence.review(id, judges('tiring'));
    const again = test.engine.evidence.review(id, judges('tiring'));
    await test.until(() => test.evidence(id).reviewProgress?.done === 1);
    assert.equal(test.evidence(id).reviewProgress?.total, 2);
    test.engine.evidence.cancelReview(id);
    await again;
    const { reviews, reviewProgress } = await test.known(id);
    assert.equal(reviewProgress, undefined);
    assert.deepEqual(
      reviews.map(({ preferences }) => preferences[0]?.better),
      [right, right],
    );
  });

  it('does not come by itself again, also where a run has changed nothing', async () => {
    test = new EvidenceEngine(scripts, { reviewers: ['judge'] });
    const id = await test.round('Go', ['right', 'nothing']);
    let asked = 0;
    const flow = new EvidenceFlow({
      host: {
        ...test.host,
        settings: () => ({ ...testSettings, evidence: { ...test.settings, reviewWhenDone: true } }),
      },
      book: test.engine,
      known: { of: () => ({ progress: test.evidence(id) }), checksOf: () => ({ agreed: [] }) },
      checks: { isBusy: () => false },
      review: async () => void asked++,
    } as unknown as FlowParts);
    await flow.afterRuns(id);
    assert.equal(asked, 1);
    await test.engine.evidence.review(id, judges('judge'));
    await flow.afterRuns(id);
    assert.equal(asked, 1);
  });

  it('does not come by itself where none of its models is there any more, and the log says so', async () => {
    test = new EvidenceEngine(scripts, { reviewWhenDone: true, reviewers: ['deleted'] });
    const id = await test.round('Go', ['right']);
    await test.until(() => test.log.some((line) => /none of deleted is a model any more/.test(line)));
    assert.deepEqual((await test.known(id)).reviews, []);
  });

  it('comes by itself after runs and checks where that is set', async () => {
    const checks = [shell('there', 'test -f made.txt')];
    test = new EvidenceEngine(scripts, { checks, checksWhenDone: true, reviewWhenDone: true, reviewers: ['judge'] });
    await test.agree();
    const id = await test.round('Go', ['right', 'wrong']);
    await test.until(() => test.evidence(id).reviews.length === 2);
    assert.equal((await test.known(id)).ranking?.recommended, test.ids(id)[0]);
  });
});
