import assert from 'node:assert/strict';
import type { CandidateId, ObjectName } from '../../../src/core/domain.ts';
import { progressOf } from '../../../src/core/engine/evidenceView.ts';
import { reviewOf } from '../vscode/evidenceRounds.ts';

describe('what a round’s reviews say once a candidate is another', () => {
  const candidate = (id: string, tree: string) => ({ id: id as CandidateId, tree: tree as ObjectName, changes: [] });
  const review = reviewOf('r', { a: { merge: false }, b: { merge: false } });
  const seen = (...candidates: readonly ReturnType<typeof candidate>[]) =>
    progressOf({
      candidates,
      stateOf: () => undefined,
      marksOf: () => [],
      verdictOf: () => assert.fail('there are no checks'),
      reviews: {
        answers: [
          { review, trees: { ['a' as CandidateId]: '1' as ObjectName, ['b' as CandidateId]: '2' as ObjectName } },
        ],
        problems: [],
        costs: [],
      },
      facts: { checks: [], notAgreed: [], isChecking: false, isReviewing: false },
    }).reviews;

  it('is all of it as long as none is', () => {
    assert.deepEqual(seen(candidate('a', '1'), candidate('b', '2')), [review]);
  });

  it('is what was said of the others, and no longer that none of all is mergeable', () => {
    const [rest] = seen(candidate('a', '1'), candidate('b', 'another'));
    assert.deepEqual(
      [rest?.candidates.map((each) => each.candidate), rest?.order, rest?.preferences, rest?.noneIsMergeable],
      [['a'], ['a'], [], false],
    );
    assert.deepEqual(seen(candidate('a', 'other'), candidate('b', 'another')), []);
  });
});
