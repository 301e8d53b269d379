import assert from 'node:assert/strict';
import { connect } from '../../../src/core/github/auth.ts';
import { findParent, pickBase } from '../../../src/core/github/base.ts';
import { createLocal, type Local, repository, type StandIn, startGitHub, userToken } from './standIn.ts';

const signal = new AbortController().signal;

describe('What a pull request builds on', () => {
  let github: StandIn;
  let local: Local;
  beforeEach(async () => {
    local = createLocal();
    github = await startGitHub();
  });
  afterEach(async () => {
    local.remove();
    await github.stop();
  });
  const signIn = () => connect({ type: 'token', token: async () => userToken }, github.url, repository, signal);
  const commitCount = (count: number) => Array.from({ length: count }, (_, index) => local.commit(`commit ${index}`));

  it('is HEAD when it is pushed, at the price of one request', async () => {
    const head = commitCount(3).at(-1);
    await local.push(github);
    const octokit = await signIn();
    github.heard.length = 0;
    const parent = await findParent(octokit, repository, local.history(), signal);
    assert.deepEqual(parent, { commit: head, tree: local.git('rev-parse', 'HEAD^{tree}'), unpushed: 0 });
    assert.equal(github.heard.length, 1);
  });

  it('is otherwise the newest commit that GitHub has, found in few requests', async () => {
    const commits = commitCount(16);
    const octokit = await signIn();
    for (const pushed of [0, 1, 9, 14, 15]) {
      await local.push(github, commits[pushed], 'main');
      github.heard.length = 0;
      const parent = await findParent(octokit, repository, local.history(), signal);
      assert.deepEqual([parent.commit, parent.unpushed], [commits[pushed], 15 - pushed]);
      assert.ok(github.heard.length <= 9, `${github.heard.length} requests`);
    }
  }).timeout(10_000);

  it('is nothing when no commit is shared', async () => {
    commitCount(2);
    await local.push(github);
    const octokit = await signIn();
    const other = createLocal();
    other.commit('unrelated');
    await assert.rejects(findParent(octokit, repository, other.history(), signal), {
      problem: {
        code: 'no-remote',
        message: 'octocat/hello-world on GitHub has none of the last 1 commits. Push your branch, then try again.',
      },
    });
    other.remove();
    await assert.rejects(findParent(octokit, repository, [], signal), /no commit yet/);
  });

  it('is nothing in an empty repository, and nothing that can not be seen', async () => {
    commitCount(1);
    const octokit = await signIn();
    github.add({
      method: 'GET',
      path: /\/git\/commits\//,
      times: 1,
      answer: { status: 409, body: { message: 'Git Repository is empty.' } },
    });
    await assert.rejects(findParent(octokit, repository, local.history(), signal), /is empty on GitHub/);
    github.add({ method: 'GET', path: /^\/repos/, answer: { status: 404, body: { message: 'Not Found' } } });
    await assert.rejects(findParent(octokit, repository, local.history(), signal), /shows no repository/);
  });

  it('outlives answers that are cut off', async () => {
    commitCount(1);
    await local.push(github);
    const octokit = await signIn();
    github.add({ method: 'GET', path: /\/git\/commits\//, times: 1, answer: 'half' });
    github.add({ method: 'GET', path: /\/git\/commits\//, times: 1, answer: 'cut' });
    assert.equal((await findParent(octokit, repository, local.history(), signal)).unpushed, 0);
  });

  it('goes to the upstream branch when GitHub has it, else to the default branch', async () => {
    commitCount(1);
    await local.push(github);
    await local.push(github, 'HEAD', 'release/1.x');
    const octokit = await signIn();
    const base = (upstream?: { remote: string; branch: string }) =>
      pickBase(octokit, repository, { remotes: [], history: [], branch: 'x', ...(upstream && { upstream }) }, signal);
    assert.equal(await base({ remote: 'origin', branch: 'release/1.x' }), 'release/1.x');
    assert.equal(await base({ remote: 'origin', branch: 'gone' }), 'main');
    assert.equal(await base({ remote: 'other', branch: 'release/1.x' }), 'main');
    assert.equal(await base(), 'main');
  });
});
