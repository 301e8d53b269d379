import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CandidateId, ProfileId } from '../../../src/core/domain.ts';
import { rank } from '../../../src/core/evidence/ranking.ts';
import type { CandidateEvidence, CheckVerdict, CrossTest, Mark, Review } from '../../../src/core/evidence.ts';

const id = (name: string) => name as CandidateId;

function evidence(name: string, more: Partial<CandidateEvidence> = {}): CandidateEvidence {
  return { candidate: id(name), marks: [], checks: [passed], crossTests: [], reviews: [], size: 10, ...more };
}

const passed: CheckVerdict = { check: 'tests', verdict: 'passed' };
const noTests = { passed: 5, broken: [], fixed: [], stillFailing: [], flaky: [], missing: [], added: 0 };
const tested = (verdict: CheckVerdict['verdict'], tests: Partial<typeof noTests> & { broken?: never[] } = {}) =>
  ({ check: 'tests', verdict, tests: { ...noTests, ...tests } }) as CheckVerdict;
const mark = (kind: Mark['kind'], isGate = false): Mark => ({ kind, isGate, text: `It has ${kind}.` });
const cross = (testsOf: string, codeOf: string, failed: readonly string[] = []): CrossTest => ({
  testsOf: id(testsOf),
  codeOf: id(codeOf),
  check: 'tests',
  passed: 1,
  failed,
  ok: failed.length === 0,
});

function review(reviewer: string, better: string, worse: string, wouldMerge = true): Review {
  const judged = { findings: [], doesWhatWasAsked: true, isComplete: true, staysInScope: true, wouldMerge };
  return {
    reviewer: reviewer as ProfileId,
    reviewerLabel: reviewer,
    order: [id(better), id(worse)],
    candidates: [
      { candidate: id(better), ...judged },
      { candidate: id(worse), ...judged },
    ],
    preferences: [{ better: id(better), worse: id(worse) }],
    noneIsMergeable: false,
  };
}

const order = (...all: readonly CandidateEvidence[]) => rank(all).candidates.map(({ candidate }) => candidate);

