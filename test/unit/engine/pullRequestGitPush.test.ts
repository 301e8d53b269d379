import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/core/domain.ts';
import type { GitPushRequest } from '../../../src/core/engine/engineHost.ts';
import { GitHubClients } from '../../../src/core/engine/gitHubClients.ts';
import { type Opening, openPull } from '../../../src/core/engine/pullRequestOpening.ts';
import { createClient } from '../../../src/core/github/client.ts';
import { apiRefusals } from '../../../src/core/github/limits.ts';
import { writeTree } from '../../../src/core/github/tree.ts';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import { UserError } from '../../../src/core/problem.ts';
import { openTaskStorage } from '../../../src/core/workspace/taskStorage.ts';
import type { TaskStorage } from '../../../src/core/workspace/workspace.ts';
import { refused } from '../../support/gitHubServer/faults.ts';
import { userToken } from '../../support/gitHubServer/gitHubServer.ts';
import { PullRequestScene } from '../../support/pullRequestScene.ts';
import { quietTalk, type TalkAnswers } from '../../support/quietTalk.ts';

const problem = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.problem.code, code);
  assert.match(error.problem.message, message);
  return true;
};
/** One file is more than the API takes, and packs to almost nothing. */
const bytes = Buffer.alloc(51 * 1024 * 1024);
const tooMuch =
  /^GitHub's API does not take this patch\. big\.bin has 51 MB, more than .* commit it and push it with Git instead\.$/;

