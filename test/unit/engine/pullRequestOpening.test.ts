import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../src/core/problem.ts';
import { PullRequestScene, type SceneOptions, sharedText } from '../../support/pullRequestScene.ts';
import { quietTalk } from '../../support/quietTalk.ts';

const isLeft = { name: 'AbortError' };
const problem = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.problem.code, code);
  assert.match(error.problem.message, message);
  return true;
};
const textOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
const ofRun = sharedText({ 3: 'changed by the run' });

describe('a pull request of a candidate', function () {
  this.timeout(30_000);
  let scene: PullRequestScene;
  afterEach(() => scene.dispose());
  const begin = async (options?: SceneOptions) => {
    scene = await new PullRequestScene(options).start();
    return scene;
  };
  const tip = (branch = 'main') => scene.server.bare(scene.owner, 'app').ref(`heads/${branch}`) ?? '';
  const parentOf = (branch: string) => scene.server.bare(scene.owner, 'app').git('rev-parse', `${branch}^`);

  it('goes on HEAD where that is pushed, without a question, and is kept with where it is', async () => {
    await begin({ gitHub: { branchName: 'me/${slug}-x' } });
    const id = await scene.run();
    const { pull, talk } = await scene.open(id);
    const place = { owner: 'octocat', name: 'app' };
    assert.deepEqual(pull, {
      runId: id,
      number: pull.number,
      url: pull.url,
      branch: 'me/change-it-x',
      base: 'main',
      title: 'Change it',
      createdAt: pull.createdAt,
      gitHubId: pull.gitHubId,
      repository: place,
      head: place,
      apiUrl: scene.server.url,
    });
    assert.deepEqual(talk.asked, []);
    assert.equal(parentOf(pull.branch), tip());
    assert.equal(scene.show(pull.branch, 'shared.txt'), ofRun);
    assert.deepEqual(scene.test.engine.run(id).task.pullRequests, [pull]);
    assert.deepEqual((await scene.open(id)).pull, pull);
    assert.equal(scene.server.pulls('octocat', 'app').length, 1);
    assert.deepEqual(scene.needs, [[]]);
  });

  it('is opened on an enterprise server, by its own address', async () => {
    await begin();
    scene.test.git('remote', 'set-url', 'origin', 'git@ghe.example.com:octocat/app.git');
    scene.apiUrl = scene.server.enterpriseUrl;
    const { pull } = await scene.open(await scene.run());
    assert.equal(pull.apiUrl, scene.server.enterpriseUrl);
    assert.ok(scene.server.heard.length > 5);
    assert.deepEqual(
      scene.server.heard.filter(({ path }) => !path.startsWith('/api/v3/')),
      [],
    );
  });

  it('asks to be merged into the upstream of the branch that is checked out', async () => {
    await begin();
    scene.push('release/1.x');
    scene.test.git('checkout', '-q', '-b', 'mine');
    scene.test.git('update-ref', 'refs/remotes/origin/release/1.x', 'HEAD');
    scene.test.git('branch', '-q', '--set-upstream-to=origin/release/1.x');
    const { pull, talk } = await scene.open(await scene.run());
    assert.equal(pull.base, 'release/1.x');
    assert.deepEqual(talk.asked, []);
  });

  it('asks once which of several remotes it goes to, unless one is the upstream', async () => {
    await begin();
    scene.test.git('remote', 'add', 'backup', 'https://github.com/stranger/app');
    const id = await scene.run();
    await assert.rejects(scene.open(id), isLeft);
    assert.deepEqual(scene.server.heard, []);
    await assert.rejects(scene.open(id, { remote: 'gone' }), problem('no-remote', /remote gone is none/));
    const { pull, talk } = await scene.open(id, { remote: 'origin' });
    const remotes = [
      { remote: 'origin', repository: { owner: 'octocat', name: 'app' } },
      { remote: 'backup', repository: { owner: 'stranger', name: 'app' } },
    ];
    assert.deepEqual(talk.asked, [{ question: 'remote', about: { remotes } }]);
    assert.deepEqual(pull.repository, { owner: 'octocat', name: 'app' });
    scene.test.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    scene.test.git('branch', '-q', '--set-upstream-to=origin/main');
    assert.deepEqual((await scene.open(await scene.run())).talk.asked, []);
  });

  it('goes where its draft says, without a question', async () => {
    await begin();
    scene.test.git('remote', 'add', 'backup', 'https://github.com/stranger/app');
    scene.push('release/1.x');
    const id = await scene.run();
    const talk = quietTalk();
    const open = (more: object) =>
      scene.test.engine.createPullRequest(id, { title: 'T', body: '', remote: 'origin', ...more }, talk);
    await assert.rejects(open({ base: 'nowhere' }), problem('no-remote', /no branch nowhere/));
    assert.deepEqual(scene.writes(), []);
    const pull = await open({ base: 'release/1.x' });
    assert.deepEqual([pull.base, pull.repository?.owner, talk.asked.length], ['release/1.x', 'octocat', 0]);
  });

  it('asks for its base on a detached HEAD that the default branch lacks, and only then', async () => {
    await begin();
    scene.test.git('checkout', '-q', '--detach');
    assert.equal((await scene.open(await scene.run())).pull.base, 'main');
    scene.test.write('other.txt', 'of the release\n');
    scene.commit('of the release');
    scene.push('release/1.x');
    const id = await scene.run();
    await assert.rejects(scene.open(id), isLeft);
    await assert.rejects(scene.open(id, { base: 'nowhere' }), problem('no-remote', /no branch nowhere/));
    const { pull, talk } = await scene.open(id, { base: 'release/1.x' });
    assert.equal(pull.base, 'release/1.x');
    assert.equal(talk.asked.length, 1);
    assert.equal(talk.about('base').branches[0], 'main');
  });

  describe('where HEAD has commits that the base lacks', () => {
    const withCommits = async () => {
      await begin();
      scene.test.write('other.txt', 'other, committed\n');
      scene.test.write('bin/run.sh', '#!/bin/sh\n');
      scene.commit('second: a folder and a change');
      scene.test.git('checkout', '-q', '-b', 'side');
      scene.test.write('side.txt', 'side\n');
      scene.commit('on the side');
      scene.test.git('checkout', '-q', 'main');
      scene.test.git('mv', 'other.txt', 'moved.txt');
      scene.commit('third\n\nWith a body, ünïcode and\n\na trailer: x');
      scene.test.git('merge', '-q', '--no-edit', 'side');
      return scene.run();
    };

    it('leaves them out when only the patch is wanted', async () => {
      const id = await withCommits();
      const before = tip();
      await assert.rejects(scene.open(id), isLeft);
      assert.deepEqual(scene.writes(), []);
      const { pull, talk } = await scene.open(id, { commits: 'patch-only' });
      assert.deepEqual(talk.asked, [
        {
          question: 'commits',
          about: {
            repository: { owner: 'octocat', name: 'app' },
            base: 'main',
            subjects: ["Merge branch 'side'", 'third', 'on the side', 'second: a folder and a change'],
          },
        },
      ]);
      assert.equal(parentOf(pull.branch), before);
      assert.equal(scene.show(pull.branch, 'shared.txt'), ofRun);
      assert.equal(scene.show(pull.branch, 'other.txt'), 'other\n');
    });

    it('takes them along as they are, name by name', async () => {
      const id = await withCommits();
      const { pull } = await scene.open(id, { commits: 'stacked' });
      assert.equal(parentOf(pull.branch), scene.test.git('rev-parse', 'HEAD'));
      const bare = scene.server.bare('octocat', 'app');
      assert.equal(bare.git('rev-list', '--count', `main..${pull.branch}`), '5');
      assert.equal(bare.git('fsck', '--connectivity-only', '--no-dangling'), '');
      assert.equal(scene.show(pull.branch, 'shared.txt'), ofRun);
      assert.equal(scene.show(pull.branch, 'moved.txt'), 'other, committed\n');
    });

    it('asks about those that are pushed too, but not to the base', async () => {
      const id = await withCommits();
      scene.push('feature');
      const { pull, talk } = await scene.open(id, { commits: 'stacked' });
      assert.equal(talk.about('commits').subjects.length, 4);
      assert.equal(parentOf(pull.branch), scene.test.git('rev-parse', 'HEAD'));
      assert.equal(scene.writes().filter((write) => write.endsWith('/git/commits')).length, 1);
    });

    it('leaves nothing behind where GitHub makes other commits of them', async () => {
      const id = await withCommits();
      const body = { sha: '0'.repeat(40), tree: { sha: '0'.repeat(40) } };
      scene.server.fault({
        method: 'POST',
        path: /\/git\/commits$/,
        times: 1,
        after: 1,
        answer: { status: 201, body },
      });
      await assert.rejects(
        scene.open(id, { commits: 'stacked' }),
        problem('github-failed', /exactly as it is here.*Push your/),
      );
      assert.deepEqual(scene.server.bare('octocat', 'app').branches(), ['main']);
      await scene.open(id, { commits: 'stacked' });
    });

    it('can not take along more than fifty, or one in another encoding', async () => {
      await begin();
      const id = await scene.run();
      const head = scene.test.git('rev-parse', 'HEAD');
      scene.test.git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '--allow-empty', '-m', 'odd');
      const reason = async (pattern: RegExp) => {
        await assert.rejects(
          scene.open(id, { commits: (about) => void assert.match(about.onlyPatch ?? '', pattern) }),
          isLeft,
        );
      };
      await reason(/is of a special form/);
      scene.test.git('reset', '-q', '--soft', head);
      let last = head;
      for (let count = 0; count < 51; count += 1) {
        last = scene.test.git('commit-tree', `${head}^{tree}`, '-p', last, '-m', `commit ${count}`);
      }
      scene.test.git('reset', '-q', '--soft', last);
      await reason(/more than can be pushed through the API\. Push your branch/);
      assert.deepEqual(scene.writes(), []);
    });

    it('says why they can not go along, and writes nothing then', async () => {
      await begin();
      const tree = scene.test.git('write-tree');
      const head = scene.test.git('rev-parse', 'HEAD');
      const person = 'Ann <ann@example.com> 1700000000 +0100';
      const object = [
        `tree ${tree}`,
        `parent ${head}`,
        `author ${person}`,
        `committer ${person}`,
        'gpgsig -----BEGIN PGP SIGNATURE-----',
        ' ',
        ' abc',
        ' -----END PGP SIGNATURE-----',
        '',
        'signed\n',
      ].join('\n');
      scene.test.write('.git/signed', object);
      const signed = scene.test.git('hash-object', '-t', 'commit', '-w', '.git/signed');
      scene.test.git('reset', '-q', '--soft', signed);
      const id = await scene.run();
      await assert.rejects(
        scene.open(id, { commits: 'stacked' }),
        problem('patch-conflict', /is signed, which would be lost/),
      );
      assert.deepEqual(scene.writes(), []);
      const { pull, talk } = await scene.open(id, { commits: 'patch-only' });
      assert.match(talk.about('commits').onlyPatch ?? '', /is signed.*Push your branch/);
      assert.equal(parentOf(pull.branch), head);
    });
  });

  describe('where the base has moved on', () => {
    it('stays on the commit that it was made on when its files are the same there', async () => {
      await begin();
      const id = await scene.run();
      scene.pushFromElsewhere({ 'other.txt': 'moved on\n' });
      const { pull } = await scene.open(id);
      assert.equal(parentOf(pull.branch), scene.test.git('rev-parse', 'HEAD'));
    });

    it('goes on the newest commit when its files differ there', async () => {
      await begin();
      const id = await scene.run();
      const moved = scene.pushFromElsewhere({ 'shared.txt': sharedText({ 17: 'from elsewhere' }) });
      const { pull, talk } = await scene.open(id);
      assert.deepEqual(talk.asked, []);
      assert.equal(parentOf(pull.branch), moved);
      assert.equal(
        scene.show(pull.branch, 'shared.txt'),
        sharedText({ 3: 'changed by the run', 17: 'from elsewhere' }),
      );
    });

    it('tells of conflicts with all sides, and goes on with the answer', async () => {
      await begin();
      const id = await scene.run();
      const theirs = sharedText({ 3: 'from elsewhere' });
      const moved = scene.pushFromElsewhere({ 'shared.txt': theirs });
      await assert.rejects(scene.open(id), isLeft);
      await assert.rejects(
        scene.open(id, { conflicts: new Map() }),
        problem('patch-conflict', /shared\.txt\. Nothing was pushed/),
      );
      assert.deepEqual(scene.writes(), []);
      const resolved = Buffer.from(sharedText({ 3: 'both' }));
      const { pull, talk } = await scene.open(id, { conflicts: new Map([['shared.txt', resolved]]) });
      const { files, base } = talk.about('conflicts');
      assert.equal(base, 'main');
      assert.deepEqual(
        files.map(({ path, ...sides }) => [path, ...[sides.base, sides.theirs, sides.ours].map(textOf)]),
        [['shared.txt', sharedText(), theirs, ofRun]],
      );
      assert.equal(parentOf(pull.branch), moved);
      assert.equal(scene.show(pull.branch, 'shared.txt'), sharedText({ 3: 'both' }));
    });
  });

  it('comes from a sub-folder, with the paths of the repository', async () => {
    await begin();
    mkdirSync(join(scene.test.folder, 'packages/app'), { recursive: true });
    scene.test.write('packages/app/shared.txt', sharedText());
    scene.commit('packages');
    scene.push();
    const folder = join(scene.test.folder, 'packages/app');
    const [run] = scene.test.runs(await scene.test.round('Change it', ['a'], { folder }));
    const { pull } = await scene.open(run?.id ?? assert.fail('no run'));
    assert.equal(scene.show(pull.branch, 'packages/app/shared.txt'), ofRun);
    assert.equal(scene.show(pull.branch, 'shared.txt'), sharedText());
  });

  it('comes from a linked worktree, with its own branch', async () => {
    await begin();
    const folder = join(scene.test.root, 'linked');
    scene.push('topic');
    scene.test.git('worktree', 'add', '-q', '-b', 'mine', folder);
    scene.test.git('update-ref', 'refs/remotes/origin/topic', 'HEAD');
    scene.test.git('branch', '-q', '--set-upstream-to=origin/topic', 'mine');
    const [run] = scene.test.runs(await scene.test.round('Change it', ['a'], { folder }));
    const { pull } = await scene.open(run?.id ?? assert.fail('no run'));
    assert.equal(pull.base, 'topic');
    assert.equal(scene.show(pull.branch, 'shared.txt'), ofRun);
  });
});
