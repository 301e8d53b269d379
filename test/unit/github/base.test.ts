import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectName } from '../../../src/core/domain.ts';
import { connect } from '../../../src/core/github/auth.ts';
import { compareCommits, findParent, listBranches, pickBase } from '../../../src/core/github/base.ts';
import { readDestination } from '../../../src/core/github/destination.ts';
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

  const pick = async (facts: { branch?: string; upstream?: { remote: string; branch: string } }, parent?: string) => {
    const octokit = await signIn();
    const destination = await readDestination(octokit, repository, signal);
    const commit = (parent ?? local.git('rev-parse', 'HEAD')) as ObjectName;
    return pickBase(octokit, destination, facts, commit, signal);
  };

  it('goes to the upstream branch when GitHub has it, else to the default branch', async () => {
    const [first, second] = commitCount(2);
    await local.push(github);
    await local.push(github, first, 'release/1.x');
    const base = (upstream?: { remote: string; branch: string }) =>
      pick({ branch: 'x', ...(upstream && { upstream }) });
    assert.deepEqual(await base({ remote: 'origin', branch: 'release/1.x' }), { branch: 'release/1.x', tip: first });
    const main = { branch: 'main', tip: second };
    assert.deepEqual(await base({ remote: 'origin', branch: 'gone' }), main);
    assert.deepEqual(await base({ remote: 'other', branch: 'release/1.x' }), main);
    assert.deepEqual(await base(), main);
  });

  it('is not known where nothing is checked out and the default branch lacks the commit', async () => {
    const [first, second] = commitCount(2);
    await local.push(github, first, 'main');
    await local.push(github, second, 'release/1.x');
    assert.deepEqual(await pick({}, first), { branch: 'main', tip: first });
    assert.equal(await pick({}, second), undefined);
    await local.push(github, second, 'main');
    assert.deepEqual(await pick({}, first), { branch: 'main', tip: second });
    const octokit = await signIn();
    const destination = await readDestination(octokit, repository, signal);
    assert.deepEqual(await listBranches(octokit, destination, signal), ['main', 'release/1.x']);
  });

  it('is compared with another commit', async () => {
    writeFileSync(join(local.directory, 'a.txt'), 'a\n');
    const first = local.commit('first');
    writeFileSync(join(local.directory, 'b.txt'), 'b\n');
    const second = local.commit('second');
    local.git('checkout', '-q', '-b', 'other', first);
    writeFileSync(join(local.directory, 'c.txt'), 'c\n');
    const other = local.commit('other');
    await local.push(github, second, 'main');
    await local.push(github, other, 'other');
    const octokit = await signIn();
    const compare = (from: ObjectName, to: ObjectName) => compareCommits(octokit, repository, { from, to }, signal);
    assert.deepEqual(await compare(first, second), { lacks: false, mergeBase: first, files: new Set(['b.txt']) });
    assert.equal((await compare(second, first)).lacks, true);
    const { lacks, mergeBase } = await compare(other, second);
    assert.deepEqual([lacks, mergeBase], [true, first]);
    const many = Array.from({ length: 300 }, (_, index) => ({ filename: `f${index}` }));
    const body = { status: 'ahead', merge_base_commit: { sha: first }, files: many };
    github.add({ method: 'GET', path: /\/compare\//, times: 1, answer: { status: 200, body } });
    assert.deepEqual(await compare(first, second), { lacks: false, mergeBase: first });
    const unrelated = { status: 404, body: { message: `No common ancestor between ${first} and ${second}.` } };
    github.add({ method: 'GET', path: /\/compare\//, times: 1, answer: unrelated });
    assert.deepEqual(await compare(first, second), { lacks: true });
  });
});
