import assert from 'node:assert/strict';
import type { Composition } from '../../../src/core/composition.ts';
import type { CandidateId, Round, Run } from '../../../src/core/domain.ts';
import { evidenceMarkdown } from '../../../src/core/engine/evidenceMarkdown.ts';
import type { CheckRun, RoundEvidence } from '../../../src/core/evidence.ts';
import { noise } from '../secrets/fakeSecrets.ts';

const id = (name: string) => name as CandidateId;
const runOf = (name: string, label: string) => ({ id: name, changes: [], profile: { label } }) as unknown as Run;
const round = {
  runs: [runOf('a', 'Model | A'), runOf('b', 'B')],
  compositions: [{ id: 'c', files: [], changes: [] } as unknown as Composition],
} as unknown as Round;
const ended = (code: number) =>
  ({ status: 'ended', run: { end: { type: 'exit', code } } as unknown as CheckRun }) as const;
const tests = { passed: 3, broken: ['x'], fixed: [], stillFailing: [], flaky: [], missing: [], added: 2 };

const evidence: RoundEvidence = {
  checks: [{ name: 'unit', command: 'secret command', timeoutSeconds: 1 }],
  notAgreed: [],
  isolation: 'bubblewrap',
  base: [{ check: 'unit', state: ended(1) }],
  candidates: [
    {
      candidate: id('a'),
      checks: [{ check: 'unit', state: ended(1), verdict: { check: 'unit', verdict: 'broken', tests } }],
      marks: [],
      crossTests: [],
    },
    { candidate: id('b'), checks: [], marks: [], crossTests: [] },
  ],
  reviews: [],
  reviewProblems: [],
  isChecking: false,
  isReviewing: false,
  ranking: {
    candidates: [
      { candidate: id('b'), place: 1, isTied: false, isMergeable: true, reason: 'no check has run on it' },
      {
        candidate: id('a'),
        place: 2,
        isTied: false,
        isMergeable: false,
        reason: `breaks the test “reads /home/somebody/x with ghp_${noise(36)}”; @everybody`,
      },
    ],
  },
};

describe('a round’s evidence as Markdown', () => {
  it('is a table in the order of the ranking, and the reasons', () => {
    assert.equal(
      evidenceMarkdown(round, evidence, id('b')),
      [
        '|  | Candidate | unit | Lines |',
        '| --- | --- | --- | --- |',
        '| 1. | B (this one) | – | +0 −0 |',
        '| 2. | Model \\| A | broken: 3 passed, 1 broken, 2 new | +0 −0 |',
        '|  | Before | fails |  |',
        '',
        '- B: no check has run on it.',
        '- Model | A: breaks the test “reads ~/x with [hidden]”; @\u200beverybody.',
        '',
        'Checks ran in bubblewrap.',
      ].join('\n'),
    );
  });
});
