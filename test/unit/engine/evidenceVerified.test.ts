import assert from 'node:assert/strict';
import type { CandidateId } from '../../../src/core/domain.ts';
import { isVerified } from '../../../src/core/engine/evidenceView.ts';
import type { Check, CheckVerdict, Mark, RoundEvidence } from '../../../src/core/evidence.ts';

const id = 'a' as CandidateId;
const check: Check = { name: 'tests', command: 'make check', timeoutSeconds: 9 };

function round(verdict: CheckVerdict['verdict'], marks?: readonly Mark['kind'][]): RoundEvidence {
  return {
    checks: [check],
    notAgreed: [],
    base: [],
    candidates: [
      {
        candidate: id,
        checks: [{ check: 'tests', state: { status: 'waiting' }, verdict: { check: 'tests', verdict } }],
        ...(marks && { marks: marks.map((kind) => ({ kind, isGate: kind === 'does-not-parse', text: 'It does.' })) }),
        crossTests: [],
      },
    ],
    reviews: [],
    reviewProblems: [],
    isChecking: false,
    isReviewing: false,
  };
}

describe('a verified candidate', () => {
  it('passes what failed before', () => {
    assert.equal(isVerified(round('fixed', []), id), true);
    assert.equal(isVerified(round('fixed', ['debug-leftover']), id), true);
    assert.equal(isVerified(round('passed', []), id), false, 'nothing that it passes is new');
    assert.equal(isVerified(round('broken', []), id), false);
  });

  it('was looked through, may be picked, and took no tests away', () => {
    assert.equal(isVerified(round('fixed'), id), false);
    for (const kind of ['does-not-parse', 'deletes-tests', 'weakens-tests'] as const)
      assert.equal(isVerified(round('fixed', [kind]), id), false, kind);
  });
});
