import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { RoundId, Run, TaskId } from '../../../src/core/domain.ts';
import { outcomeText, stretchOf } from '../../../src/vscode/roundStretch.ts';
import { badgeOf } from '../../../src/vscode/taskBadge.ts';
import { UnseenRounds } from '../../../src/vscode/unseenRounds.ts';

const worked = (startedAt: number, endedAt: number) => ({ state: { status: 'succeeded', startedAt, endedAt } }) as Run;
const ended = (status: 'succeeded' | 'failed' | 'canceled', code = 'internal') =>
  ({
    state: { status, endedAt: 0, problem: { code, message: '' } },
    ...(code === 'step-limit' && { tree: 't' }),
  }) as Run;

describe('the time that a round took', () => {
  it('is from the first run’s start to the last one’s end', () => {
    assert.equal(stretchOf([worked(1_000, 4_000), worked(1_000, 9_000)]), 8_000);
  });

  it('includes runs that waited for others to end', () => {
    assert.equal(stretchOf([worked(0, 5_000), worked(5_010, 9_000), worked(9_020, 14_000)]), 14_000);
  });

  it('is only the retry’s where one was made later', () => {
    assert.equal(stretchOf([worked(0, 60_000), worked(100_000, 103_000)]), 3_000);
  });

  it('is none where no run ever started', () => {
    assert.equal(stretchOf([ended('canceled')]), 0);
  });
});

describe('the news of a round', () => {
  it('says what became of its runs', () => {
    assert.equal(outcomeText([ended('succeeded')]), '1 of 1 run is done');
    assert.equal(outcomeText([ended('succeeded'), ended('failed')]), '1 of 2 runs are done, 1 failed');
    assert.equal(
      outcomeText([ended('failed', 'step-limit'), ended('canceled')]),
      '0 of 2 runs are done, 1 stopped, 1 canceled',
    );
    assert.equal(outcomeText([ended('failed'), ended('failed')]), 'All 2 runs failed');
    assert.equal(outcomeText([ended('failed')]), 'The run failed');
  });
});

describe('the badge', () => {
  it('counts the runs that work, then the rounds that ended unseen', () => {
    assert.deepEqual(badgeOf(2, 0), { value: 2, tooltip: '2 dursor runs are working' });
    assert.deepEqual(badgeOf(1, 1), { value: 1, tooltip: '1 dursor run is working, 1 dursor round is done' });
    assert.deepEqual(badgeOf(0, 3), { value: 3, tooltip: '3 dursor rounds are done' });
    assert.equal(badgeOf(0, 0), undefined);
  });
});

describe('rounds that ended unseen', () => {
  it('are kept once each, until they are forgotten', () => {
    const values = new Map<string, unknown>();
    const memento = {
      get: (key: string, otherwise: unknown) => values.get(key) ?? otherwise,
      update: async (key: string, value: unknown) => void values.set(key, value),
    } as unknown as vscode.Memento;
    const [taskId, roundId, other] = ['t' as TaskId, 'r1' as RoundId, 'r2' as RoundId];
    new UnseenRounds(memento).add(taskId, roundId);
    new UnseenRounds(memento).add(taskId, roundId);
    const unseen = new UnseenRounds(memento);
    unseen.add(taskId, other);
    assert.deepEqual(
      unseen.all.map((round) => round.roundId),
      [roundId, other],
    );
    unseen.forget((round) => round.roundId === roundId);
    assert.deepEqual(unseen.all, [{ taskId, roundId: other }]);
  });
});
