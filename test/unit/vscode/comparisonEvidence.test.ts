import assert from 'node:assert/strict';
import type { CandidateId, Timestamp } from '../../../src/core/domain.ts';
import type { Finding, Ranking } from '../../../src/core/evidence.ts';
import {
  evidenceFacts,
  evidenceSentence,
  evidenceState,
  findingViews,
} from '../../../src/vscode/comparisonEvidence.ts';
import { FileIds } from '../../../src/vscode/comparisonIds.ts';
import { changeOf, compositionOf, roundOf } from './comparisonRound.ts';
import { candidateOf, check, ended, evidenceOf, reviewOf, runOf, testsOf } from './evidenceRounds.ts';

const replaced = [{ path: 'a.ts', line: 2, by: 'x' }];
const round = roundOf([
  { id: 'a', replaced },
  { id: 'b', replaced },
  { id: 'c', replaced, status: 'running' },
]);
const finding: Finding = { path: 'a.ts', line: 4, severity: 'major', reason: 'retries 4xx; a client error stays one.' };
const [a, b] = ['a' as CandidateId, 'b' as CandidateId];

function factsOf(evidence = evidenceOf(), of = round) {
  return evidenceFacts(of, evidence, new FileIds());
}

describe('the evidence of the compare panel', () => {
  it('is there for candidates that ended, with what is known of each', () => {
    const passed = ended(runOf(), { check: 'test', verdict: 'passed', tests: testsOf({ passed: 2 }) });
    const facts = factsOf(
      evidenceOf({
        candidates: [candidateOf('a', { checks: [passed] })],
        ranking: {
          candidates: [
            { candidate: a, place: 1, isTied: false, isMergeable: true, reason: 'smallest patch' },
            { candidate: b, place: 2, isTied: true, isMergeable: false, reason: 'breaks “test”' },
          ],
          recommended: a,
        },
      }),
    );
    assert.deepEqual([...facts.keys()], ['a', 'b']);
    const [first, second] = [facts.get(a), facts.get(b)];
    assert.deepEqual(
      first?.checks.map(({ check: name, text, hasOutput }) => [name, text, hasOutput]),
      [['test', '2 of 2', true]],
    );
    assert.deepEqual([first?.place, first?.isRecommended, first?.isTied], [1, true, false]);
    assert.deepEqual([second?.place, second?.isRecommended, second?.isTied], [2, false, true]);
    assert.equal(first?.reason, 'smallest patch');
    assert.ok(first && !('review' in first) && !('crossTests' in first));
  });

  it('says what reviewers prefer, find, and would not merge', () => {
    const reviews = [
      reviewOf('r', { a: { merge: true }, b: { merge: true, findings: [finding] } }),
      reviewOf('s', { a: { merge: true }, b: { merge: true } }),
    ];
    const facts = factsOf(evidenceOf({ reviews }));
    assert.deepEqual([facts.get(a)?.review?.text, facts.get(a)?.review?.tone], ['preferred 2 : 0, no finding', 'good']);
    assert.deepEqual([facts.get(b)?.review?.text, facts.get(b)?.review?.tone], ['1 finding: retries 4xx', 'look']);
    assert.match(
      facts.get(b)?.review?.detail ?? '',
      /^2 of 2 answers would merge it; preferred 0 : 2\.\nDoes what was asked: 2 of 2,/,
    );
    const against = factsOf(evidenceOf({ reviews: [reviewOf('r', { a: { merge: false }, b: { merge: true } })] }));
    assert.deepEqual([against.get(a)?.review?.text, against.get(a)?.review?.tone], ['not mergeable', 'bad']);
  });

  it('says of the preferred one that its findings are minor only where they are', () => {
    const lineOf = (...findings: readonly Finding[]) =>
      factsOf(evidenceOf({ reviews: [reviewOf('r', { a: { merge: true, findings }, b: { merge: true } })] })).get(a)
        ?.review;
    const minor = { ...finding, line: 1, severity: 'minor', reason: 'A long name.' } as const;
    assert.deepEqual([lineOf(minor)?.text, lineOf(minor)?.tone], ['preferred 1 : 0, 1 finding, minor', 'good']);
    assert.deepEqual([lineOf(minor, finding)?.text, lineOf(minor, finding)?.tone], ['2 findings: retries 4xx', 'look']);
  });

  it('lists findings with their places, gravest first', () => {
    const blocker = { ...finding, line: 9, severity: 'blocker', reason: 'Loses data.' } as const;
    const reviews = [reviewOf('r', { a: { merge: false, findings: [finding, blocker] } })];
    const ids = new FileIds();
    const facts = evidenceFacts(round, evidenceOf({ reviews }), ids).get(a);
    assert.equal(facts?.review?.text, 'not mergeable, 2 findings');
    const fileId = ids.idOf('a.ts');
    assert.deepEqual(facts?.findings, [
      { text: 'blocker: Loses data.', tone: 'bad', detail: 'a.ts:9, R', fileId, line: 9 },
      { text: `major: ${finding.reason}`, tone: 'look', detail: 'a.ts:4, R', fileId, line: 4 },
    ]);
  });

  it('gives no place while checks go on, and no reason to those that are still checked', () => {
    const passed = ended(runOf(), { check: 'test', verdict: 'passed' });
    const running = { check: 'test', state: { status: 'running', startedAt: 1 as Timestamp } } as const;
    const ranked = { isTied: false, isMergeable: true };
    const evidence = evidenceOf({
      isChecking: true,
      candidates: [candidateOf('a', { checks: [passed] }), candidateOf('b', { checks: [running] })],
      ranking: {
        candidates: [
          { ...ranked, candidate: a, place: 1, reason: 'breaks none of 1 check' },
          { ...ranked, candidate: b, place: 2, reason: 'its checks could not be run' },
        ],
        note: 'Checks are still running.',
      },
    });
    const facts = factsOf(evidence);
    assert.deepEqual([facts.get(a)?.place, facts.get(a)?.reason], [undefined, 'breaks none of 1 check']);
    assert.deepEqual([facts.get(b)?.place, facts.get(b)?.reason], [undefined, undefined]);
    const state = evidenceState(round, { ...evidence, isReviewing: true, reviewProgress: { done: 1, total: 2 } });
    assert.deepEqual(
      [state.checked, state.reviewed],
      [
        { done: 1, total: 2 },
        { done: 1, total: 2 },
      ],
    );
    assert.equal(state.verdict, undefined);
    assert.equal(factsOf({ ...evidence, isChecking: false }).get(b)?.place, 2);
  });

  it('says in one line which candidate is recommended, or why none is', () => {
    const ranked = { candidate: a, place: 1, isTied: false, isMergeable: true, reason: 'smallest patch' };
    const verdict = (ranking: Ranking) => evidenceState(round, evidenceOf({ ranking })).verdict;
    assert.deepEqual(verdict({ candidates: [ranked], recommended: a }), {
      text: 'A is recommended',
      tone: 'good',
      detail: 'smallest patch',
    });
    assert.equal(verdict({ candidates: [ranked], note: 'They are tied.' })?.tone, 'plain');
    const broken = { ...ranked, isMergeable: false };
    const none = { candidates: [broken, { ...broken, candidate: b }], note: 'None can be merged.' };
    assert.deepEqual(verdict(none), { text: 'None can be merged.', tone: 'bad' });
    const alone = { candidates: [broken], note: 'None can be merged.' };
    assert.deepEqual(verdict(alone), { text: 'It can’t be merged as it is.', tone: 'bad' });
    assert.equal(factsOf(evidenceOf({ ranking: alone })).get(a)?.place, undefined, 'it competes with nobody');
    assert.equal(evidenceState(round, evidenceOf()).verdict, undefined);
  });

  it('names each finding once, however often its reviewer saw the candidate', () => {
    const graver = { ...finding, severity: 'blocker', reason: 'Loses data.' } as const;
    const reviews = [finding, graver].map((found) => reviewOf('r', { a: { merge: true, findings: [found] } }));
    const views = findingViews(round, evidenceOf({ reviews }), 'a.ts', []);
    assert.deepEqual(
      views.map(({ candidate, line, severity, reason, reviewer }) => [candidate, line, severity, reason, reviewer]),
      [['a', 4, 'blocker', 'Loses data.', 'R']],
    );
    assert.equal(findingViews(round, evidenceOf({ reviews }), 'a.ts', [])[0]?.id, views[0]?.id);
    assert.deepEqual(findingViews(round, evidenceOf({ reviews }), 'b.ts', []), []);
  });

  it('keeps two things that a reviewer says of one line', () => {
    const other = { ...finding, severity: 'minor', reason: 'It has an odd name.' } as const;
    const reviews = [[finding, other], [finding, other], [other]].map((findings) =>
      reviewOf('r', { a: { merge: true, findings } }),
    );
    const views = findingViews(round, evidenceOf({ reviews }), 'a.ts', []);
    assert.deepEqual(
      views.map(({ severity }) => severity),
      ['major', 'minor'],
    );
    assert.notEqual(views[0]?.id, views[1]?.id);
  });

  it('finds a renamed file under the name that it has over all candidates', () => {
    const [change] = replaced.map(changeOf);
    assert.ok(change?.after);
    const renamed = { ...change, kind: 'renamed', after: { ...change.after, path: 'new.ts' } } as const;
    const moved = roundOf([], { compositions: [compositionOf('a', { changes: [renamed] })] });
    const found = { ...finding, path: 'new.ts' };
    const evidence = evidenceOf({
      reviews: [reviewOf('r', { a: { merge: true, findings: [found] } })],
      candidates: [
        candidateOf('a', {
          marks: [{ kind: 'debug-leftover', isGate: false, path: 'new.ts', line: 3, text: 'It leaves debug output.' }],
        }),
      ],
    });
    assert.equal(findingViews(moved, evidence, 'a.ts', []).length, 1);
    const ids = new FileIds();
    const [mark] = evidenceFacts(moved, evidence, ids).get(a)?.marks ?? [];
    assert.deepEqual(mark, { text: 'It leaves debug output.', tone: 'look', fileId: ids.idOf('a.ts'), line: 3 });
  });

  it('tells the tests of others apart from its own', () => {
    const test = { check: 'test', passed: 2, failed: [], ok: true };
    const crossTests = [
      { ...test, testsOf: a, codeOf: a, failed: ['own'] },
      { ...test, testsOf: b, codeOf: a },
    ];
    const line = () => factsOf(evidenceOf({ candidates: [candidateOf('a', { crossTests })] })).get(a)?.crossTests;
    assert.deepEqual([line()?.text, line()?.tone], ['passes B’s tests', 'good']);
    crossTests.push({ ...test, testsOf: b, codeOf: a, failed: ['x', 'y'], ok: false } as (typeof crossTests)[0]);
    assert.deepEqual([line()?.text, line()?.tone], ['fails 2 tests of B', 'look']);
  });

  it('says what is in force, what stands in the way, and what holds for all', () => {
    const state = evidenceState(
      round,
      evidenceOf({
        checks: [check, { ...check, name: 'e2e', network: true }],
        notAgreed: [check],
        isolation: 'bubblewrap',
        base: [ended(runOf({ end: { type: 'exit', code: 2 } }))],
        reviews: [reviewOf('r', { a: { merge: false } })],
        reviewProblems: [{ reviewerLabel: 'S', problem: 'No key.' }],
        ranking: { candidates: [], note: 'They are tied.' },
      }),
    );
    assert.deepEqual([state.checks, state.notAgreed, state.isolation], [2, 1, 'bubblewrap, network for “e2e”']);
    assert.deepEqual(
      state.notes.map(({ text }) => text),
      [
        '“test” fails on the base already; no candidate is blamed for it',
        '1 of 1 review answers say that none is mergeable',
        'S gave no review',
      ],
    );
    const isolation = (name: 'docker' | 'none') => evidenceState(round, evidenceOf({ isolation: name })).isolation;
    assert.deepEqual([isolation('docker'), isolation('none')], ['docker, no network', 'no sandbox']);
  });

  it('is news in a sentence', () => {
    assert.equal(evidenceSentence(round, evidenceOf()), undefined);
    const candidates = [{ candidate: a, place: 1, isTied: false, isMergeable: true, reason: 'smallest patch' }];
    assert.equal(
      evidenceSentence(round, evidenceOf({ ranking: { candidates, recommended: a } })),
      'A is recommended: smallest patch.',
    );
    assert.equal(
      evidenceSentence(round, evidenceOf({ ranking: { candidates, note: 'None is mergeable.' } })),
      'The evidence is in, and no candidate is recommended. None is mergeable.',
    );
  });
});
