import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/problem.ts';
import { answer, fail, hangAfter, usage } from '../agent/support/scriptedProvider.ts';
import {
  AnsweringProvider,
  candidateOf,
  connected,
  inText,
  profileOf,
  review,
  reviewFor,
  shownIn,
  submits,
  type Texts,
} from './reviewing.ts';

const base: Texts = { 'src/sum.ts': 'export const sum = (a, b) => a - b;\n', 'README.md': 'Sums.\n' };
const right = candidateOf('right', base, { 'src/sum.ts': 'export const sum = (a, b) => a + b;\n' });
const wrong = candidateOf('wrong', base, { 'src/sum.ts': 'export const sum = (a, b) => b - a;\n' });
const isRight = (shown: string) => shown.includes('a + b');
const preferRight = (first: string) => (isRight(first) ? 'first' : 'second');

describe('A review of candidates', () => {
  it('shows each reviewer an order and its reverse, under other names', async () => {
    const third = candidateOf('third', base, { 'README.md': 'Adds.\n' });
    const provider = new AnsweringProvider((request) => submits(reviewFor(request)));
    const { reviews } = await review({ candidates: [right, wrong, third] }, async () => connected(provider));
    const [one, other] = reviews;
    assert.equal(reviews.length, 2);
    assert.deepEqual(one?.order, other?.order.toReversed());
    const [aliases, others] = provider.requests.map((request) => [...shownIn(request).keys()].join());
    assert.notEqual(aliases, others?.split(',').toReversed().join());
  });

  it('maps aliases back to candidates', async () => {
    const provider = new AnsweringProvider((request) =>
      submits(
        reviewFor(
          request,
          (shown) => (isRight(shown) ? {} : { wouldMerge: false, findings: [{ path: 'src/sum.ts', line: 1 }] }),
          preferRight,
        ),
      ),
    );
    const {
      reviews,
      problems,
      usage: used,
    } = await review({ candidates: [right, wrong] }, async () => connected(provider));
    assert.deepEqual(problems, []);
    for (const each of reviews) {
      assert.deepEqual(each.preferences, [{ better: 'right', worse: 'wrong' }]);
      const bad = each.candidates.find(({ candidate }) => candidate === 'wrong');
      assert.equal(bad?.wouldMerge, false);
      assert.equal(bad.findings.length, 1);
      assert.deepEqual(each.candidates.find(({ candidate }) => candidate === 'right')?.findings, []);
      assert.equal(each.reviewerLabel, 'Reviewer one');
    }
    assert.deepEqual(
      used.map((each) => each.usage),
      [usage, usage],
    );
  });

  it('keeps each finding once, in words that need no aliases, and none that is nowhere', async () => {
    const provider = new AnsweringProvider((request) => {
      const [own = '', other = ''] = shownIn(request).keys();
      const reason = `Candidate ${own} is\n<b>worse</b> than candidate ${other}. Candidates ${other} and ${own} differ, unlike candidates ${other}, ${other}.`;
      const wrongOnes = [
        { path: 'src/sum.ts', line: 1, severity: 'minor', reason: 'Untested.' },
        { path: 'src/sum.ts', line: 99, severity: 'blocker', reason },
        { path: 'src/sum.ts', line: 1, severity: 'blocker', reason },
        { path: 'src/other.ts', line: 1 },
      ];
      const findingsOf = new Map([[own, wrongOnes]]);
      const sound = reviewFor(request);
      const candidates = sound.candidates.map((each) => ({
        ...each,
        findings: (findingsOf.get(each.candidate) ?? []).map((finding) => ({
          severity: 'major',
          reason: 'Wrong.',
          ...finding,
        })),
      }));
      return submits({ ...sound, candidates });
    });
    const { reviews, droppedFindings } = await review({ candidates: [right, wrong] }, async () => connected(provider));
    assert.equal(droppedFindings, 2);
    const first = reviews[0]?.candidates.find(({ candidate }) => candidate === reviews[0]?.order[0]);
    assert.deepEqual(first?.findings, [
      {
        path: 'src/sum.ts',
        line: 1,
        severity: 'blocker',
        reason:
          'this candidate is <b>worse</b> than another candidate. these candidates differ, unlike other candidates.',
      },
      { path: 'src/sum.ts', line: 1, severity: 'minor', reason: 'Untested.' },
    ]);
  });

  it('reviews equal candidates as one, and asks once where nothing is to be compared', async () => {
    const twin = { ...right, id: candidateOf('twin', base, {}).id };
    const provider = new AnsweringProvider((request) => submits(reviewFor(request, undefined, preferRight)));
    const { reviews } = await review({ candidates: [right, wrong, twin] }, async () => connected(provider));
    assert.deepEqual(
      provider.requests.map((request) => shownIn(request).size),
      [2, 2],
    );
    assert.deepEqual(reviews[0]?.preferences.map(({ better, worse }) => `${better}>${worse}`).sort(), [
      'right>wrong',
      'twin>wrong',
    ]);
    assert.equal(reviews[0]?.candidates.length, 3);
    const alone = new AnsweringProvider((request) => submits(reviewFor(request)));
    assert.equal((await review({ candidates: [right, twin] }, async () => connected(alone))).reviews.length, 1);
  });

  it('lets a reviewer say that none is mergeable', async () => {
    const provider = new AnsweringProvider((request) =>
      submits(
        reviewFor(
          request,
          () => ({ wouldMerge: false }),
          () => 'neither',
        ),
      ),
    );
    const { reviews } = await review({ candidates: [right, wrong] }, async () => connected(provider));
    assert.deepEqual(
      reviews.map(({ noneIsMergeable, preferences }) => [noneIsMergeable, preferences.length]),
      [
        [true, 0],
        [true, 0],
      ],
    );
  });

  it('tells a model once what is wrong with its answer', async () => {
    const provider = new AnsweringProvider((request, index) => {
      if (index === 0) return answer('They are all fine.');
      if (index === 2) return submits({ ...reviewFor(request), preferences: [] });
      return submits(reviewFor(request));
    });
    const { reviews, usage: used } = await review({ candidates: [right, wrong] }, async () => connected(provider));
    assert.equal(reviews.length, 2);
    const said = provider.requests[1]?.turns.at(-1);
    assert.match(said?.role === 'user' ? said.text : '', /did not call submit_review/);
    assert.match(provider.resultsIn(3), /preferences: 0 entries for \w and \w, not 1\./);
    assert.equal(used[0]?.usage.input, 2 * usage.input);
  });

  it('drops a reviewer that gives nothing usable twice, and says so', async () => {
    const provider = new AnsweringProvider((request, index) =>
      index < 2 ? submits({ candidates: 'all good' }) : submits(reviewFor(request)),
    );
    const { reviews, problems, unfinished } = await review({ candidates: [right, wrong] }, async () =>
      connected(provider),
    );
    assert.equal(reviews.length, 1, 'the other order is asked all the same');
    assert.deepEqual([reviews[0]?.preferences, reviews[0]?.candidates.length], [[], 2], 'one order prefers nothing');
    assert.deepEqual(unfinished, ['one']);
    assert.deepEqual(
      problems.map(({ reviewerLabel, problem }) => [reviewerLabel, problem.code]),
      [['Reviewer one', 'malformed-answer']],
    );
    assert.match(problems[0]?.problem.message ?? '', /^Reviewer one gave no usable review, twice/);
  });

  it('works with models that write their calls as text', async () => {
    const provider = new AnsweringProvider((request) =>
      answer(`I looked.\n<call tool="submit_review">\n${JSON.stringify(reviewFor(request))}\n</call>`),
    );
    const { reviews, problems } = await review({ candidates: [right, wrong] }, async () => connected(inText(provider)));
    assert.deepEqual(problems, []);
    assert.equal(reviews.length, 2);
    assert.match(provider.requests[0]?.system ?? '', /How to call tools/);
  });

  it('goes on with the others when one reviewer refuses, has no key, or is cut off', async () => {
    const good = new AnsweringProvider((request) => submits(reviewFor(request)));
    const refusing = new AnsweringProvider(() => answer('', [], 'refusal'));
    const cut = new AnsweringProvider(() => answer('Well', [], 'length'));
    const reviewers = ['good', 'refusing', 'cut', 'keyless'].map((name) => profileOf(name));
    const { reviews, problems, progress } = await review({ candidates: [right, wrong], reviewers }, async ({ id }) => {
      if (id === 'keyless') throw new UserError({ code: 'no-key', message: 'There is no key.' });
      return connected({ good, refusing, cut }[id as string] ?? good);
    });
    assert.deepEqual(
      reviews.map(({ reviewer }) => reviewer),
      ['good', 'good'],
    );
    assert.deepEqual(
      problems.map(({ reviewer, problem }) => [reviewer, problem.code]),
      [
        ['refusing', 'refused-by-model'],
        ['cut', 'cut-off'],
        ['keyless', 'no-key'],
      ],
    );
    assert.equal(refusing.requests.length, 1);
    assert.deepEqual(progress.at(-1), { done: 8, total: 8 });
  });

  it('waits for a rate limit and says so', async () => {
    const provider = new AnsweringProvider((request, index) =>
      index === 0 ? [fail('rate-limited', true, 5_000)] : submits(reviewFor(request)),
    );
    const { reviews, progress } = await review({ candidates: [right, wrong] }, async () => connected(provider));
    assert.equal(reviews.length, 2);
    assert.deepEqual(
      progress.flatMap(({ waiting }) => waiting?.reason ?? []),
      ['rate limited'],
    );
  });

  it('stops soon after the signal, with what there is by then', async () => {
    const stop = new AbortController();
    const provider = new AnsweringProvider((request, index) => {
      if (index === 0) return submits(reviewFor(request));
      stop.abort();
      return hangAfter();
    });
    const outcome = await review({ candidates: [right, wrong] }, async () => connected(provider), stop.signal);
    assert.equal(outcome.isCanceled, true);
    assert.equal(outcome.reviews.length, 1);
    assert.deepEqual(outcome.problems, []);
    assert.deepEqual(outcome.logged, []);
    const connecting = new AbortController();
    const unconnected = review(
      { candidates: [right] },
      () => {
        connecting.abort();
        return new Promise(() => {});
      },
      connecting.signal,
    );
    assert.deepEqual([(await unconnected).isCanceled, (await unconnected).problems], [true, []]);
    const canceled = await review({ candidates: [right] }, async () => connected(provider), stop.signal);
    assert.deepEqual([canceled.isCanceled, provider.requests.length], [true, 2]);
  });
});
