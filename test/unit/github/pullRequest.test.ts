import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import type { GitHubAuth } from '../../../src/core/github/auth.ts';
import { openPullRequest, type PullRequestOrder } from '../../../src/core/github/pullRequest.ts';
import type { TreeChange } from '../../../src/core/workspace/workspace.ts';
import { app, createSample, type Prepared, prepareOrder, refused, repo, token } from './prepareOrder.ts';
import type { Local, StandIn } from './standIn.ts';

const bytes = (text: string) => Buffer.from(text);

describe('Opening a pull request', () => {
  let local: Local;
  let prepared: Prepared;
  let github: StandIn;
  let octokit: Octokit;
  let order: PullRequestOrder;
  let branches: Prepared['branches'];
  let pulls: Prepared['pulls'];
  let problemOf: Prepared['problemOf'];

  before(() => {
    local = createSample();
  });
  after(() => local.remove());
  beforeEach(() => use(token));
  afterEach(() => github.stop());

  async function use(auth: GitHubAuth): Promise<void> {
    prepared = await prepareOrder(local, auth);
    ({ github, octokit, order, branches, pulls, problemOf } = prepared);
  }

  for (const [who, auth] of [
    ['a GitHub App', app],
    ['a user', token],
  ] as const) {
    it(`as ${who} makes exactly the tree git makes of the same changes`, async () => {
      await github.stop();
      await use(auth);
      const { directory, git } = local;
      const binary = Buffer.from([0, 255, 13, 10, 128, 7]);
      const changes: readonly TreeChange[] = [
        { path: 'src/a.txt', version: { mode: '100755', bytes: bytes('changed\r\n') } },
        { path: 'src/b.txt' },
        { path: 'old/c.txt' }, // its folder keeps a file: of an emptied one the emulator, unlike git, keeps an empty tree
        { path: 'file/inside', version: { mode: '100644', bytes: bytes('') } },
        { path: 'file' },
        { path: 'bin/run.sh', version: { mode: '100755', bytes: bytes('#!/bin/sh\n') } },
        { path: 'ünï cödé/日本.bin', version: { mode: '100644', bytes: binary } },
        { path: 'link', version: { mode: '120000', bytes: bytes('src/a.txt') } },
        { path: 'module', version: { mode: '160000', bytes: bytes('a'.repeat(40)) } },
      ];
      const at = (path: string) => join(directory, path);
      for (const path of ['src/b.txt', 'old/c.txt', 'file']) rmSync(at(path));
      for (const path of ['file', 'bin', 'ünï cödé']) mkdirSync(at(path));
      writeFileSync(at('src/a.txt'), 'changed\r\n');
      writeFileSync(at('file/inside'), '');
      writeFileSync(at('bin/run.sh'), '#!/bin/sh\n');
      for (const path of ['src/a.txt', 'bin/run.sh']) chmodSync(at(path), 0o755);
      writeFileSync(at('ünï cödé/日本.bin'), binary);
      symlinkSync('src/a.txt', at('link'));
      git('add', '-A');
      git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},module`);
      const expected = git('write-tree');
      git('reset', '-q', '--hard');
      git('clean', '-qfd');

      const stages: string[] = [];
      const opened = await openPullRequest({
        ...order,
        changes,
        draft: true,
        onProgress: (stage) => stages.push(stage),
      });
      const head = { owner: 'octocat', name: 'hello-world' };
      assert.deepEqual(opened, {
        number: opened.number,
        gitHubId: opened.gitHubId,
        url: opened.url,
        branch: 'dursor/change-a-1',
        base: 'main',
        head,
      });
      assert.match(opened.url, /\/octocat\/hello-world\/pull\/\d+$/);
      const ref = (await github.look(`${repo}/git/ref/heads/${opened.branch}`)) as { object: { sha: string } };
      const commit = (await github.look(`${repo}/git/commits/${ref.object.sha}`)) as {
        tree: { sha: string };
        parents: { sha: string }[];
        message: string;
      };
      assert.equal(commit.tree.sha, expected);
      assert.deepEqual(
        commit.parents.map((parent) => parent.sha),
        [git('rev-parse', 'HEAD')],
      );
      assert.equal(commit.message, 'Change a');
      assert.deepEqual(
        (await pulls()).map((pull) => [pull.number, pull.draft, pull.head.ref]),
        [[opened.number, true, opened.branch]],
      );
      assert.equal(stages[0], 'Uploading 9 files');
      assert.equal(stages.at(-1), 'Opening the pull request');
    });
  }

  it('has nothing to do without changes, or with changes that GitHub has already', async () => {
    assert.equal((await problemOf({ changes: [] })).code, 'nothing-to-ship');
    const same = [{ path: 'src/a.txt', version: { mode: '100644', bytes: bytes('one\n') } }] as const;
    assert.equal((await problemOf({ changes: same })).code, 'nothing-to-ship');
    assert.deepEqual(await branches(), []);
  });

  it('answers with the open pull request when it is asked twice', async () => {
    const first = await openPullRequest(order);
    assert.deepEqual(await openPullRequest(order), first);
    assert.equal((await pulls()).length, 1);
  });

  it('goes on from a branch of the same content, even of another commit', async () => {
    const { data } = await octokit.git.createTree({
      owner: 'octocat',
      repo: 'hello-world',
      base_tree: order.parent.tree,
      tree: [{ path: 'src/a.txt', mode: '100644', type: 'blob', content: 'changed\n' }],
    });
    const made = await octokit.git.createCommit({
      owner: 'octocat',
      repo: 'hello-world',
      message: 'of an earlier try',
      tree: data.sha,
      parents: [order.parent.commit],
    });
    await octokit.git.createRef({
      owner: 'octocat',
      repo: 'hello-world',
      ref: `refs/heads/${order.branch}`,
      sha: made.data.sha,
    });
    assert.equal((await openPullRequest(order)).branch, order.branch);
    assert.deepEqual(await branches(), [order.branch]);
  });

  it('takes the next free name, and never touches what has the name already', async () => {
    await local.push(github, 'HEAD', order.branch);
    await local.push(github, 'HEAD', `${order.branch}-2`);
    github.add({
      method: 'POST',
      path: /\/pulls$/,
      times: 1,
      answer: refused(403, 'Resource not accessible by integration'),
    });
    assert.equal((await problemOf()).code, 'no-permission');
    assert.deepEqual(await branches(), [order.branch, `${order.branch}-2`]);
    assert.equal((await openPullRequest(order)).branch, `${order.branch}-3`);
  });

  it('gives up after a bounded number of names', async () => {
    for (let number = 1; number <= 20; number += 1) {
      await local.push(github, 'HEAD', number === 1 ? order.branch : `${order.branch}-${number}`);
    }
    assert.equal((await problemOf()).code, 'branch-exists');
  }).timeout(10_000);

  it('finds the pull request that GitHub says exists', async () => {
    const exists = refused(422, 'Validation Failed', [
      {
        resource: 'PullRequest',
        code: 'custom',
        message: 'A pull request already exists for octocat:dursor/change-a-1.',
      },
    ]);
    github.add({ method: 'GET', path: /\/pulls$/, times: 1, answer: { status: 200, body: [] } });
    github.add({ method: 'POST', path: /\/pulls$/, times: 1, answer: exists });
    github.add({
      method: 'GET',
      path: /\/pulls$/,
      times: 1,
      answer: {
        status: 200,
        body: [
          { id: 70, number: 7, html_url: 'https://example.com/7', head: { ref: order.branch }, base: { ref: 'main' } },
        ],
      },
    });
    assert.deepEqual(await openPullRequest(order), {
      number: 7,
      gitHubId: 70,
      url: 'https://example.com/7',
      branch: order.branch,
      base: 'main',
      head: { owner: 'octocat', name: 'hello-world' },
    });
  });

  it('opens no draft where drafts do not exist, and waits for a branch to be known', async () => {
    github.add({
      method: 'POST',
      path: /\/pulls$/,
      times: 1,
      answer: refused(422, 'Draft pull requests are not supported in this repository.'),
    });
    github.add({
      method: 'POST',
      path: /\/pulls$/,
      times: 1,
      answer: refused(422, 'Validation Failed', [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]),
    });
    const warnings: string[] = [];
    await openPullRequest({ ...order, draft: true, onWarning: (warning) => warnings.push(warning) });
    assert.equal((await pulls())[0]?.draft, false);
    assert.deepEqual(warnings, ['The pull request is no draft: GitHub has none in this repository.']);
  });
});
