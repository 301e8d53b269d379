import assert from 'node:assert/strict';
import type { PullRequestFeedback } from '../../../src/core/pullRequest.ts';
import { choiceOf, feedbackItems } from '../../../src/vscode/feedbackItems.ts';

const said = (body: string, author = 'ann') => ({ id: 7, author, body, url: 'https://github.com/o/r/pull/1#7' });
const none: PullRequestFeedback = { threads: [], comments: [], failedChecks: [] };

describe('feedback as a list', () => {
  it('has groups for what there is only', () => {
    assert.deepEqual(feedbackItems(none), []);
    const items = feedbackItems({ ...none, comments: [said('Hi')] });
    assert.deepEqual(
      items.map(({ label }) => label),
      ['Comments', '$(comment) ann'],
    );
  });

  it('names the place and the people of a thread, and where it is outdated', () => {
    const comments = [said('Why?'), said('Because.', 'bob'), said('Ah.')];
    const thread = { id: 'T1', path: 'a.ts', line: 3, isOutdated: true, comments };
    const [, item] = feedbackItems({ ...none, threads: [thread] });
    assert.deepEqual(
      [item?.label, item?.description, item?.detail],
      ['$(comment-discussion) a.ts:3', 'ann, bob, outdated', 'Why?'],
    );
  });

  it('puts what others wrote on one short line, without icons', () => {
    const long = `$(error) ${'x'.repeat(300)}\nend`;
    const [, comment, , check] = feedbackItems({
      ...none,
      comments: [said(long)],
      failedChecks: [{ name: '$(flame) test', text: long }],
    });
    assert.match(comment?.detail ?? '', /^\$ \(error\) x+…$/);
    assert.match(check?.detail ?? '', /^…x+ end$/, 'of a log the end');
    assert.equal(check?.label, '$(error) $ (flame) test');
    const log = '##[group]Run it\n✗ fails\n##[error]Exit code 1.';
    const [, failed] = feedbackItems({ ...none, failedChecks: [{ name: 'test', text: log }] });
    assert.equal(failed?.detail, 'Run it ✗ fails Exit code 1.', 'without the marks of GitHub Actions');
    assert.ok([comment, check].every((item) => (item?.detail ?? '').length === 120));
  });

  it('turns what was picked into a choice', () => {
    const thread = { id: 'T1', path: 'a.ts', isOutdated: false, comments: [said('Why?')] };
    const items = feedbackItems({
      threads: [thread, { ...thread, id: 'T2' }],
      comments: [said('Hi')],
      failedChecks: [{ name: 'test', text: '' }],
    });
    assert.deepEqual(choiceOf(items), { threads: ['T1', 'T2'], comments: [7], failedChecks: ['test'] });
    assert.deepEqual(choiceOf(items.filter(({ label }) => label.includes('ann'))), {
      threads: [],
      comments: [7],
      failedChecks: [],
    });
  });
});