describe('the ranking', () => {
  it('puts gates before checks, checks before cross-tests, these before reviews, and those before size', () => {
    const reviews = [review('r', 'larger', 'smaller')];
    assert.deepEqual(
      order(
        evidence('gated', { marks: [mark('does-not-parse', true)], checks: [tested('fixed')], size: 1 }),
        evidence('broken', { checks: [tested('broken')], size: 1 }),
        evidence('crossed', { crossTests: [cross('larger', 'crossed', ['t'])], size: 1 }),
        evidence('larger', { reviews, size: 20 }),
        evidence('smaller', { reviews, size: 5 }),
      ),
      ['larger', 'smaller', 'crossed', 'broken', 'gated'],
    );
    assert.deepEqual(order(evidence('a', { size: 9 }), evidence('b', { size: 8 })), ['b', 'a']);
  });

  it('says of ties that they are ties, and recommends none of them', () => {
    const { candidates, recommended, note } = rank([evidence('b'), evidence('a'), evidence('c', { size: 11 })]);
    assert.deepEqual(
      candidates.map(({ candidate, place, isTied }) => [candidate, place, isTied]),
      [
        ['a', 1, true],
        ['b', 1, true],
        ['c', 3, false],
      ],
    );
    assert.equal(recommended, undefined);
    assert.match(note ?? '', /^2 candidates are tied/);
  });

  it('recommends nothing when nothing is known but size', () => {
    const { recommended, note } = rank([evidence('a', { checks: [] }), evidence('b', { checks: [], size: 1 })]);
    assert.equal(recommended, undefined);
    assert.match(note ?? '', /^Nothing is known/);
    assert.equal(rank([evidence('alone', { checks: [] })]).recommended, 'alone');
    assert.deepEqual(rank([]), { candidates: [] });
  });

  it('says when none can be merged', () => {
    const { recommended, note, candidates } = rank([
      evidence('a', { checks: [tested('broken')] }),
      evidence('b', { marks: [mark('changes-nothing', true)] }),
    ]);
    assert.equal(recommended, undefined);
    assert.match(note ?? '', /^None/);
    assert.deepEqual(
      candidates.map(({ isMergeable }) => isMergeable),
      [false, false],
    );
  });

  it('puts what weakens tests below its equals, and does not recommend it unseen', () => {
    const weak = evidence('weak', { marks: [mark('weakens-tests')], size: 1 });
    assert.deepEqual(order(weak, evidence('strong')), ['strong', 'weak']);
    const { recommended, note } = rank([weak, evidence('broken', { checks: [tested('broken')] })]);
    assert.equal(recommended, undefined);
    assert.match(note ?? '', /look at the best candidate/i);
  });

  it('does not credit a check that passes because tests were taken away', () => {
    const fixed: CheckVerdict = { check: 'tests', verdict: 'fixed' };
    const failing: CheckVerdict = { check: 'tests', verdict: 'still-failing' };
    const weak = evidence('weak', { checks: [fixed, passed], marks: [mark('deletes-tests')], size: 1 });
    assert.deepEqual(order(weak, evidence('honest', { checks: [failing, passed] })), ['honest', 'weak']);
    assert.deepEqual(order(weak, evidence('fixes', { checks: [fixed, passed] })), ['fixes', 'weak']);
    const gone = evidence('gone', { checks: [tested('fixed', { missing: ['old'] as never[], passed: 4 })], size: 1 });
    const kept = evidence('kept', { checks: [tested('still-failing', { stillFailing: ['old'] as never[] })] });
    assert.equal(rank([gone, { ...kept, size: 0 }]).candidates[0]?.candidate, 'kept');
    const renamed = evidence('renamed', { checks: [tested('fixed', { missing: ['old'] as never[], added: 1 })] });
    assert.deepEqual(order(renamed, kept), ['renamed', 'kept'], 'another name is no loss');
  });

  it('recommends nothing on which no check passes', () => {
    const failing: CheckVerdict = { check: 'tests', verdict: 'still-failing' };
    const { recommended, note } = rank([evidence('a', { checks: [failing] })]);
    assert.equal(recommended, undefined);
    assert.match(note ?? '', /^No check passes/);
    assert.equal(rank([evidence('a', { checks: [failing, { check: 'types', verdict: 'passed' }] })]).recommended, 'a');
  });

  it('takes expectations that most candidates change for what was asked', () => {
    const changing = (name: string, more: Partial<CandidateEvidence> = {}) =>
      evidence(name, { marks: [mark('changes-expectations')], ...more });
    const old = (...of: string[]) =>
      evidence('old', { size: 1, crossTests: of.map((one) => cross(one, 'old', ['t'])) });
    assert.deepEqual(order(changing('a'), changing('b', { size: 11 }), old('a', 'b')), ['a', 'b', 'old']);
    assert.equal(rank([changing('a'), changing('b', { size: 11 }), old('a', 'b')]).recommended, 'a');
    assert.deepEqual(order(changing('a'), evidence('b'), old('a')), ['old', 'b', 'a'], 'one alone');
  });

  it('recommends tests alone where nobody did anything else', () => {
    const only = (name: string, size: number) => evidence(name, { marks: [mark('tests-only')], size });
    assert.equal(rank([only('a', 1), only('b', 2)]).recommended, 'a');
    assert.equal(rank([only('a', 1), evidence('b', { checks: [tested('broken')] })]).recommended, undefined);
  });

  it('weighs a test by how many candidates pass it', () => {
    const all = [
      evidence('right', { crossTests: [cross('wrong', 'right', ['odd']), cross('other', 'right')], size: 9 }),
      evidence('other', { crossTests: [cross('wrong', 'other', ['odd']), cross('right', 'other')], size: 9 }),
      evidence('wrong', { crossTests: [cross('right', 'wrong', ['edge']), cross('other', 'wrong')], size: 1 }),
    ];
    assert.equal(rank(all).candidates.at(-1)?.candidate, 'wrong');
  });

  it('does not listen to the tests of one that breaks something', () => {
    const broken = evidence('broken', { checks: [tested('broken')] });
    const all = [broken, evidence('a', { crossTests: [cross('broken', 'a', ['t'])], size: 1 }), evidence('b')];
    assert.equal(rank(all).recommended, 'a');
  });

  it('lets orders that contradict each other cancel out', () => {
    const reviews = [review('r', 'a', 'b'), review('r', 'b', 'a')];
    assert.equal(rank([evidence('a', { reviews }), evidence('b', { reviews })]).candidates[0]?.isTied, true);
  });

  it('explains itself in one sentence', () => {
    const tests = { ...noTests, passed: 214, fixed: ['x', 'y'], added: 1 };
    const best = evidence('a', {
      checks: [{ check: 'tests', verdict: 'fixed', tests }],
      reviews: [review('r', 'a', 'b'), review('s', 'a', 'b')],
      size: 4,
    });
    const reasons = rank([best, evidence('b'), evidence('c', { checks: [tested('broken', {})] })]).candidates;
    assert.equal(
      reasons[0]?.reason,
      "passes all 214 tests the base passes, and 3 it didn't; reviewers prefer it 2 : 0; smallest patch",
    );
    assert.equal(reasons[2]?.reason, 'breaks “tests”');
  });

  it('counts one as one, and says ties and what reviewers prefer as they are', () => {
    const one = tested('passed', { passed: 1 });
    const reviews = [review('r', 'b', 'a')];
    const reason = (own: Partial<CandidateEvidence>, ...others: readonly CandidateEvidence[]) =>
      rank([evidence('a', own), ...others]).candidates.find(({ candidate }) => candidate === 'a')?.reason;
    assert.equal(reason({ checks: [one] }), 'passes the one test the base passes');
    assert.equal(reason({ crossTests: [cross('b', 'a')] }), 'passes “tests”; passes the tests of another candidate');
    assert.equal(
      reason({ crossTests: [cross('b', 'a', ['t']), cross('c', 'a')] }),
      'passes “tests”; fails tests of 1 of 2 other candidates',
    );
    assert.equal(reason({}, evidence('b')), 'passes “tests”; tied with 1 other candidate');
    assert.equal(reason({}, evidence('b'), evidence('c')), 'passes “tests”; tied with 2 other candidates');
    assert.equal(reason({ reviews }), 'passes “tests”; reviewers prefer others 1 : 0');
    const split = [...reviews, review('r', 'a', 'b')];
    assert.equal(reason({ reviews: split }), 'passes “tests”; reviewers prefer it 1 : 1 (score 0.75 ± 0.50)');
  });
});

