import assert from 'node:assert/strict';
import type { ProfileId } from '../../../src/core/domain.ts';
import { ratioOf, summariseReviews } from '../../../src/core/evidence/review/preferences.ts';
import type { Review } from '../../../src/core/evidence.ts';
import { candidateId } from './reviewing.ts';

/** A review in one order; `better>worse` are its preferences. */
function said(reviewer: string, order: string, preferences: readonly string[], merge = order): Review {
  return {
    reviewer: reviewer as ProfileId,
    reviewerLabel: reviewer,
    order: [...order].map(candidateId),
    candidates: [...order].map((name) => ({
      candidate: candidateId(name),
      findings: [],
      doesWhatWasAsked: true,
      isComplete: true,
      staysInScope: true,
      wouldMerge: merge.includes(name),
    })),
    preferences: preferences.map((each) => ({
      better: candidateId(each.charAt(0)),
      worse: candidateId(each.charAt(2)),
    })),
    noneIsMergeable: merge === '',
  };
}

describe('The summary of reviews', () => {
  it('counts votes over reviewers and orders', () => {
    const summary = summariseReviews([
      said('x', 'ab', ['a>b']),
      said('x', 'ba', ['a>b']),
      said('y', 'ab', ['a>b']),
      said('y', 'ba', ['b>a']),
    ]);
    const [pair] = summary.pairs;
    assert.deepEqual(pair?.votes, { for: 3, against: 1, ties: 0 });
    assert.equal(ratioOf(pair.votes), '3 : 1');
    assert.equal(pair.mean, 0.75);
    assert.equal(pair.spread.toFixed(3), '0.433');
    assert.deepEqual(
      summary.candidates.map(({ candidate, mean, votes }) => [candidate, mean, ratioOf(votes)]),
      [
        ['a', 0.75, '3 : 1'],
        ['b', 0.25, '1 : 3'],
      ],
    );
  });

  it('says who goes by the order, and which place they favour', () => {
    const summary = summariseReviews([
      said('first', 'ab', ['a>b']),
      said('first', 'ba', ['b>a']),
      said('last', 'ab', ['b>a']),
      said('last', 'ba', ['a>b']),
      said('firm', 'ab', ['b>a']),
      said('firm', 'ba', ['b>a']),
      said('once', 'ab', ['a>b']),
    ]);
    assert.deepEqual(summary.reviewers, [
      { reviewer: 'first', pairs: 1, flipped: 1, favours: 'earlier' },
      { reviewer: 'last', pairs: 1, flipped: 1, favours: 'later' },
      { reviewer: 'firm', pairs: 1, flipped: 0 },
      { reviewer: 'once', pairs: 0, flipped: 0 },
    ]);
    assert.deepEqual(summary.pairs[0]?.flipped, ['first', 'last']);
  });

  it('gives each order the same weight, and each reviewer', () => {
    const often = [
      said('x', 'ab', ['a>b']),
      said('x', 'ab', ['a>b']),
      said('x', 'ab', ['a>b']),
      said('x', 'ba', ['b>a']),
    ];
    assert.equal(summariseReviews(often).pairs[0]?.mean, 0.5);
    const two = [...often.slice(0, 3), said('y', 'ba', ['b>a'])];
    assert.equal(summariseReviews(two).pairs[0]?.mean, 0.5);
  });

  it('takes a pair without a preference as a tie, which flips nothing', () => {
    const summary = summariseReviews([said('x', 'ab', []), said('x', 'ba', ['a>b'])]);
    assert.deepEqual(summary.pairs[0]?.votes, { for: 1, against: 0, ties: 1 });
    assert.equal(summary.pairs[0].mean, 0.75);
    assert.deepEqual(summary.pairs[0].flipped, []);
  });

  it('adds up the pairs of more than two candidates, best first', () => {
    const cycleFree = ['c>a', 'c>b', 'a>b'];
    const { candidates, pairs } = summariseReviews([said('x', 'abc', cycleFree), said('x', 'cba', cycleFree)]);
    assert.deepEqual(
      candidates.map(({ candidate, mean }) => [candidate, mean]),
      [
        ['c', 1],
        ['a', 0.5],
        ['b', 0],
      ],
    );
    assert.equal(candidates[1]?.spread, 0.5);
    assert.equal(pairs.length, 3);
  });

  it('counts who would merge what, and who would merge none', () => {
    const summary = summariseReviews([said('x', 'ab', ['a>b'], 'a'), said('x', 'ba', ['a>b'], '')]);
    assert.deepEqual(summary.noneIsMergeable, { yes: 1, of: 2 });
    assert.deepEqual(
      summary.candidates.map(({ wouldMerge }) => wouldMerge),
      [
        { yes: 1, of: 2 },
        { yes: 0, of: 2 },
      ],
    );
  });

  it('leaves out pairs that nobody saw together, and needs no second candidate', () => {
    assert.deepEqual(summariseReviews([said('x', 'ab', ['a>b']), said('y', 'c', [])]).pairs.length, 1);
    assert.deepEqual(summariseReviews([said('y', 'c', [])]).candidates, [
      {
        candidate: 'c',
        votes: { for: 0, against: 0, ties: 0 },
        mean: 0.5,
        spread: 0,
        wouldMerge: { yes: 1, of: 1 },
      },
    ]);
    assert.deepEqual(summariseReviews([]).candidates, []);
  });
});
