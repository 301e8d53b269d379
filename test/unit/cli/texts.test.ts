import assert from 'node:assert/strict';
import { answerText } from '../../../src/cli/answerText.ts';
import { readEvent } from '../../../src/cli/event.ts';
import { codeOfProblem, exitCodeMeanings, exitCodeOf, UsageError } from '../../../src/cli/exitCode.ts';
import { plain } from '../../../src/cli/terminal.ts';
import { UserError } from '../../../src/core/problem.ts';
import { CliScene } from '../../support/cliScene.ts';

describe('the answer in an issue', () => {
  const candidates = [
    { label: 'GPT', files: 1, dollars: 0.1 },
    { label: 'Claude @ann', files: 0, problem: 'It failed.\n<script> fixes #1', dollars: 0.22 },
  ];
  const pick = { recommended: 'id', why: 'It passes all checks.', candidates, problems: [], evidence: '| a |' };
  const pull = { number: 12, isUpdate: false, warnings: ['Nobody could be asked for a review.'] };

  it('tells which pull request there is, what failed, and what it cost', () => {
    const text = answerText({ pick, pull, number: 5, runUrl: 'https://github.com/o/n/actions/runs/1' });
    assert.match(text, /^Opened #12, the best of 2 candidates\. It passes all checks\./);
    assert.match(text, /Nobody could be asked/);
    assert.match(text, /2 models ran for about \$0\.32\. \[The run\]\(https/);
    assert.doesNotMatch(text, /(^|\s)@ann|<script>|fixes #1/);
  });

  it('tells that the branch has a new commit, where the pull request was asked in', () => {
    assert.match(
      answerText({ pick, pull: { ...pull, isUpdate: true }, number: 12 }),
      /^The branch has a new commit, the best/,
    );
  });

  it('tells why there is none', () => {
    const none = { why: 'None can be merged.', candidates, problems: [], evidence: '| table |' };
    assert.match(
      answerText({ pick: none, number: 5 }),
      /^There is no pull request\. None can be merged\.[\s\S]*\| table \|/,
    );
    const failed = { number: undefined, isUpdate: false, warnings: [], error: { message: 'GitHub said no.' } };
    assert.match(
      answerText({ pick, pull: failed, number: 5 }),
      /^There is a patch, and no pull request: GitHub said no\./,
    );
    const broken = { why: '', candidates: [], problems: [], evidence: '', error: { message: 'Nothing there.' } };
    assert.match(answerText({ pick: broken, number: 5 }), /^There is no pull request: Nothing there\./);
  });
});

describe('an event on GitHub', () => {
  let scene: CliScene;
  before(() => {
    scene = new CliScene();
  });
  after(() => scene.dispose());

  const read = (name: string, event: object) =>
    readEvent({ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: scene.file('event.json', event) });
  const about = { issue: { number: 3, title: 'A title', body: 'A text' }, repository: { default_branch: 'main' } };
  const comment = (body: string, more: object = {}) =>
    read('issue_comment', {
      ...{ action: 'created', ...about, ...more },
      comment: { id: 9, body, user: { login: 'ann', type: 'User' }, created_at: '2026-01-01T00:00:00Z' },
    });

  it('is a task where a comment begins with /dursor', async () => {
    assert.equal((await comment('/dursor fix it\nplease'))?.task, 'fix it\nplease\n\n# A title\n\nA text');
    const pull = { issue: { ...about.issue, pull_request: {} } };
    assert.deepEqual(
      [(await comment('/dursor fix it', pull))?.task, (await comment('/dursor', pull))?.task],
      ['fix it', ''],
    );
  });

  it('is none where it begins with something else, or was edited', async () => {
    for (const body of ['fix it /dursor', '/dursor-test x', '/dursors', ' /dursor x', ''])
      assert.equal(await comment(body), undefined, body);
    assert.equal(await comment('/dursor x', { action: 'edited' }), undefined);
  });

  it('is a task where an issue gets the label', async () => {
    const sender = { login: 'ann', type: 'User' };
    const labeled = (name: string) => read('issues', { action: 'labeled', label: { name }, sender, ...about });
    assert.equal((await labeled('dursor'))?.task, '# A title\n\nA text');
    assert.equal(await labeled('bug'), undefined);
  });

  it('of another kind is a mistake', async () => {
    await assert.rejects(read('push', {}), UsageError);
  });
});

describe('the exit codes', () => {
  it('are documented, each', () => {
    const signal = new AbortController().signal;
    for (const error of [new Error('x'), new UsageError('x'), new UserError({ code: 'no-key', message: '' })])
      assert.ok(exitCodeMeanings[exitCodeOf(error, signal)]);
    assert.equal(exitCodeOf(new Error('x'), AbortSignal.abort()), 130);
    assert.equal(codeOfProblem('github-failed'), 5);
    assert.equal(codeOfProblem('nothing-to-ship'), 3);
  });
});

describe('text of others in a log', () => {
  it('is one line that neither a terminal nor a runner obeys', () => {
    assert.equal(plain('a\n::set-output name=x::y\u001b[31m'), 'a ::set-output name=x::y [31m');
    assert.equal(plain('::error::x ##[set-output name=x]y'), ': :error::x # #[set-output name=x]y');
  });
});
