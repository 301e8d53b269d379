import assert from 'node:assert/strict';
import { CliScene } from '../../support/cliScene.ts';
import { type GitHubServer, startGitHubServer, userToken } from '../../support/gitHubServer/gitHubServer.ts';
import type { Issue } from '../../support/gitHubServer/model.ts';

describe('the last step on GitHub Actions', function () {
  this.timeout(20_000);
  let server: GitHubServer;
  let scene: CliScene;
  let issue: Issue;

  beforeEach(async () => {
    scene = new CliScene();
    server = await startGitHubServer({
      users: [{ login: 'octocat', token: userToken }, { login: 'stranger' }],
      repositories: [{ owner: 'octocat', name: 'app', from: scene.folder }],
    });
    scene.environment = {
      ...{ GITHUB_API_URL: server.url, GITHUB_REPOSITORY: 'octocat/app', GITHUB_TOKEN: userToken },
      ...{ GITHUB_RUN_ID: '77', GITHUB_RUN_ATTEMPT: '1', GITHUB_SERVER_URL: 'https://github.com' },
    };
    const repository = server.repository('octocat', 'app');
    const now = Date.now();
    issue = {
      ...{
        id: server.world.id(),
        number: 1,
        repository,
        author: 'stranger',
        title: 'A title',
        body: '',
        state: 'open',
      },
      ...{ createdAt: now, updatedAt: now, labels: [], assignees: [], comments: [] },
    };
    repository.issues.push(issue);
  });
  afterEach(async () => {
    scene.dispose();
    await server.stop();
  });

  const answer = async (pick: object, ...more: string[]) => {
    const said = await scene.bare('answer', '--issue', '1', '--pick', scene.file('pick.json', pick), '--json', ...more);
    assert.equal(said.code, 0, said.err);
  };
  const answers = () => issue.comments.filter(({ body }) => body.includes('There is no pull request')).length;

  it('tells the result once, and once more where the run is started again', async () => {
    const comment = server.addComment('octocat', 'app', 1, 'octocat', '/dursor do it');
    for (const about of [['--comment', String(comment.id)], []]) {
      const before = answers();
      for (const attempt of ['1', '1', '2', '2']) {
        scene.environment.GITHUB_RUN_ATTEMPT = attempt;
        await answer({ error: { message: 'No key.' } }, ...about);
      }
      assert.equal(answers() - before, 2);
    }
  });

  it('tells it also where somebody else has written what answers begin with', async () => {
    const comment = server.addComment('octocat', 'app', 1, 'octocat', '/dursor do it');
    server.addComment('octocat', 'app', 1, 'stranger', `<!-- dursor: ${comment.id} -->\nNothing to see.`);
    await answer({ error: { message: 'No key.' } }, '--comment', String(comment.id));
    assert.equal(answers(), 1);
  });
});
