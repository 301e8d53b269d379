import assert from 'node:assert/strict';
import type { RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import type { PullRequest } from '../../../src/core/pullRequest.ts';
import { refused } from '../../support/gitHubServer/faults.ts';
import { checkRequests } from '../../support/openApi.ts';
import { PullRequestScene, sharedText } from '../../support/pullRequestScene.ts';
import { quietTalk } from '../../support/quietTalk.ts';

const { signal } = new AbortController();

describe('following pull requests', function () {
  this.timeout(60_000);
  let scene: PullRequestScene;
  let pull: PullRequest;
  let files: Record<string, string>;
  beforeEach(async () => {
    files = { 'shared.txt': sharedText({ 3: 'changed by the run' }) };
    scene = await new PullRequestScene({ files }).start();
    ({ pull } = await scene.open(await scene.run()));
    scene.server.heard.splice(0);
  });
  afterEach(() => scene.dispose());

  const following = () => scene.test.engine.following;
  const look = async () => (await following().look(pull.runId, signal)).status;
  const task = () => scene.test.engine.candidate(pull.runId).task;
  const head = () => scene.server.bare('octocat', 'app').ref(`heads/${pull.branch}`) ?? '';
  const heard = () => scene.server.heard.map(({ method, path, status }) => `${method} ${path} ${status}`);
  const at = ['octocat', 'app', 1] as const;

  it('asks nothing before it is told to, and nothing of a task without an open pull request', async () => {
    const shown = following().show(task().id);
    await scene.test.until(() => task().pullRequests[0]?.status !== undefined);
    shown.dispose();
    const [on] = scene.server.pulls('octocat', 'app');
    assert.ok(on);
    on.state = 'closed';
    await look();
    scene.server.heard.splice(0);
    following().show(task().id).dispose();
    following().follow(scene.test.folder).dispose();
    await new Promise(setImmediate);
    assert.deepEqual(heard(), []);
  });

  it('keeps what it saw with the pull request, and tells of it', async () => {
    const told: string[] = [];
    scene.test.engine.onDidChange((change) => told.push(change.type));
    const { updatedAt } = task();
    assert.deepEqual(
      { ...(await look()), seenAt: 0 },
      {
        ...{ state: 'open', isDraft: false, head: head(), checks: { passed: 0, pending: 0, failed: [] } },
        ...{ review: 'none', openThreads: 0, seenAt: 0 },
      },
    );
    assert.ok(told.includes('task'));
    assert.equal(task().updatedAt, updatedAt);
    scene.server.addCheckRun('octocat', 'app', {
      name: 'test',
      commit: head(),
      status: 'completed',
      conclusion: 'failure',
    });
    scene.server.addCheckRun('octocat', 'app', {
      name: 'lint',
      commit: head(),
      status: 'in_progress',
      conclusion: null,
    });
    scene.server.addCheckRun('octocat', 'app', {
      name: 'skip',
      commit: head(),
      status: 'completed',
      conclusion: 'skipped',
    });
    scene.server.addStatus('octocat', 'app', { commit: head(), context: 'deploy', state: 'success' });
    scene.server.addThread(...at, { author: 'stranger', path: 'shared.txt', line: 3, body: 'Why?' });
    scene.server.addReview(...at, 'stranger', 'CHANGES_REQUESTED', 'No.');
    const seen = await look();
    assert.deepEqual(seen?.checks, { passed: 2, pending: 1, failed: ['test'] });
    assert.deepEqual([seen?.review, seen?.openThreads, seen?.hasConflicts], ['changes-requested', 1, false]);
    const kept = new Engine(scene.test.host);
    assert.deepEqual(kept.task(task().id)?.pullRequests[0]?.status, seen);
    await kept.dispose();
  });

  it('does not ask for what has not changed, nor tell of it', async () => {
    await look();
    await look();
    const seen = await look();
    scene.server.heard.splice(0);
    const told: string[] = [];
    scene.test.engine.onDidChange((change) => told.push(change.type));
    assert.deepEqual(await look(), seen);
    const reads = scene.server.heard.filter(({ method }) => method === 'GET');
    assert.ok(reads.length >= 4);
    assert.deepEqual(
      reads.filter(({ status }) => status !== 304),
      [],
    );
    assert.deepEqual(told, []);
  });

  it('goes without threads and checks where the server or the sign-in has none', async () => {
    scene.server.fault({ method: 'POST', path: /graphql/, answer: refused(404, 'Not Found') });
    scene.server.fault({
      method: 'GET',
      path: /check-runs/,
      answer: refused(403, 'Resource not accessible by integration'),
    });
    scene.server.addThread(...at, { author: 'stranger', path: 'shared.txt', line: 3, body: 'Why?' });
    scene.server.addReview(...at, 'stranger', 'APPROVED');
    const seen = await look();
    assert.deepEqual([seen?.openThreads, seen?.review], [0, 'approved']);
    assert.deepEqual((await following().feedback(pull.runId, signal)).threads, []);
  });

  it('does not take a failure of GitHub’s for a lack of threads', async () => {
    scene.server.addThread(...at, { author: 'stranger', path: 'shared.txt', line: 3, body: 'Why?' });
    const failure = { data: null, errors: [{ message: 'Something went wrong while executing your query.' }] };
    scene.server.fault({ method: 'POST', path: /graphql/, answer: { status: 200, body: failure }, times: 2 });
    await assert.rejects(look(), /has trouble right now/);
    await assert.rejects(following().feedback(pull.runId, signal), /has trouble right now/);
    assert.equal((await look())?.openThreads, 1);
  });

  it('is seen on an enterprise server, threads and all', async () => {
    scene.apiUrl = scene.server.enterpriseUrl;
    await assert.rejects(look(), /is set up for another GitHub/);
    const { pull: another } = await scene.open(await scene.run());
    scene.server.addThread('octocat', 'app', another.number, { author: 'stranger', path: 'shared.txt', body: 'Hm?' });
    const { status } = await following().look(another.runId, signal);
    assert.equal(status?.openThreads, 1);
    assert.ok(scene.server.heard.some(({ path }) => path === '/api/graphql'));
  });

  it('asks nobody to sign in while it looks by itself, and says in the log that it can’t', async () => {
    const asked: (boolean | undefined)[] = [];
    const gitHubAuth = async (_signal: AbortSignal, how?: { quiet?: boolean }) => {
      asked.push(how?.quiet);
      throw new UserError({ code: 'not-signed-in', message: 'Sign in to GitHub first.' });
    };
    Object.assign(scene.test.host, { gitHubAuth });
    const shown = following().show(task().id);
    await scene.test.until(() => scene.test.log.some((line) => /could not be looked at/.test(line)));
    shown.dispose();
    // Nor again at once when it is shown again.
    following().show(task().id).dispose();
    assert.deepEqual(asked, [true]);
    assert.equal(scene.test.log.filter((line) => /could not be looked at: Sign in/.test(line)).length, 1);
    assert.deepEqual(heard(), []);
  });

  it('is not taken for another one that is at its place since, in a repository that took over the name', async () => {
    await following().setWatched(pull.runId, true, signal);
    const [on] = scene.server.pulls('octocat', 'app');
    assert.ok(on);
    Object.assign(on, { id: on.id + 1 });
    scene.server.addComment(...at, 'octocat', '/dursor Change it');
    await assert.rejects(look(), /#1 of octocat\/app is another pull request now/);
    await assert.rejects(following().feedback(pull.runId, signal), /is another pull request now/);
    await assert.rejects(following().update(pull.runId, pull.runId, quietTalk()), /is another pull request now/);
    assert.equal(task().rounds.length, 1);
    Object.assign(on, { id: on.id - 1 });
    assert.equal((await look())?.state, 'open');
  });

  it('is looked at by one of several windows that show it', async () => {
    const other = new Engine(scene.test.host);
    const shown = [following().show(task().id), other.following.show(task().id)];
    await scene.test.until(() => other.task(task().id)?.pullRequests[0]?.status !== undefined);
    await scene.test.until(() => task().pullRequests[0]?.status !== undefined);
    for (const each of shown) each.dispose();
    await other.dispose();
    assert.equal(heard().filter((line) => line.startsWith('GET /repos/octocat/app/pulls/1 ')).length, 1);
  });

  it('reads what there is to be addressed, with the ends of logs', async () => {
    const log = [
      '\ufeff2026-01-02T03:04:05.1234567Z ##[group]Run npm test',
      '2026-01-02T03:04:06.1234567Z \u001b[31mnot ok\u001b[0m 1 - adds',
      '2026-01-02T03:04:06.2234567Z token ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      '2026-01-02T03:04:07.1234567Z ##[error]Process completed with exit code 1.',
      '2026-01-02T03:04:08.1234567Z Post job cleanup.',
    ].join('\r\n');
    const run = { name: 'test', commit: head(), status: 'completed', conclusion: 'failure' } as const;
    scene.server.addCheckRun('octocat', 'app', { ...run, title: 'Tests', log });
    scene.server.addStatus('octocat', 'app', {
      commit: head(),
      context: 'deploy',
      state: 'error',
      description: 'No disk',
    });
    const open = scene.server.addThread(...at, { author: 'stranger', path: 'shared.txt', line: 3, body: 'Why?' });
    scene.server.addThread(...at, { author: 'stranger', path: 'shared.txt', body: 'Done' }).isResolved = true;
    scene.server.addComment(...at, 'stranger', 'Please add a test.');
    scene.server.addComment(...at, 'octocat', '<!-- dursor: 1 -->\nDone.');
    scene.server.addReview(...at, 'stranger', 'COMMENTED', 'Nice.');
    const { threads, comments, failedChecks } = await following().feedback(pull.runId, signal);
    assert.deepEqual(
      threads.map(({ id, path, line, comments: said }) => [id, path, line, said.map(({ body }) => body)]),
      [[open.id, 'shared.txt', 3, ['Why?']]],
    );
    assert.deepEqual(comments.map(({ body }) => body).sort(), ['Nice.', 'Please add a test.']);
    assert.deepEqual(
      failedChecks.map(({ name, text }) => [name, text]),
      [
        [
          'test',
          'Tests\n\n##[group]Run npm test\nnot ok 1 - adds\ntoken [hidden]\n##[error]Process completed with exit code 1.',
        ],
        ['deploy', 'No disk'],
      ],
    );
    const choice = { threads: [open.id], comments: [], failedChecks: ['deploy'] };
    const message = following().messageOf(pull.runId, choice, 'Be brief.');
    assert.match(message, /^Be brief\.\n\nAddress these 2 points on pull request #1\./);
    assert.match(message, /Review comment at shared\.txt:3\.\nstranger wrote:\n> Why\?/);
    assert.match(message, /The check "deploy" failed\. It says:\n> No disk/);
    assert.throws(() => following().messageOf(pull.runId, { threads: [], comments: [], failedChecks: [] }), UserError);
    const requests = scene.server.heard.filter(({ path }) => !/graphql|_logs/.test(path));
    assert.deepEqual(await checkRequests(requests), []);
  });

  it('says so where GitHub does not show the threads that are to be answered', async () => {
    const { id: thread, comments } = scene.server.addThread(...at, {
      author: 'stranger',
      path: 'shared.txt',
      body: '?',
    });
    files['shared.txt'] = sharedText({ 3: 'because' });
    const start = { from: 'pull-request', pull: pull.runId, threads: [thread] };
    const roundId = await scene.test.round('Address it', ['a'], { taskId: task().id, start });
    await following().update(scene.test.runs(roundId)[0]?.id as RunId, pull.runId, quietTalk());
    const answer = () => following().answer(pull.runId, [thread], { signal });
    const forbidden = { status: 200, body: { data: null, errors: [{ type: 'FORBIDDEN', message: 'Resource not' }] } };
    for (const refusal of [refused(404, 'Not Found'), refused(403, 'Resource not accessible'), forbidden]) {
      // At the first read, and when it is looked whether a reply that nobody heard of is there.
      scene.server.fault({ method: 'POST', path: /graphql/, answer: refusal, times: 1 });
      await assert.rejects(answer(), /did not show the review threads of pull request #1/);
      scene.server.fault({ method: 'POST', path: /graphql/, answer: 'cut', after: 1, times: 1 });
      scene.server.fault({ method: 'POST', path: /graphql/, answer: refusal, after: 1, times: 1 });
      await assert.rejects(answer(), /did not show the review threads of pull request #1/);
      scene.server.clearFaults();
    }
    assert.equal(comments.length, 1);
    assert.deepEqual(await answer(), []);
    assert.equal(comments.length, 2);
  });

  it('answers and resolves the threads that an update addressed, once, and no others', async () => {
    const about = scene.server.addThread(...at, { author: 'stranger', path: 'shared.txt', line: 3, body: 'Why?' });
    const other = scene.server.addThread(...at, { author: 'stranger', path: 'shared.txt', line: 4, body: 'And this?' });
    files['shared.txt'] = sharedText({ 3: 'because' });
    const start = { from: 'pull-request', pull: pull.runId, threads: [about.id] };
    const roundId = await scene.test.round('Address it', ['a'], { taskId: task().id, start });
    const [run] = scene.test.runs(roundId);
    assert.ok(run);
    assert.deepEqual(following().addressed(pull.runId), []);
    const all = [about.id, other.id];
    assert.deepEqual(await following().answer(pull.runId, all, { signal }), []);
    assert.equal(about.comments.length, 1);
    await following().update(run.id, pull.runId, quietTalk());
    assert.deepEqual(following().addressed(pull.runId), [about.id]);
    scene.server.fault({ method: 'POST', path: /graphql/, answer: 'lose', times: 1, after: 1 });
    assert.deepEqual(await following().answer(pull.runId, all, { signal }), []);
    assert.deepEqual(await following().answer(pull.runId, all, { signal }), []);
    assert.deepEqual(
      about.comments.map(({ author }) => author),
      ['stranger', 'octocat'],
    );
    assert.match(about.comments[1]?.body ?? '', new RegExp(`Addressed in ${head()}\\.`));
    assert.deepEqual([about.isResolved, other.isResolved, other.comments.length], [true, false, 1]);
  });
});