const names = ['a', 'b', 'c', 'd'];
const marks = fc.subarray([
  mark('does-not-parse', true),
  mark('weakens-tests'),
  mark('changes-expectations'),
  mark('tests-only'),
  mark('debug-leftover'),
]);
const checks = fc.array(
  fc
    .tuple(fc.constantFrom('passed', 'broken', 'fixed', 'still-failing', 'unknown'), fc.nat(2), fc.nat(2))
    .map(([verdict, missing, added]) =>
      tested(verdict as CheckVerdict['verdict'], { missing: ['m', 'n'].slice(missing), added } as never),
    ),
  { maxLength: 2 },
);
const reviewsOf = fc.array(
  fc
    .tuple(fc.constantFrom('r', 's'), fc.shuffledSubarray(names, { minLength: 2, maxLength: 2 }), fc.boolean())
    .map(([who, [better = '', worse = ''], merge]) => review(who, better, worse, merge)),
  { maxLength: 3 },
);
const round = fc
  .tuple(reviewsOf, fc.array(fc.tuple(marks, checks, fc.nat(3)), { minLength: 4, maxLength: 4 }))
  .chain(([reviews, own]) =>
    fc
      .tuple(
        ...names.flatMap((to) => names.map((of) => fc.subarray(['t', 'u']).map((failed) => cross(of, to, failed)))),
      )
      .map((crossTests) =>
        own.map(([ownMarks, ownChecks, size], index) => ({
          candidate: id(names[index] ?? ''),
          marks: ownMarks,
          checks: ownChecks,
          size,
          reviews,
          crossTests: crossTests.filter(({ codeOf, testsOf }) => codeOf === names[index] && testsOf !== codeOf),
        })),
      ),
  );

