import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ObjectName, RunId } from '../../../src/core/domain.ts';
import { Engine } from '../../../src/core/engine.ts';
import { connect } from '../../../src/core/github/auth.ts';
import { readyFork } from '../../../src/core/github/fork.ts';
import { UserError } from '../../../src/core/problem.ts';
import { Store } from '../../../src/core/store/store.ts';
import { userToken } from '../../support/gitHubServer/gitHubServer.ts';
import { PullRequestScene, type SceneOptions, sharedText } from '../../support/pullRequestScene.ts';
import { quietTalk } from '../../support/quietTalk.ts';

const isLeft = { name: 'AbortError' };
const problem =
  (code: string, message: RegExp, action?: object) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.problem.code, code);
    assert.match(error.problem.message, message);
    if (action) assert.deepEqual(error.problem.action, action);
    return true;
  };
const ofRun = sharedText({ 3: 'changed by the run' });
const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
const draft = { title: 'Change it', body: 'Because.' };

describe('the branch of a pull request', function () {
  this.timeout(30_000);
  let scene: PullRequestScene;
  afterEach(() => scene.dispose());
  const begin = async (options?: SceneOptions) => {
    scene = await new PullRequestScene(options).start();
    return scene.run();
  };
  const pulls = () => scene.server.pulls(scene.owner, 'app');

  describe('of somebody who may only read', () => {
    const users = [
      { login: 'team', isOrganization: true },
      { login: 'octocat', token: userToken },
    ];
    const outside = (server: SceneOptions['server'] = {}) => begin({ owner: 'team', server: { users, ...server } });

    it('goes through a fork that is made once they agree', async () => {
      const id = await outside({ forkDelay: 700 });
      await assert.rejects(scene.open(id), isLeft);
      await assert.rejects(scene.open(id, { fork: false }), problem('no-permission', /without a fork/));
      assert.deepEqual(scene.writes(), []);
      const { pull, talk } = await scene.open(id, { fork: true });
      const repository = { owner: 'team', name: 'app' };
      const fork = { owner: 'octocat', name: 'app' };
      assert.deepEqual(talk.asked, [{ question: 'fork', about: { repository, into: fork, isThere: false } }]);
      assert.deepEqual([pull.repository, pull.head, pull.base], [repository, fork, 'main']);
      assert.ok(talk.stages.includes('Waiting for GitHub to make the fork'), talk.stages.join());
      assert.deepEqual(scene.server.bare('team', 'app').branches(), ['main']);
      assert.equal(scene.show(pull.branch, 'shared.txt', 'octocat'), ofRun);
      assert.equal(pulls()[0]?.pull.head.repository.owner, 'octocat');
      const next = await scene.run();
      assert.equal((await scene.open(next, { fork: true })).talk.about('fork').isThere, true);
      assert.equal(pulls().length, 2);
    });

    it('goes on a fork that is brought up to date', async () => {
      await outside();
      const parent = scene.server.repository('team', 'app');
      scene.server.world.addRepository({ owner: 'octocat', name: 'app' }, parent);
      scene.test.write('other.txt', 'newer\n');
      const newer = scene.commit('newer');
      scene.push();
      const { pull } = await scene.open(await scene.run(), { fork: true });
      const fork = scene.server.bare('octocat', 'app');
      assert.equal(fork.ref('heads/main'), newer);
      assert.equal(fork.git('rev-parse', `${pull.branch}^`), newer);
    });

    it('goes on a fork whose own commits stay as they are', async () => {
      const id = await outside();
      const parent = scene.server.repository('team', 'app');
      const { bare } = scene.server.world.addRepository({ owner: 'octocat', name: 'app' }, parent);
      const own = bare.git(...author, 'commit-tree', 'main^{tree}', '-p', 'main', '-m', 'own');
      bare.setRef('heads/main', own);
      scene.pushFromElsewhere({ 'other.txt': 'moved on\n' });
      const { pull } = await scene.open(id, { fork: true });
      assert.equal(bare.ref('heads/main'), own);
      assert.equal(scene.show(pull.branch, 'shared.txt', 'octocat'), ofRun);
    });

    it('is given up, and not begun, when the fork never comes', async () => {
      await outside({ forkDelay: 1e9 });
      const { url } = scene.server;
      const repository = { owner: 'team', name: 'app' };
      const { signal } = new AbortController();
      const octokit = await connect({ type: 'token', token: async () => userToken }, url, repository, signal);
      const commit = scene.test.git('rev-parse', 'HEAD') as ObjectName;
      let waits = 0;
      const how = { signal, patience: [1], onWait: () => void waits++ };
      await assert.rejects(
        readyFork(octokit, repository, { commit, base: 'main' }, how),
        problem('github-failed', /fork octocat\/app still lacks/),
      );
      assert.equal(waits, 24);
      assert.deepEqual(scene.writes(), ['POST /repos/team/app/forks']);
    });

    it('takes their commits along into the fork', async () => {
      await outside();
      scene.test.write('other.txt', 'mine\n');
      const mine = scene.commit('mine');
      const { pull } = await scene.open(await scene.run(), { fork: true, commits: 'stacked' });
      assert.equal(scene.server.bare('octocat', 'app').git('rev-parse', `${pull.branch}^`), mine);
    });

    it('is not to be had where forks are not allowed, or the fork is archived', async () => {
      const id = await outside({ repositories: [] });
      const { folder } = scene.test;
      scene.server.world.addRepository({ owner: 'team', name: 'app', from: folder, allowsForks: false });
      await assert.rejects(scene.open(id, { fork: true }), problem('no-permission', /allows no forks/));
      const parent = scene.server.repository('team', 'app');
      scene.server.world.addRepository({ owner: 'octocat', name: 'app', isArchived: true }, parent);
      await assert.rejects(scene.open(id, { fork: true }), problem('no-permission', /octocat\/app is archived/));
      assert.deepEqual(scene.writes(), []);
    });

    it('is removed from the fork when the pull request can not be opened', async () => {
      const id = await outside();
      scene.server.fault({ method: 'POST', path: /\/pulls$/, answer: { status: 403, body: { message: 'No.' } } });
      await assert.rejects(scene.open(id, { fork: true }), problem('no-permission', /./));
      assert.deepEqual(scene.server.bare('octocat', 'app').branches(), ['main']);
      scene.server.clearFaults();
      await scene.open(id, { fork: true });
      assert.equal(pulls().length, 1);
    });
  });

  it('is made by a GitHub App with a token that ends in the middle', async () => {
    const id = await begin();
    const { appId, appKey } = scene.server;
    Object.assign(scene.test.host, { gitHubAuth: async () => ({ type: 'app', appId, privateKey: appKey }) });
    for (const path of [/\/git\/trees$/, /\/git\/refs$/]) {
      scene.server.fault({ method: 'POST', path, answer: 'expire', times: 1 });
    }
    const { pull } = await scene.open(id);
    assert.equal(scene.show(pull.branch, 'shared.txt'), ofRun);
    const tokens = scene.server.heard.filter(({ path }) => path.endsWith('/access_tokens'));
    assert.equal(tokens.length, 3);
  });

  it('is not begun where an organization wants a single sign-on', async () => {
    const users = [
      { login: 'team', isOrganization: true, wantsSignOn: true },
      { login: 'octocat', token: userToken },
    ];
    const id = await begin({ owner: 'team', server: { users } });
    const url = 'https://github.com/orgs/team/sso?authorization_request=A';
    const action = { type: 'open-url', label: 'Authorize', url };
    await assert.rejects(scene.open(id), problem('no-permission', /team wants a single sign-on/, action));
    assert.deepEqual(scene.writes(), []);
  });

  describe('that touches workflows', () => {
    const files = { '.github/workflows/x.yml': 'on: push\n' };

    it('needs a sign-in for that, and is told so before anything is written', async () => {
      const id = await begin({ files });
      await assert.rejects(scene.open(id), problem('no-permission', /scope "workflow"/, { type: 'sign-in' }));
      assert.deepEqual(scene.needs, [['workflow']]);
      assert.deepEqual(scene.writes(), []);
      scene.server.world.addUserToken('octocat', userToken, ['repo', 'workflow']);
      const { pull } = await scene.open(id);
      assert.equal(scene.show(pull.branch, '.github/workflows/x.yml'), files['.github/workflows/x.yml']);
    });

    it('needs it for the commits that go along too', async () => {
      await begin();
      scene.test.write('.github/workflows/x.yml', 'on: push\n');
      scene.commit('a workflow');
      const id = await scene.run();
      await assert.rejects(scene.open(id, { commits: 'stacked' }), problem('no-permission', /scope "workflow"/));
      assert.deepEqual(scene.needs, [[], ['workflow']]);
      assert.deepEqual(scene.writes(), []);
      await scene.open(id, { commits: 'patch-only' });
    });
  });

  it('is not begun where a rule forbids it', async () => {
    const name = (pattern: string, more: object = {}) => ({
      type: 'branch_name_pattern',
      parameters: { operator: 'starts_with', pattern, ...more },
    });
    const rules = { 'x/*': [{ type: 'creation' }], 'y/*': [name('y/z')], '*': [name('bad', { negate: true })] };
    const id = await begin({ server: { repositories: [] } });
    scene.server.world.addRepository({ owner: 'octocat', name: 'app', from: scene.test.folder, rules });
    const action = { type: 'open-url', label: 'Show the Rules', url: `${scene.server.url}/octocat/app/rules` };
    for (const [branchName, message] of [
      ['x/${slug}', /branch x\/change-it: nobody may create it/],
      ['y/${slug}', /must start with "y\/z"/],
      ['bad/${slug}', /must not start with "bad"/],
    ] as const) {
      scene.gitHub = { branchName };
      await assert.rejects(scene.open(id), problem('no-permission', message, action));
    }
    assert.deepEqual(scene.writes(), []);
    scene.gitHub = { branchName: 'y/z-${slug}' };
    assert.equal((await scene.open(id)).pull.branch, 'y/z-change-it');
  });

  it('has the name, the author and the people that are wanted', async () => {
    const id = await begin({ gitHub: { reviewers: ['nobody'], labels: ['bug'], coAuthoredBy: 'M <m@example.com>' } });
    scene.test.git('config', 'user.name', 'Ann');
    scene.test.git('config', 'user.email', 'ann@example.com');
    const bad = quietTalk();
    const open = (more: object, talk = bad) => scene.test.engine.createPullRequest(id, { ...draft, ...more }, talk);
    await assert.rejects(open({ branch: 'no good' }), problem('branch-exists', /no branch named "no good"/));
    await assert.rejects(open({ title: 'x'.repeat(300) }), problem('github-failed', /title.*256 characters/));
    await assert.rejects(open({ body: 'x'.repeat(70_000) }), problem('github-failed', /text.*65,536 characters/));
    assert.deepEqual(scene.server.heard, []);
    const talk = quietTalk();
    const pull = await open({ branch: 'mine', isDraft: true }, talk);
    assert.equal(pull.branch, 'mine');
    const said = scene.server.bare('octocat', 'app').git('log', '-1', '--format=%an <%ae>%n%B', 'mine');
    assert.equal(said, 'Ann <ann@example.com>\nChange it\n\nCo-authored-by: M <m@example.com>');
    assert.match(talk.warnings.join(), /reviewer nobody was not added/);
    const [opened] = pulls();
    assert.deepEqual([opened?.pull.draft, [...(opened?.labels ?? [])]], [true, ['bug']]);
  });

  describe('of two windows', () => {
    const other = async (id: RunId, use: (engine: Engine) => Promise<void>) => {
      const engine = new Engine(scene.test.host);
      try {
        assert.equal(engine.run(id).run.id, id);
        await use(engine);
      } finally {
        await engine.dispose();
      }
    };

    it('is made by one of them, and both answer with its pull request', async () => {
      const id = await begin();
      await other(id, async (engine) => {
        const talks = [quietTalk(), quietTalk()];
        const [first, second] = await Promise.all([
          scene.test.engine.createPullRequest(id, draft, talks[0] ?? quietTalk()),
          engine.createPullRequest(id, { ...draft, title: 'Another title' }, talks[1] ?? quietTalk()),
        ]);
        assert.deepEqual(second, first);
        assert.equal(pulls().length, 1);
        assert.equal(talks[1]?.stages[0], 'Waiting for another window, which is opening it');
        assert.deepEqual(engine.run(id).task.pullRequests, [first]);
      });
    });

    it('is made by the second when the first one fails', async () => {
      const id = await begin();
      const stop = new AbortController();
      await other(id, async (engine) => {
        const first = scene.test.engine.createPullRequest(id, draft, {
          ...quietTalk({}, stop.signal),
          report: (stage) => {
            if (stage.startsWith('Making the branch')) stop.abort();
          },
        });
        const second = engine.createPullRequest(id, draft, quietTalk());
        await assert.rejects(first, isLeft);
        assert.equal((await second).runId, id);
        assert.equal(pulls().length, 1);
        assert.equal(scene.server.bare('octocat', 'app').branches().length, 2);
      });
    });
  });

  describe('that a window has left when it crashed', () => {
    /** What a window that is gone has noted. */
    const crashed = async (id: RunId, hasPull: boolean) => {
      const bare = scene.server.bare('octocat', 'app');
      const commit = bare.git(...author, 'commit-tree', 'main^{tree}', '-p', 'main', '-m', 'x');
      bare.setRef('heads/left', commit);
      if (hasPull) {
        const made = await fetch(`${scene.server.url}/repos/octocat/app/pulls`, {
          method: 'POST',
          headers: { authorization: `token ${userToken}` },
          body: JSON.stringify({ title: 'Left', head: 'left', base: 'main' }),
        });
        assert.equal(made.status, 201);
      }
      const store = new Store(join(scene.test.storage, 'dursor.sqlite'));
      const { pullRequests } = store;
      assert.ok(pullRequests.claim(id, 'gone', 1));
      const head = { owner: 'octocat', name: 'app' };
      pullRequests.noteMade(id, 'gone', { head, branch: 'left', commit: commit as ObjectName });
      store.close();
    };

    it('is removed, and made again', async () => {
      const id = await begin();
      await crashed(id, false);
      const { pull } = await scene.open(id);
      assert.deepEqual([...scene.server.bare('octocat', 'app').branches()].sort(), [pull.branch, 'main'].sort());
    });

    it('is used where its pull request was open already', async () => {
      const id = await begin();
      await crashed(id, true);
      const { pull } = await scene.open(id);
      assert.deepEqual([pull.branch, pull.number, pulls().length], ['left', pulls()[0]?.number, 1]);
      assert.deepEqual(scene.test.engine.run(id).task.pullRequests, [pull]);
    });
  });
});