describe('a patch that is too much for GitHub’s API', function () {
  this.timeout(60_000);
  let scene: PullRequestScene;
  let storage: TaskStorage;
  let snapshot: Snapshot;
  let patch: string;
  let candidate: Opening['candidate'];
  const git = (...args: string[]) => scene.test.git(...args);
  const clone = () => join(scene.test.root, 'clone');

  before(async () => {
    scene = await new PullRequestScene().start();
    const id = await scene.run();
    candidate = scene.test.engine.candidate(id).candidate;
    execFileSync('git', ['clone', '-q', scene.test.folder, clone()]);
    writeFileSync(join(clone(), 'big.bin'), bytes);
    const there = (...args: string[]) => execFileSync('git', args, { cwd: clone(), encoding: 'utf8' });
    there('add', 'big.bin');
    patch = there('diff', '--cached', '--binary', '--full-index');
    git(
      'remote',
      'set-url',
      '--push',
      'origin',
      scene.server.gitUrl('octocat', 'app').replace('://', `://x:${userToken}@`),
    );
    git('config', 'user.name', 'Ann');
    git('config', 'user.email', 'ann@example.com');
    git('branch', 'other');
    // Work of the user's, staged and not.
    scene.test.write('other.txt', 'staged\n');
    git('add', 'other.txt');
    scene.test.write('other.txt', 'not staged\n');
    storage = openTaskStorage(join(scene.test.root, 'task'));
    snapshot = await storage.takeSnapshot({ folder: scene.test.folder, unsaved: [], policy: createPolicy({}) });
  });
  after(async () => {
    await storage?.close();
    await scene.dispose();
  });

  /** Git as VS Code's extension runs it. */
  const realPush = async ({ folder, remote, branch }: GitPushRequest) => {
    const child = spawn('git', ['push', '-q', '-u', remote, branch], { cwd: folder, stdio: 'ignore' });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new UserError({ code: 'github-failed', message: 'Git could not push.' });
  };
  const open = async (answers: TalkAnswers, more: Partial<Opening> = {}, signal?: AbortSignal) => {
    const talk = quietTalk(answers, signal);
    const draft = { title: 'Add it', body: 'Because.', branch: 'me/add-it' };
    const { settings } = scene.test.host;
    const opening: Opening = {
      ...{ task: { folder: scene.test.folder }, storage, snapshot, patch, candidate, settings: settings() },
      clients: new GitHubClients(scene.test.host),
      traces: { note: () => {} },
      gitPush: realPush,
      ...more,
      draft,
    };
    return { talk, ...(await openPull(opening, talk)) };
  };
  /** All of the user's that a push has no business with. */
  const own = () => ({
    head: readFileSync(join(scene.test.folder, '.git/HEAD'), 'utf8'),
    index: readFileSync(join(scene.test.folder, '.git/index')).toString('base64'),
    status: git('status', '--porcelain'),
    refs: git('for-each-ref'),
    config: readFileSync(join(scene.test.folder, '.git/config'), 'utf8'),
  });
  const branches = () => scene.server.bare('octocat', 'app').branches();
  const pulls = () => scene.server.pulls('octocat', 'app').length;
  /** That a call fails, and leaves nothing on GitHub and nothing in the user's repository. */
  const failsClean = async (call: () => Promise<unknown>, how: (error: unknown) => boolean) => {
    const before = { ...own(), branches: branches(), pulls: pulls() };
    await assert.rejects(call, how);
    assert.deepEqual({ ...own(), branches: branches(), pulls: pulls() }, before);
  };

  it('is only explained where there is no Git to push with, or the user does not want to', async () => {
    const { gitPush: _, ...without } = { gitPush: realPush };
    await failsClean(() => open({ push: true }, { ...without, gitPush: undefined }), problem('github-failed', tooMuch));
    await failsClean(() => open({ push: false }), problem('github-failed', tooMuch));
    await failsClean(
      () => open({}),
      (error) => (error as Error).name === 'AbortError',
    );
  });

  it('is only explained where Git could not push it either', async () => {
    const place: TaskStorage['placePatch'] = async () => {
      const version = { mode: '100644', bytes: Buffer.alloc(100 * 1024 * 1024 + 1) } as const;
      return { placed: true, changes: [{ path: 'huge.bin', version }] };
    };
    const huge = {
      bringTree: storage.bringTree.bind(storage),
      packCommit: storage.packCommit.bind(storage),
      placePatch: place,
    };
    await failsClean(
      () => open({ push: true }, { storage: huge }),
      problem('github-failed', /no file over 100 MB, and huge\.bin has 101 MB\. .* Git LFS/),
    );
  });

  it('needs the commit that it goes on in the repository', async () => {
    const bare = scene.server.bare('octocat', 'app');
    const before = bare.ref('heads/main') ?? '';
    // A file of the candidate's changes, so that it goes on this commit.
    scene.pushFromElsewhere({ 'shared.txt': 'from elsewhere\n' });
    await failsClean(
      () => open({ push: true }),
      problem('no-remote', /has to have the commit [0-9a-f]{10} .* Fetch in your repository, then try again/),
    );
    bare.setRef('heads/main', before);
  });

  it('leaves nothing behind when the push fails, goes elsewhere, or no pull request comes of it', async () => {
    const fails = async () => {
      assert.notEqual(git('branch', '--list', 'me/add-it'), '');
      throw new UserError({ code: 'github-failed', message: 'Git could not push.' });
    };
    await failsClean(
      () => open({ push: true }, { gitPush: fails }),
      problem('github-failed', /^Git could not push\.$/),
    );
    await failsClean(
      () => open({ push: true }, { gitPush: async () => {} }),
      problem('github-failed', /octocat\/app has no such branch with that commit/),
    );
    scene.server.fault({ method: 'POST', path: /\/pulls$/, answer: refused(403, 'Not now') });
    await failsClean(() => open({ push: true }), problem('no-permission', /may not write/));
    scene.server.clearFaults();
  });

  it('leaves nothing behind when it is canceled in the middle of the push, which is waited for', async () => {
    const cancel = new AbortController();
    const gitPush = async (request: GitPushRequest) => {
      cancel.abort();
      await realPush(request);
      assert.ok(branches().includes('me/add-it'));
    };
    await failsClean(
      () => open({ push: true }, { gitPush }, cancel.signal),
      (error) => (error as Error).name === 'AbortError',
    );
  });

  it('says so when its branch could not be removed again', async () => {
    const fails = async ({ branch }: GitPushRequest) => {
      git('checkout', '-q', branch);
      throw new UserError({ code: 'github-failed', message: 'Git could not push.' });
    };
    await assert.rejects(
      open({ push: true }, { gitPush: fails }),
      problem(
        'github-failed',
        /^Git could not push\. The branch me\/add-it is left in your repository; .*git branch -D me\/add-it/,
      ),
    );
    git('checkout', '-q', 'main');
    git('branch', '-q', '-D', 'me/add-it');
  });

  it('is pushed with Git once the user agrees, on a free branch, and becomes a pull request', async () => {
    git('branch', 'me/add-it');
    const { refs, config, ...before } = own();
    scene.server.heard.length = 0;
    const { pull, talk } = await open({ push: true });
    const repository = { owner: 'octocat', name: 'app' };
    const { branch } = pull;
    const reasons = ['big.bin has 51 MB, more than the API takes in one file.'];
    assert.deepEqual(talk.about('push'), { reasons, remote: 'origin', branch: 'me/add-it-2', repository });
    assert.deepEqual([branch, pull.head, pulls()], ['me/add-it-2', repository, 1]);
    assert.ok(talk.stages.includes(`Pushing the branch ${branch}`), talk.stages.join());
    assert.deepEqual(
      scene.writes().filter((path) => !path.includes('git-receive-pack')),
      ['POST /repos/octocat/app/pulls'],
    );
    const bare = scene.server.bare('octocat', 'app');
    assert.equal(git('rev-parse', branch), bare.ref(`heads/${branch}`));
    assert.equal(bare.git('show', '-s', '--format=%an <%ae> %cn %s', branch), 'Ann <ann@example.com> Ann Add it');
    assert.equal(bare.git('rev-parse', `${branch}^`), git('rev-parse', 'main'));
    assert.equal(bare.git('diff-tree', '-r', '--name-status', `${branch}^`, branch), 'A\tbig.bin');
    assert.equal(bare.git('cat-file', '-s', `${branch}:big.bin`), String(bytes.length));
    const { refs: refsNow, config: _, ...now } = own();
    assert.deepEqual(now, before);
    const mine = refsNow.split('\n').filter((line) => !line.endsWith(`/${branch}`));
    assert.deepEqual(mine.join('\n'), refs);
  });

  it('is one with more files than there are requests left', async () => {
    const version = { mode: '100644', bytes: Buffer.from('text') } as const;
    const changes = Array.from({ length: 600 }, (_, index) => ({ path: `${index}`, version }));
    const octokit = await createClient(scene.server.url, { auth: userToken });
    const { signal } = new AbortController();
    assert.deepEqual(await apiRefusals(octokit, changes, signal), []);
    scene.server.world.remaining = 600;
    assert.deepEqual(await apiRefusals(octokit, changes, signal), [
      'The patch has 600 files to upload one by one, and the API takes 600 requests for now.',
    ]);
    scene.server.fault({ method: 'GET', path: /\/rate_limit$/, answer: refused(404, 'Rate limiting is not enabled.') });
    assert.deepEqual(await apiRefusals(octokit, changes, signal), []);
    scene.server.clearFaults();
    scene.server.world.remaining = 5000;
  });

  it('is none for its number of entries: the tree is made in several requests', async () => {
    const version = { mode: '160000', bytes: Buffer.from('1'.repeat(40)) } as const;
    const changes = Array.from({ length: 1001 }, (_, index) => ({ path: `modules/${index}`, version }));
    const octokit = await createClient(scene.server.url, { auth: userToken });
    const repository = { owner: 'octocat', name: 'app' };
    const bare = scene.server.bare('octocat', 'app');
    const base = bare.git('rev-parse', 'main^{tree}') as Snapshot['tree'];
    scene.server.heard.length = 0;
    const tree = await writeTree({ octokit, repository, base, changes, signal: new AbortController().signal });
    assert.equal(scene.writes().length, 2);
    const paths = bare.git('ls-tree', '-r', '--name-only', tree).split('\n');
    assert.equal(paths.length, 1001 + bare.git('ls-tree', '-r', '--name-only', base).split('\n').length);
  });
});
