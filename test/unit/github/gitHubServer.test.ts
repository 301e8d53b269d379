import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { type GitHubServer, startGitHubServer, userToken } from '../../support/gitHubServer/gitHubServer.ts';
import { checkAnswers, checkRequests } from '../../support/openApi.ts';

const run = promisify(execFile);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const r = { owner: 'octocat', repo: 'hello-world' };
const up = { owner: 'acme', repo: 'up' };

describe('the GitHub of the tests', function () {
  this.timeout(30_000);
  let folder: string;
  let server: GitHubServer;
  let octokit: Octokit;
  let head: string;

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      encoding: 'utf8',
    }).trim();
  const client = (auth: string) => new Octokit({ auth, baseUrl: server.url, log: silent });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'dursor-github-'));
    git('init', '-q', '-b', 'main');
    writeFileSync(join(folder, 'a.txt'), 'one\n');
    git('add', '-A');
    git('commit', '-qm', 'first');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    server = await startGitHubServer({
      users: [
        { login: 'octocat', token: userToken },
        { login: 'acme', isOrganization: true },
        { login: 'ann', token: 'ghp_ann' },
      ],
      repositories: [
        { owner: 'octocat', name: 'hello-world', from: folder, collaborators: { ann: 'write' } },
        { owner: 'acme', name: 'up', from: folder },
      ],
    });
    octokit = client(userToken);
    head = git('rev-parse', 'HEAD');
  });
  afterEach(() => server.stop());

  /** A branch with a commit of its own, and its pull request. */
  async function open(): Promise<string> {
    const tree = await octokit.git.createTree({
      ...r,
      base_tree: head,
      tree: [{ path: 'b.txt', mode: '100644', type: 'blob', content: 'two\n' }],
    });
    const made = await octokit.git.createCommit({ ...r, message: 'second', tree: tree.data.sha, parents: [head] });
    await octokit.git.createRef({ ...r, ref: 'refs/heads/topic', sha: made.data.sha });
    await octokit.pulls.create({ ...r, title: 'Second', head: 'topic', base: 'main' });
    return made.data.sha;
  }

  it('gives answers of the form that GitHub describes', async () => {
    const commit = await open();
    const { id } = server.addComment('octocat', 'hello-world', 1, 'ann', 'hello');
    const about = { author: 'ann', path: 'b.txt', line: 1, body: 'why' };
    const reviewed = server.addThread('octocat', 'hello-world', 1, about).comments[0]?.id ?? 0;
    server.addReview('octocat', 'hello-world', 1, 'ann', 'APPROVED', 'ok');
    const failed = { status: 'completed', conclusion: 'failure' } as const;
    const check = server.addCheckRun('octocat', 'hello-world', { name: 'ci', commit, ...failed, log: 'no\n' });
    server.addStatus('octocat', 'hello-world', { commit, context: 'old', state: 'failure' });
    const app = new Octokit({
      authStrategy: createAppAuth,
      auth: { appId: server.appId, privateKey: server.appKey },
      baseUrl: server.url,
      log: silent,
    });
    const n = { ...r, pull_number: 1 };
    const i = { ...r, issue_number: 1 };
    const calls = [
      ...[() => octokit.repos.get(r), () => octokit.pulls.get(n), () => octokit.pulls.list({ ...r, state: 'all' })],
      ...[() => octokit.pulls.update({ ...n, title: 'x' }), () => octokit.pulls.listFiles(n)],
      ...[() => octokit.pulls.listCommits(n), () => octokit.pulls.listReviews(n)],
      ...[() => octokit.pulls.listReviewComments(n), () => octokit.pulls.listRequestedReviewers(n)],
      () => octokit.pulls.createReplyForReviewComment({ ...n, comment_id: reviewed, body: 'because' }),
      () => octokit.pulls.requestReviewers({ ...n, reviewers: ['ann'] }),
      () => octokit.issues.addLabels({ ...i, labels: ['a'] }),
      () => octokit.issues.addAssignees({ ...i, assignees: ['ann'] }),
      ...[() => octokit.issues.listComments(i), () => octokit.issues.listCommentsForRepo(r)],
      ...[() => octokit.issues.createComment({ ...i, body: 'x' }), () => octokit.issues.get(i)],
      () => octokit.issues.updateComment({ ...r, comment_id: id, body: 'y' }),
      () => octokit.reactions.createForIssueComment({ ...r, comment_id: id, content: 'eyes' }),
      () => octokit.reactions.createForIssueComment({ ...r, comment_id: id, content: 'eyes' }),
      () => octokit.reactions.listForIssueComment({ ...r, comment_id: id }),
      () => octokit.repos.getCollaboratorPermissionLevel({ ...r, username: 'ann' }),
      ...[() => octokit.checks.listForRef({ ...r, ref: commit }), () => octokit.users.getAuthenticated()],
      () => octokit.checks.get({ ...r, check_run_id: check.id }),
      () => octokit.repos.getCombinedStatusForRef({ ...r, ref: commit }),
      ...[() => octokit.repos.listBranches(r), () => octokit.repos.getBranch({ ...r, branch: 'main' })],
      () => octokit.repos.getBranchRules({ ...r, branch: 'main' }),
      () => octokit.repos.getContent({ ...r, path: 'a.txt' }),
      ...[() => octokit.repos.listCommits(r), () => octokit.repos.getCommit({ ...r, ref: 'main' })],
      () => octokit.repos.compareCommitsWithBasehead({ ...r, basehead: `main...${commit}` }),
      ...[() => octokit.repos.createFork(up), () => octokit.repos.listForks(up)],
      () => octokit.repos.mergeUpstream({ owner: 'octocat', repo: 'up', branch: 'main' }),
      () => octokit.git.getTree({ ...r, tree_sha: 'main', recursive: '1' }),
      () => octokit.git.listMatchingRefs({ ...r, ref: 'heads/' }),
      ...[() => app.apps.getAuthenticated(), () => app.apps.listInstallations(), () => app.apps.getRepoInstallation(r)],
      () => app.apps.createInstallationAccessToken({ installation_id: 100, permissions: { contents: 'write' } }),
    ];
    for (const call of calls) await call();
    assert.deepEqual(await checkRequests(server.heard), []);
    assert.deepEqual(await checkAnswers(server.heard), []);
  });

  it('refuses what GitHub refuses, in its words', async () => {
    await open();
    const pull = { ...r, title: 'Again', base: 'main' };
    const workflow = { path: '.github/workflows/x.yml', mode: '100644', type: 'blob', content: '' } as const;
    const refusals: readonly (readonly [call: () => Promise<unknown>, status: number, words: RegExp])[] = [
      [() => client('wrong').users.getAuthenticated(), 401, /Bad credentials/],
      [() => octokit.pulls.create({ ...pull, head: 'topic' }), 422, /already exists for octocat:topic/],
      [() => octokit.pulls.create({ ...pull, head: 'nothing' }), 422, /"field":"head"/],
      [() => octokit.pulls.create({ ...pull, head: 'topic', base: 'nothing' }), 422, /"field":"base"/],
      [() => octokit.pulls.create({ ...pull, head: 'main' }), 422, /No commits between/],
      [() => octokit.git.createRef({ ...r, ref: 'refs/heads/topic', sha: head }), 422, /already exists/],
      [() => octokit.git.createRef({ ...r, ref: 'refs/heads/a..b', sha: head }), 422, /not a valid ref name/],
      [() => octokit.git.updateRef({ ...r, ref: 'heads/topic', sha: head }), 422, /not a fast forward/],
      [() => octokit.git.deleteRef({ ...r, ref: 'heads/nothing' }), 422, /does not exist/],
      [() => octokit.git.getCommit({ ...r, commit_sha: '0'.repeat(40) }), 404, /Not Found/],
      [() => octokit.git.createTree({ ...r, tree: [workflow] }), 404, /Not Found/],
      [
        () =>
          octokit.git.createTree({
            ...r,
            base_tree: head,
            tree: [{ path: 'no', mode: '100644', type: 'blob', sha: null }],
          }),
        422,
        /BadObjectState/,
      ],
      [() => octokit.git.createRef({ ...up, ref: 'refs/heads/mine', sha: head }), 404, /Not Found/],
      [() => octokit.graphql('{ viewer { nonsense } }'), 200, /doesn't exist on type/],
    ];
    for (const [call, status, words] of refusals) {
      await assert.rejects(call, (error: Error & { status?: number; response?: { data?: unknown } }) => {
        assert.equal(error.status ?? 200, status, error.message);
        assert.match(`${error.message} ${JSON.stringify(error.response?.data)}`, words);
        return true;
      });
    }
  });

  it('lets git clone and push with a token, and nobody push without', async () => {
    const url = server.gitUrl('octocat', 'hello-world');
    const clone = join(folder, 'clone');
    await run('git', ['clone', '-q', url.replace('//', `//x:${userToken}@`), clone]);
    await run('git', ['-C', clone, 'push', '-q', 'origin', 'HEAD:refs/heads/pushed']);
    assert.equal(server.bare('octocat', 'hello-world').ref('heads/pushed'), head);
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
    await assert.rejects(run('git', ['-C', clone, 'push', '-q', url, 'HEAD:refs/heads/other'], { env }));
    rmSync(clone, { recursive: true });
  });

  it('makes forks that share objects, a while after they were asked for', async () => {
    server.world.forkDelay = 300;
    await octokit.repos.createFork(up);
    const fork = { owner: 'octocat', repo: 'up' };
    await assert.rejects(octokit.repos.get(fork), { status: 404 });
    await new Promise((resolve) => setTimeout(resolve, 350));
    assert.equal((await octokit.repos.get(fork)).data.parent?.full_name, 'acme/up');
    const blob = await octokit.git.createBlob({ ...fork, content: 'shared', encoding: 'utf-8' });
    assert.equal((await octokit.git.getBlob({ ...up, file_sha: blob.data.sha })).data.size, 6);
  });

  it('answers 304 to what was seen before, and doesn’t count it', async () => {
    const { headers } = await octokit.repos.get(r);
    const before = server.world.remaining;
    const known = { ...r, headers: { 'if-none-match': headers.etag } };
    await assert.rejects(octokit.repos.get(known), { status: 304 });
    assert.equal(server.world.remaining, before);
  });

  it('closes a pull request whose branch goes', async () => {
    await open();
    await octokit.git.deleteRef({ ...r, ref: 'heads/topic' });
    assert.equal((await octokit.pulls.get({ ...r, pull_number: 1 })).data.state, 'closed');
  });
});
