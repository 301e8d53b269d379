import assert from 'node:assert/strict';
import type { CandidateId, RoundId, RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { UserError } from '../../../src/core/problem.ts';
import type { PullRequest } from '../../../src/core/pullRequest.ts';
import { refused } from '../../support/gitHubServer/faults.ts';
import { checkRequests } from '../../support/openApi.ts';
import { PullRequestScene, type SceneOptions, sharedText } from '../../support/pullRequestScene.ts';
import { quietTalk, type TalkAnswers } from '../../support/quietTalk.ts';

const problem = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.problem.code, code);
  assert.match(error.problem.message, message);
  return true;
};

describe('updating a pull request', function () {
  this.timeout(60_000);
  let scene: PullRequestScene;
  let files: Record<string, string>;
  afterEach(() => scene.dispose());

  /** A pull request of a first round, and a candidate of a second one, from its head, that changes line 10. */
  async function followedUp(options: SceneOptions = {}, more: () => void = () => {}) {
    files = { 'shared.txt': sharedText({ 3: 'changed by the run' }) };
    scene = await new PullRequestScene({ ...options, files }).start();
    const { pull } = await scene.open(await scene.run());
    more();
    return { pull, id: await again(pull, { 3: 'changed by the run', 10: 'changed again' }) };
  }
  /** A round from the head of the pull request. */
  async function again(pull: PullRequest, lines: Record<number, string>): Promise<RunId> {
    files['shared.txt'] = sharedText(lines);
    const { task } = scene.test.engine.candidate(pull.runId);
    const roundId: RoundId = await scene.test.round('Change it again', ['a'], {
      taskId: task.id,
      start: { from: 'pull-request', pull: pull.runId },
    });
    const [run] = scene.test.runs(roundId);
    assert.equal(run?.state.status, 'succeeded', JSON.stringify(run?.state));
    return run.id;
  }
  const update = (id: CandidateId, pull: PullRequest, answers: TalkAnswers = {}) =>
    scene.test.engine.following.update(id, pull.runId, quietTalk(answers));
  const bare = () => scene.server.bare(scene.owner, 'app');
  const commits = (branch: string) => bare().git('rev-list', `main..${branch}`).split('\n');
  const tip = (branch: string) => bare().ref(`heads/${branch}`);

  it('puts the candidate on the branch as one commit by git’s author, with the summary’s words', async () => {
    const { pull, id } = await followedUp();
    const before = tip(pull.branch);
    const updated = await update(id, pull);
    const [commit = ''] = commits(pull.branch);
    assert.deepEqual(updated.updates, [{ candidate: id, commit, at: updated.updates?.[0]?.at }]);
    assert.equal(bare().git('rev-parse', `${commit}^`), before);
    assert.equal(scene.show(pull.branch, 'shared.txt'), sharedText({ 3: 'changed by the run', 10: 'changed again' }));
    assert.equal(
      bare().git('log', '-1', '--format=%an', commit),
      bare().git('log', '-1', '--format=%an', before ?? ''),
    );
    assert.equal(scene.test.engine.candidate(id).round.chosenRunId, id);
    assert.deepEqual(scene.test.engine.candidate(id).task.pullRequests, [updated]);
    assert.ok(scene.server.heard.every(({ method, body }) => method !== 'PATCH' || JSON.parse(body).force === false));
    assert.deepEqual(await checkRequests(scene.server.heard), []);
  });

  it('makes one commit of the same candidate, also at once, from two windows, and after a lost answer', async () => {
    const { pull, id } = await followedUp();
    const other = new Engine(scene.test.host);
    scene.server.fault({ method: 'PATCH', path: /\/git\/refs\//, answer: 'lose', times: 1 });
    const all = await Promise.all([
      update(id, pull),
      update(id, pull),
      other.following.update(id, pull.runId, quietTalk()),
    ]);
    await other.dispose();
    assert.equal(commits(pull.branch).length, 2);
    assert.equal(new Set(all.map(({ updates }) => JSON.stringify(updates))).size, 1);
    assert.deepEqual(await update(id, pull), all[0]);
  });

  it('finds the commit of a call that was never heard of again', async () => {
    const { pull, id } = await followedUp();
    scene.server.fault({ method: 'PATCH', path: /\/git\/refs\//, answer: 'lose', times: 3 });
    await assert.rejects(update(id, pull), problem('github-failed', /could not be reached/));
    assert.equal(scene.test.engine.candidate(id).task.pullRequests[0]?.updates, undefined);
    const [commit] = commits(pull.branch);
    scene.pushFromElsewhere({ 'other.txt': 'of others\n' }, pull.branch);
    assert.equal((await update(id, pull)).updates?.[0]?.commit, commit);
    assert.equal(commits(pull.branch).length, 3);
  });

  it('places the candidate 3-way on what others pushed, and again where they are faster', async () => {
    const { pull, id } = await followedUp();
    scene.pushFromElsewhere({ 'other.txt': 'of others\n' }, pull.branch);
    let isFirst = true;
    scene.server.fault({
      method: 'PATCH',
      path: /\/git\/refs\//,
      answer: refused(422, 'Update is not a fast forward'),
      times: 1,
      onHeard: () => {
        if (isFirst) scene.pushFromElsewhere({ 'more.txt': 'more of others\n' }, pull.branch);
        isFirst = false;
      },
    });
    await update(id, pull);
    assert.equal(commits(pull.branch).length, 4);
    assert.equal(scene.show(pull.branch, 'other.txt'), 'of others\n');
    assert.equal(scene.show(pull.branch, 'more.txt'), 'more of others\n');
    assert.equal(scene.show(pull.branch, 'shared.txt'), sharedText({ 3: 'changed by the run', 10: 'changed again' }));
  });

  it('finds what rules of the branch forbid before anything is written', async () => {
    const { pull, id } = await followedUp();
    const repository = scene.server.repository(scene.owner, 'app');
    const before = scene.writes().length;
    const forbidding: Readonly<Record<string, readonly [object | undefined, RegExp]>> = {
      update: [undefined, /does not allow the branch dursor\/.*nobody may push to it/],
      pull_request: [undefined, /through a pull request of their own/],
      commit_message_pattern: [{ operator: 'starts_with', pattern: 'ABC-' }, /must start with "ABC-"/],
      file_path_restriction: [{ restricted_file_paths: ['shared.txt'] }, /shared\.txt may not be changed/],
    };
    for (const [type, [parameters, message]] of Object.entries(forbidding)) {
      repository.rules = { 'dursor/*': [{ type, ...(parameters && { parameters }) }] };
      await assert.rejects(update(id, pull), problem('no-permission', message));
    }
    assert.equal(scene.writes().length, before);
    // A rule of how branches begin is none of those that are there.
    const creation = { operator: 'starts_with', pattern: 'feature/' };
    repository.rules = { 'dursor/*': [{ type: 'creation' }, { type: 'branch_name_pattern', parameters: creation }] };
    await update(id, pull);
    assert.equal(commits(pull.branch).length, 2);
  });

  it('does not take the first commit, or another’s, for the candidate’s where GitHub says who made it', async () => {
    const { pull } = await followedUp({ gitHub: { commitAuthor: 'account' } });
    const message = bare().git('log', '-1', '--format=%B', pull.branch);
    const { task } = scene.test.engine.candidate(pull.runId);
    // From the folder as it is, so that all the commits of the branch may be its own; and in the same words.
    files['shared.txt'] = sharedText({ 10: 'changed again' });
    const roundId = await scene.test.round(message, ['a'], { taskId: task.id });
    const [run] = scene.test.runs(roundId);
    assert.ok(run);
    await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
    scene.server.fault({ method: 'PATCH', path: /\/git\/refs\//, answer: 'lose', times: 3 });
    await assert.rejects(update(run.id, pull), problem('github-failed', /could not be reached/));
    const [commit] = commits(pull.branch);
    assert.equal(bare().git('log', '-1', '--format=%B', pull.branch), message);
    assert.equal((await update(run.id, pull)).updates?.[0]?.commit, commit);
    assert.equal(commits(pull.branch).length, 2);
  });

  it('asks about conflicts, and writes nothing where that is left', async () => {
    const { pull, id } = await followedUp();
    scene.pushFromElsewhere({ 'shared.txt': sharedText({ 10: 'changed by others' }) }, pull.branch);
    const before = scene.writes().length;
    await assert.rejects(update(id, pull), { name: 'AbortError' });
    assert.equal(scene.writes().length, before);
    const resolved = new Map([['shared.txt', Buffer.from('resolved\n')]]);
    await update(id, pull, { conflicts: resolved });
    assert.equal(scene.show(pull.branch, 'shared.txt'), 'resolved\n');
  });

  it('makes one commit in the end, whichever step fails before', async () => {
    const { pull, id } = await followedUp();
    const before = tip(pull.branch);
    for (const path of [/\/git\/blobs$/, /\/git\/trees$/, /\/git\/commits$/]) {
      for (const answer of [
        'lose',
        refused(409, 'Git Repository is busy.'),
        refused(422, 'Validation Failed'),
      ] as const) {
        scene.server.fault({ method: 'POST', path, answer, times: 3 });
        await assert.rejects(update(id, pull), UserError);
        assert.equal(tip(pull.branch), before);
        scene.server.clearFaults();
      }
    }
    scene.server.fault({ method: 'PATCH', path: /\/git\/refs\//, answer: refused(403, 'Resource not accessible') });
    await assert.rejects(update(id, pull), problem('no-permission', /may not write/));
    scene.server.clearFaults();
    await update(id, pull);
    assert.equal(bare().git('rev-parse', `${pull.branch}^`), before);
  });

  it('says what to do about a pull request that is merged, closed, or without its branch', async () => {
    const { pull, id } = await followedUp();
    const [on] = scene.server.pulls(scene.owner, 'app');
    assert.ok(on);
    const before = scene.writes().length;
    on.state = 'closed';
    await assert.rejects(update(id, pull), problem('github-failed', /is closed.*Create a new pull request/));
    on.pull.merged = true;
    await assert.rejects(update(id, pull), problem('github-failed', /is merged.*Create a new pull request/));
    on.state = 'open';
    on.pull.merged = false;
    scene.server.fault({ method: 'GET', path: /\/git\/ref\/heads\/dursor/, answer: refused(404, 'Not Found') });
    await assert.rejects(update(id, pull), problem('github-failed', /branch .* is gone/));
    assert.equal(scene.writes().length, before);
  });

  it('pushes nothing where the branch has the changes already', async () => {
    const { pull, id } = await followedUp();
    const text = sharedText({ 3: 'changed by the run', 10: 'changed again' });
    scene.pushFromElsewhere({ 'shared.txt': text }, pull.branch);
    await assert.rejects(update(id, pull), problem('nothing-to-ship', /has these changes already/));
    assert.equal(commits(pull.branch).length, 2);
  });

  it('takes no secrets along unless that was accepted', async () => {
    const { pull } = await followedUp();
    const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;
    const id = await again(pull, { 3: 'changed by the run', 4: `token = "${secret}"` });
    await assert.rejects(update(id, pull), problem('secret-in-patch', /Nothing was pushed/));
    const { following } = scene.test.engine;
    await following.update(id, pull.runId, quietTalk(), { acceptSecrets: true });
    assert.match(scene.show(pull.branch, 'shared.txt'), /ghp_/);
  });

  it('starts a round from the newest commit of a fork’s branch, and updates that', async () => {
    const server = {
      users: [
        { login: 'acme', isOrganization: true },
        { login: 'octocat', token: 'ghp_serverUserTokenOfTheTests0000000' },
      ],
    };
    files = { 'shared.txt': sharedText({ 3: 'changed by the run' }) };
    scene = await new PullRequestScene({ server, owner: 'acme', files }).start();
    const { pull } = await scene.open(await scene.run(), { fork: true });
    assert.equal(pull.head?.owner, 'octocat');
    const id = await again(pull, { 3: 'changed by the run', 10: 'changed again' });
    await update(id, pull);
    const shown = scene.show(pull.branch, 'shared.txt', 'octocat');
    assert.equal(shown, sharedText({ 3: 'changed by the run', 10: 'changed again' }));
  });

  it('starts a round from what others pushed', async () => {
    const { pull } = await followedUp();
    const commit = scene.pushFromElsewhere({ 'other.txt': 'of others\n' }, pull.branch);
    const id = await again(pull, { 5: 'five' });
    const { snapshot } = scene.test.engine.run(id).round;
    assert.equal(snapshot?.head, commit);
  });
});
