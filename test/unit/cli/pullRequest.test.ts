import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CliScene } from '../../support/cliScene.ts';
import { refused } from '../../support/gitHubServer/faults.ts';
import { type GitHubServer, startGitHubServer, userToken } from '../../support/gitHubServer/gitHubServer.ts';
import { type ModelsStandIn, startModels } from '../../support/models.ts';

describe('the command line at GitHub', function () {
  this.timeout(60_000);
  let models: ModelsStandIn;
  let server: GitHubServer;
  let scene: CliScene;

  before(async () => {
    models = await startModels({ ttft: 0, tps: 100_000 });
  });
  after(() => models.stop());
  beforeEach(async () => {
    scene = new CliScene();
    server = await startGitHubServer({ repositories: [{ owner: 'octocat', name: 'app', from: scene.folder }] });
    scene.environment = {
      OPENAI_API_KEY: models.key,
      OPENAI_BASE_URL: models.baseUrls.openai,
      GITHUB_API_URL: server.url,
      GITHUB_REPOSITORY: 'octocat/app',
      GITHUB_TOKEN: userToken,
    };
  });
  afterEach(async () => {
    scene.dispose();
    await server.stop();
  });

  const run = async (...more: string[]): Promise<string> => {
    const said = await scene.dursor('run', '--task', 'Note it', '--models', 'openai:gpt-5.1', ...more);
    assert.equal(said.code, 0, said.err);
    return said.json.candidates[0].id;
  };
  const pulls = () => server.pulls('octocat', 'app');

  it('opens a pull request from a candidate of the storage, once', async () => {
    const candidate = await run();
    const opened = await scene.dursor('pr', '--candidate', candidate, '--base', 'main', '--draft');
    assert.equal(opened.code, 0, opened.err);
    const again = await scene.dursor('pr', '--candidate', candidate, '--base', 'main');
    assert.equal(again.json.number, opened.json.number);
    assert.deepEqual(
      pulls().map(({ number, pull }) => [number, pull.base, pull.draft]),
      [[opened.json.number, 'main', true]],
    );
  });

  it('opens one from a folder of a candidate that another machine wrote, with a title and a text of one’s own', async () => {
    const out = join(scene.root, 'out');
    await run('--out', out);
    const [name = ''] = readdirSync(out);
    const body = scene.file('body.md', 'Because.');
    const storage = join(scene.root, 'another storage');
    const opened = await scene.bare(
      ...['pr', '--folder', scene.folder, '--storage', storage, '--json', '--base', 'main'],
      ...['--candidate', join(out, name), '--title', 'Take notes', '--body-file', body, '--closes', '7'],
    );
    assert.equal(opened.code, 0, opened.err);
    const [pull] = pulls();
    assert.deepEqual([pull?.title, pull?.body], ['Take notes', 'Because.\n\nCloses #7.']);
  });

  it('does it once, also where a job runs again on another machine', async () => {
    const out = join(scene.root, 'out');
    await run('--out', out);
    const again = async (...args: string[]) => {
      const numbers: number[] = [];
      for (const storage of ['one', 'two']) {
        const common = ['--folder', scene.folder, '--storage', join(scene.root, `${args[0]} ${storage}`), '--json'];
        const said = await scene.bare('pr', ...common, '--candidate', out, ...args);
        assert.equal(said.code, 0, said.err);
        numbers.push(said.json.number);
      }
      return numbers;
    };
    const [first, second] = await again('--base', 'main');
    assert.equal(second, first);
    assert.equal(pulls().length, 1);
    const branch = 'topic';
    server.bare('octocat', 'app').take(scene.folder, 'HEAD', branch);
    const other = await addPull(server, branch);
    await again('--update', String(other));
    const git = server.bare('octocat', 'app');
    assert.equal(git.git('rev-list', '--count', `main..${branch}`), '1');
  });

  it('opens one as a GitHub App', async () => {
    const { GITHUB_TOKEN: _, ...others } = scene.environment;
    scene.environment = {
      ...others,
      DURSOR_GITHUB_APP_ID: server.appId,
      DURSOR_GITHUB_APP_PRIVATE_KEY: server.appKey,
    };
    const opened = await scene.dursor('pr', '--candidate', await run(), '--base', 'main');
    assert.equal(opened.code, 0, opened.err);
    assert.equal(pulls()[0]?.author, 'my-app[bot]');
  });

  it('pushes nothing onto the branch of a pull request that the candidate conflicts with', async () => {
    const opened = await scene.dursor('pr', '--candidate', await run(), '--base', 'main');
    const [before] = pulls().map(({ pull }) => pull.lastHead);
    const second = await scene.dursor('run', '--task', 'Note something else', '--models', 'openai:gpt-5.1');
    const [candidate] = second.json.candidates;
    // Both wrote the same file, so that the second doesn't fit on the first.
    const conflict = await scene.dursor('pr', '--candidate', candidate.id, '--update', String(opened.json.number));
    assert.equal(conflict.code, 3);
    assert.match(conflict.err, /conflicts with what .* has on GitHub: NOTES\.md/);
    assert.equal(pulls()[0]?.pull.lastHead, before);
  });

  it('says what is missing, and leaves nothing behind', async () => {
    const candidate = await run();
    const branches = server.bare('octocat', 'app').branches();
    scene.git('checkout', '-q', '--detach');
    scene.commit('not pushed');
    const stacked = await scene.dursor('run', '--task', 'Note it', '--models', 'openai:gpt-5.1');
    const asked = await scene.dursor('pr', '--candidate', stacked.json.candidates[0].id, '--base', 'main');
    assert.equal(asked.code, 5);
    assert.match(asked.err, /--commits/);
    server.fault({
      method: 'POST',
      path: /\/pulls$/,
      answer: refused(403, 'GitHub Actions is not permitted to create pull requests'),
    });
    const forbidden = await scene.dursor('pr', '--candidate', candidate, '--base', 'main', '--commits', 'patch-only');
    assert.equal(forbidden.code, 5);
    assert.equal(forbidden.json.error.code, 5);
    scene.environment.GITHUB_TOKEN = '';
    assert.equal((await scene.dursor('pr', '--candidate', candidate, '--base', 'main')).code, 5);
    assert.deepEqual(server.bare('octocat', 'app').branches(), branches);
    assert.deepEqual(pulls(), []);
  });
});

/** Opens a pull request of a branch that has nothing new yet, as somebody else would. Answers with its number. */
async function addPull(server: GitHubServer, branch: string): Promise<number> {
  const repository = server.repository('octocat', 'app');
  const now = Date.now();
  const number = repository.issues.length + 1;
  repository.issues.push({
    ...{ id: server.world.id(), number, repository, author: 'octocat', title: 'Other', body: '', state: 'open' },
    ...{ createdAt: now, updatedAt: now, labels: [], assignees: [], comments: [] },
    pull: {
      ...{ base: 'main', head: { repository, branch }, draft: false, merged: false },
      ...{ lastHead: server.bare('octocat', 'app').git('rev-parse', branch), reviewers: [], teams: [], reviews: [] },
      threads: [],
    },
  });
  return number;
}