const withMoreMissing = (check: CheckVerdict): CheckVerdict =>
  check.tests ? { ...check, tests: { ...check.tests, missing: [...check.tests.missing, 'o', 'p'] } } : check;

describe('any ranking', () => {
  it('does not depend on the order, and says the same each time', () => {
    fc.assert(
      fc.property(round, fc.nat(23), (all, turn) => {
        const other = [...all.slice(turn % 4), ...all.slice(0, turn % 4)];
        assert.deepEqual(rank(other), rank(all));
        assert.deepEqual(rank([...all].reverse()), rank(all));
      }),
    );
  });

  it('never recommends what has a gate or breaks a check', () => {
    fc.assert(
      fc.property(round, (all) => {
        const { recommended, candidates } = rank(all);
        if (recommended === undefined) return;
        const one = all.find(({ candidate }) => candidate === recommended);
        assert.ok(one && !one.marks.some(({ isGate }) => isGate));
        assert.ok(!one.checks.some(({ verdict }) => verdict === 'broken'));
        const ranked = candidates.find(({ candidate }) => candidate === recommended);
        assert.deepEqual([ranked?.isMergeable, ranked?.isTied], [true, false]);
      }),
    );
  });

  it('has symmetric ties, and places that count those before', () => {
    fc.assert(
      fc.property(round, (all) => {
        const { candidates } = rank(all);
        for (const { place, isTied } of candidates) {
          assert.equal(isTied, candidates.filter((other) => other.place === place).length > 1);
          assert.equal(candidates.filter((other) => other.place < place).length, place - 1);
        }
      }),
    );
  });

  it('ranks nobody higher for worse evidence', () => {
    const worse: readonly ((one: CandidateEvidence) => CandidateEvidence)[] = [
      (one) => ({ ...one, marks: [...one.marks, mark('does-not-apply', true)] }),
      (one) => ({ ...one, marks: [...one.marks, mark('deletes-tests')] }),
      (one) => ({ ...one, marks: [...one.marks, mark('debug-leftover')] }),
      (one) => ({ ...one, checks: [...one.checks, { check: 'types', verdict: 'unknown' }] }),
      (one) => ({ ...one, checks: [...one.checks, { check: 'types', verdict: 'still-failing' }] }),
      (one) => ({ ...one, checks: one.checks.map(withMoreMissing) }),
      (one) => ({ ...one, checks: [...one.checks, tested('broken')] }),
      (one) => ({ ...one, size: one.size + 1 }),
      (one) => ({ ...one, crossTests: one.crossTests.map((test) => ({ ...test, failed: ['t', 'u'] })) }),
      (one) => ({ ...one, reviews: one.reviews.map((each) => ({ ...each, noneIsMergeable: true })) }),
    ];
    fc.assert(
      fc.property(round, fc.nat(3), fc.constantFrom(...worse), (all, index, spoil) => {
        const before = rank(all).candidates;
        const after = rank(all.map((one, at) => (at === index ? spoil(one) : one))).candidates;
        const own = id(names[index] ?? '');
        const place = (list: typeof before, name: CandidateId) =>
          list.find(({ candidate }) => candidate === name)?.place ?? 0;
        for (const other of names.map(id)) {
          if (place(before, other) < place(before, own))
            assert.ok(place(after, other) < place(after, own), `${own} rose above ${other}`);
        }
      }),
      { numRuns: 500 },
    );
  });
});
