import assert from 'node:assert/strict';
import type { CandidateId, ObjectName, Round, RoundStart } from '../../../src/core/domain.ts';
import type { PullRequest } from '../../../src/core/pullRequest.ts';
import { pullRequestBehind, pullRequestToUpdate, pullRequestWith } from '../../../src/protocol/pullRequestLine.ts';

const id = (name: string) => name as CandidateId;
const round = (start: RoundStart, ...names: readonly string[]): Round =>
  ({ start, runs: names.map((name) => ({ id: name })), compositions: [] }) as unknown as Round;
const from = (name: string): RoundStart => ({ from: 'run', runId: id(name) });
const pull = (name: string, number: number, more: Partial<PullRequest> = {}): PullRequest =>
  ({ runId: id(name), number, ...more }) as PullRequest;

describe('the pull request behind a round', () => {
  const first = round({ from: 'workspace' }, 'a', 'b');
  const second = round(from('a'), 'c');
  const third = round(from('c'), 'd');
  const onBranch = round({ from: 'pull-request', pull: id('a') }, 'e');
  const rounds = [first, second, third, onBranch];

  it('is the one that it starts from, or that a candidate before it opened', () => {
    const task = { rounds, pullRequests: [pull('a', 1)] };
    assert.deepEqual(
      rounds.map((one) => pullRequestBehind(task, one)?.number),
      [undefined, 1, 1, 1],
    );
  });

  it('is the nearest one, also where a candidate only went onto it', () => {
    const updates = [{ candidate: id('c'), commit: 'x' as ObjectName, at: 0 }];
    const task = { rounds, pullRequests: [pull('a', 1), pull('b', 2, { updates })] };
    assert.equal(pullRequestBehind(task, third)?.number, 2);
    assert.equal(pullRequestBehind(task, second)?.number, 1);
    assert.equal(pullRequestWith(task, id('c'))?.number, 2);
  });

  it('is none where the line ends, or runs in a circle', () => {
    const circle = [round(from('y'), 'x'), round(from('x'), 'y')] as const;
    assert.equal(pullRequestBehind({ rounds: circle, pullRequests: [pull('z', 1)] }, circle[0]), undefined);
    assert.equal(pullRequestBehind({ rounds: [second], pullRequests: [] }, second), undefined);
  });

  it('can be updated with what is not in one, while it is open', () => {
    const status = (state: string) => ({ status: { state } }) as Partial<PullRequest>;
    const task = (more: Partial<PullRequest>) => ({ rounds, pullRequests: [pull('a', 1, more)] });
    assert.equal(pullRequestToUpdate(task({}), second, id('c'))?.number, 1);
    assert.equal(pullRequestToUpdate(task(status('open')), second, id('c'))?.number, 1);
    assert.equal(pullRequestToUpdate(task(status('merged')), second, id('c')), undefined);
    assert.equal(pullRequestToUpdate(task({}), first, id('a')), undefined);
    const updates = [{ candidate: id('c'), commit: 'x' as ObjectName, at: 0 }];
    assert.equal(pullRequestToUpdate(task({ updates }), second, id('c')), undefined);
  });
});
