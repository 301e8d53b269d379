import assert from 'node:assert/strict';
import type { CandidateId, ProfileId, Round } from '../../../src/core/domain.ts';
import { findingMessage } from '../../../src/core/evidence/review/findingMessage.ts';
import type { ReviewCost } from '../../../src/core/evidence.ts';
import { findingViews } from '../../../src/vscode/comparisonEvidence.ts';
import { claimsText, missingReviews, reviewFacts } from '../../../src/vscode/reviewFacts.ts';
import { compositionOf, roundOf } from './comparisonRound.ts';
import { evidenceOf, reviewOf } from './evidenceRounds.ts';

const a = 'a' as CandidateId;

describe('what the compare panel says of reviews', () => {
  const costs = (...each: readonly ReviewCost['cost'][]): readonly ReviewCost[] =>
    each.map((cost) => ({
      reviewer: 'r' as ProfileId,
      reviewerLabel: 'R',
      usage: { input: 100, cachedInput: 10, output: 5, reasoning: 0 },
      ...(cost !== undefined && { cost }),
    }));
  const useOf = (...each: readonly ReviewCost['cost'][]) =>
    reviewFacts(evidenceOf({ reviewCosts: costs(...each) })).reviewUse;

  it('adds up what all of them used, and names no price where a part of it is unknown', () => {
    assert.deepEqual(useOf({ dollars: 1 }, { dollars: 2, isLeast: true }, 'local'), {
      usage: { input: 300, cachedInput: 30, output: 15, reasoning: 0 },
      cost: { dollars: 3, isLeast: true },
    });
    assert.equal(useOf('local', 'local')?.cost, 'local');
    assert.deepEqual(Object.keys(useOf({ dollars: 1 }, undefined) ?? {}), ['usage']);
    assert.deepEqual(reviewFacts(evidenceOf()), {});
  });

  it('says what a reviewer waits for', () => {
    const waiting = { reviewer: 'r' as ProfileId, reason: 'rate limited', until: 1 };
    const facts = reviewFacts(evidenceOf({ reviewProgress: { done: 0, total: 2, waiting } }));
    assert.equal(facts.reviewWait, 'rate limited');
  });

  it('tells a reviewer that failed from one that gave a part of its answers, each once', () => {
    const problem = (reviewerLabel: string, text: string) => ({ reviewerLabel, problem: text });
    const notes = missingReviews(
      evidenceOf({
        reviews: [reviewOf('r', { a: { merge: true } })],
        reviewProblems: [problem('R', 'Odd.'), problem('S', 'No key.'), problem('S', 'No key.')],
      }),
    );
    assert.deepEqual(
      notes.map(({ text, detail }) => [text, detail]),
      [
        ['An answer of R is missing', 'Odd.'],
        ['S gave no review', 'No key.'],
      ],
    );
  });

  it('counts what reviewers say of the instruction', () => {
    const [answer] = reviewOf('r', { a: { merge: true } }).candidates;
    assert.ok(answer);
    assert.equal(
      claimsText([answer, { ...answer, isComplete: false }]),
      'Does what was asked: 2 of 2, all of it: 1 of 2, nothing else: 2 of 2.',
    );
  });

  it('shows a finding as sent once a round goes on from its candidate with it', () => {
    const finding = { path: 'a.ts', line: 4, severity: 'major', reason: 'It retries 4xx.' } as const;
    const round = roundOf([], { compositions: [compositionOf('a'), compositionOf('b')] });
    const evidence = evidenceOf({ reviews: [reviewOf('r', { a: { merge: true, findings: [finding] } })] });
    const sentIn = (message: string, runId: string) => {
      const later: Round = { ...round, message, start: { from: 'run', runId: runId as CandidateId } };
      return findingViews(round, evidence, 'a.ts', [round, later]).map(({ candidate, isSent }) => [candidate, isSent]);
    };
    assert.deepEqual(sentIn(findingMessage(finding), 'a'), [[a, true]]);
    assert.deepEqual(sentIn(findingMessage(finding), 'b'), [[a, false]]);
    assert.deepEqual(sentIn(findingMessage({ ...finding, line: 5 }), 'a'), [[a, false]]);
  });
});
