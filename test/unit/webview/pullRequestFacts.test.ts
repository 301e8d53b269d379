import assert from 'node:assert/strict';
import type { ObjectName } from '../../../src/core/domain.ts';
import type { PullRequestStatus } from '../../../src/core/pullRequest.ts';
import { pullRequestFacts, pullRequestState } from '../../../webview-ui/shared/pullRequestFacts.ts';
import { Drafts } from '../../../webview-ui/task/drafts.ts';

const quiet: PullRequestStatus = {
  state: 'open',
  isDraft: false,
  head: 'x' as ObjectName,
  checks: { passed: 0, pending: 0, failed: [] },
  review: 'none',
  openThreads: 0,
  seenAt: 0,
};
const texts = (more: Partial<PullRequestStatus>) =>
  pullRequestFacts({ base: 'main', status: { ...quiet, ...more } }).map(({ text, tone }) => `${tone}: ${text}`);
const word = (more: Partial<PullRequestStatus>) => pullRequestState({ status: { ...quiet, ...more } }).word;

describe('a pull request in a few words', () => {
  it('has a word for each state, and none before anybody looked', () => {
    const words = [{}, { isDraft: true }, { state: 'merged' }, { state: 'closed', isDraft: true }] as const;
    assert.deepEqual(words.map(word), ['Open', 'Draft', 'Merged', 'Closed']);
    assert.equal(pullRequestState({}).word, '');
  });

  it('tells checks, review, threads and conflicts, and nothing where there is nothing', () => {
    assert.deepEqual(texts({}), []);
    assert.deepEqual(texts({ checks: { passed: 3, pending: 0, failed: [] }, review: 'approved' }), [
      'good: Approved',
      'good: 3 checks passed',
    ]);
    assert.deepEqual(
      texts({
        checks: { passed: 3, pending: 1, failed: ['lint'] },
        review: 'changes-requested',
        openThreads: 1,
        hasConflicts: true,
      }),
      [
        'bad: Changes requested',
        'quiet: 1 check pending',
        'bad: lint failed',
        'quiet: 1 open thread',
        'bad: Conflicts with main',
      ],
    );
    assert.deepEqual(texts({ checks: { passed: 0, pending: 0, failed: ['lint', 'test'] }, review: 'required' }), [
      'quiet: Review required',
      'bad: 2 checks failed',
    ]);
  });

  it('has nothing pressing once it is closed', () => {
    assert.deepEqual(texts({ state: 'merged', openThreads: 3, hasConflicts: true }), []);
    assert.deepEqual(pullRequestFacts({ base: 'main' }), []);
  });
});

describe('what is written for you', () => {
  it('goes behind your own words, is kept, and is told', () => {
    const saved: unknown[] = [];
    const page = {
      saved: () => ({ drafts: { t1: 'Mine. \n' }, scroll: {} }),
      save: (change: object) => saved.push(change),
    };
    const drafts = new Drafts(page);
    let told = 0;
    const stop = drafts.listen(() => told++);
    drafts.append('t1', 'Theirs.');
    drafts.append('t2', 'First.');
    stop();
    drafts.write('t2', '');
    assert.equal(drafts.of('t1'), 'Mine.\n\nTheirs.');
    assert.equal(told, 2);
    assert.deepEqual(saved.at(-1), { drafts: { t1: 'Mine.\n\nTheirs.' } });
  });
});
