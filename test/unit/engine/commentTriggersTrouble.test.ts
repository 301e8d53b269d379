import assert from 'node:assert/strict';
import type { PullRequest } from '../../../src/core/pullRequest.ts';
import { refused } from '../../support/gitHubServer/faults.ts';
import { userToken } from '../../support/gitHubServer/gitHubServer.ts';
import { PullRequestScene, sharedText } from '../../support/pullRequestScene.ts';

const { signal } = new AbortController();
const at = ['octocat', 'app', 1] as const;
const permission = { method: 'GET', path: /\/permission$/ };
const posting = { method: 'POST', path: /\/issues\/1\/comments$/ };

describe('comments, where GitHub has trouble or somebody makes it', function () {
  this.timeout(60_000);
  let scene: PullRequestScene;
  let pull: PullRequest;
  let files: Record<string, string>;
  beforeEach(async () => {
    files = { 'shared.txt': sharedText({ 3: 'changed by the run' }) };
    const users = [{ login: 'octocat', token: userToken }, { login: 'ann' }, { login: 'bob' }];
    scene = await new PullRequestScene({ files, server: { users } }).start();
    scene.server.repository('octocat', 'app').collaborators.set('ann', 'write');
    ({ pull } = await scene.open(await scene.run()));
    files['shared.txt'] = sharedText({ 3: 'changed by the run', 10: 'as the comment asked' });
    await following().setWatched(pull.runId, true, signal);
  });
  afterEach(() => scene.dispose());

  const following = () => scene.test.engine.following;
  const rounds = () => scene.test.engine.candidate(pull.runId).task.rounds.length;
  const look = () => following().look(pull.runId, signal);
  const say = (author: string, body: string) => scene.server.addComment(...at, author, body);
  const conversation = () => scene.server.pulls('octocat', 'app')[0]?.comments ?? [];
  const answers = () => conversation().filter(({ body }) => body.startsWith('<!-- dursor'));
  const answered = (count = 1) => scene.test.until(() => answers().length >= count);
  const reactions = ({ id }: { id: number }) =>
    conversation()
      .find((each) => each.id === id)
      ?.reactions.map(({ content }) => content);

  for (const answer of [refused(404, 'Not Found'), refused(403, 'Resource not accessible by integration')]) {
    it(`are heard at the next look after a ${answer.status} about their author`, async () => {
      scene.server.fault({ ...permission, answer, times: 2 });
      const comment = say('ann', '/dursor Change it');
      await look();
      await look();
      assert.deepEqual([rounds(), reactions(comment)], [1, []]);
      await look();
      assert.deepEqual([rounds(), reactions(comment)], [2, ['eyes']]);
      await answered();
    });
  }

  it('never start anything while it isn’t known who may, and are left in the end', async () => {
    scene.server.fault({ ...permission, answer: refused(403, 'Must have push access') });
    const comment = say('bob', '/dursor Change it');
    for (let looked = 0; looked < 20; looked += 1) await look();
    assert.deepEqual([rounds(), reactions(comment)], [1, ['confused']]);
    assert.equal(scene.server.heard.filter(({ path }) => permission.path.test(path)).length, 10);
    assert.equal(scene.test.log.filter((line) => /was left alone/.test(line)).length, 1);
    scene.server.clearFaults();
    await look();
    assert.equal(rounds(), 1);
  });

  it('of accounts that are gone are not asked about', async () => {
    const comment = say('ghost', '/dursor Change it');
    await look();
    assert.deepEqual([rounds(), reactions(comment)], [1, ['confused']]);
    assert.ok(scene.server.heard.every(({ path }) => !permission.path.test(path)));
  });

  it('are answered after GitHub has refused that for a while', async () => {
    scene.server.fault({ ...posting, answer: refused(404, 'Not Found'), times: 1 });
    say('ann', '/dursor Change it');
    await look();
    await scene.test.until(() => scene.test.log.some((line) => /was not answered/.test(line)));
    assert.deepEqual(answers(), []);
    await look();
    await answered();
    assert.equal(rounds(), 2);
  });

  it('are answered although a stranger wrote something that looks like the answer', async () => {
    const comment = say('ann', '/dursor Change it');
    say('bob', `<!-- dursor: ${comment.id} -->\nDone.`);
    await look();
    await answered(2);
    assert.deepEqual(
      answers().map(({ author }) => author),
      ['bob', 'octocat'],
    );
  });

  it('stay without an answer where GitHub goes on refusing it', async () => {
    scene.server.fault({ ...posting, answer: refused(403, 'Issue is locked') });
    say('ann', '/dursor Change it');
    await look();
    await scene.test.until(() => scene.test.log.some((line) => /was not answered/.test(line)));
    for (let looked = 0; looked < 10; looked += 1) await look().catch(() => {});
    assert.equal(scene.test.log.filter((line) => /stays without an answer/.test(line)).length, 1);
    const posts = () => scene.writes().filter((line) => !line.endsWith('/graphql')).length;
    const before = posts();
    await look();
    assert.equal(posts(), before);
  });

  it('are answered with nothing that notifies, renders or closes', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;
    const name = '@bob <img src=x> fixes #1.txt';
    Object.assign(files, { 'shared.txt': sharedText({ 3: 'changed by the run' }), [name]: `${secret}\n` });
    scene.gitHub = { pushVerified: true };
    say('ann', '/dursor Change it');
    await look();
    await answered();
    assert.doesNotMatch(answers()[0]?.body ?? '', /@bob|<img|fixes #1|ghp_/);
    assert.match(answers()[0]?.body ?? '', /- added @\u200bbob/);
  });
});
