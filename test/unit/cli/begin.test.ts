import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliScene } from '../../support/cliScene.ts';
import { type GitHubServer, startGitHubServer, userToken } from '../../support/gitHubServer/gitHubServer.ts';
import type { Issue } from '../../support/gitHubServer/model.ts';

describe('the first step on GitHub Actions', () => {
  let server: GitHubServer;
  let scene: CliScene;
  let head: string;

  beforeEach(async () => {
    scene = new CliScene();
    head = scene.git('rev-parse', 'HEAD');
    server = await startGitHubServer({
      users: [{ login: 'octocat', token: userToken }, { login: 'ann' }, { login: 'eve' }],
      repositories: [
        { owner: 'octocat', name: 'app', from: scene.folder, collaborators: { ann: 'maintain', eve: 'triage' } },
        { owner: 'eve', name: 'app', from: scene.folder },
      ],
    });
    server.bare('octocat', 'app').take(scene.folder, 'HEAD', 'topic');
    server.bare('eve', 'app').take(scene.folder, 'HEAD', 'topic');
    scene.environment = {
      GITHUB_API_URL: server.url,
      GITHUB_REPOSITORY: 'octocat/app',
      GITHUB_TOKEN: userToken,
      GITHUB_SHA: head,
      GITHUB_EVENT_NAME: 'issue_comment',
      GITHUB_OUTPUT: scene.file('output', ''),
    };
  });
  afterEach(async () => {
    scene.dispose();
    await server.stop();
  });

  const taskFile = () => join(scene.root, 'task.txt');
  const outputs = () =>
    Object.fromEntries(
      readFileSync(join(scene.root, 'output'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2)),
    );

  /** An issue, or a pull request from the branch `topic` of somebody's repository. */
  const add = (from?: string, state: Issue['state'] = 'open'): Issue => {
    const repository = server.repository('octocat', 'app');
    const now = Date.now();
    const issue: Issue = {
      ...{ id: server.world.id(), number: repository.issues.length + 1, repository, author: 'eve', title: 'A title' },
      ...{ body: 'A text', state, createdAt: now, updatedAt: now, labels: [], assignees: [], comments: [] },
      ...(from !== undefined && {
        pull: {
          ...{ base: 'main', head: { repository: server.repository(from, 'app'), branch: 'topic' }, draft: false },
          ...{ merged: false, lastHead: head, reviewers: [], teams: [], reviews: [], threads: [] },
        },
      }),
    };
    repository.issues.push(issue);
    return issue;
  };

  const begin = async (issue: Issue, login: string, body: string, type = 'User') => {
    const comment = server.addComment('octocat', 'app', issue.number, login, body);
    const { number, title, body: text, pull } = issue;
    scene.environment.GITHUB_EVENT_PATH = scene.file('event.json', {
      action: 'created',
      comment: { id: comment.id, body, user: { login, type }, created_at: new Date(comment.createdAt).toISOString() },
      issue: { number, title, body: text, ...(pull && { pull_request: {} }) },
      repository: { default_branch: 'main' },
    });
    const said = await scene.bare('begin', '--task-out', taskFile(), '--json');
    assert.equal(said.code, 0, said.err);
    return { comment, said, answers: issue.comments.slice(1).map((each) => each.body.split('\n')[1]) };
  };

  it('starts from the default branch for an issue', async () => {
    const issue = add();
    const { comment, answers } = await begin(issue, 'ann', '/dursor do it');
    assert.deepEqual(outputs(), {
      go: 'true',
      kind: 'issue',
      sha: head,
      base: 'main',
      number: '1',
      comment: String(comment.id),
    });
    assert.equal(readFileSync(taskFile(), 'utf8'), 'do it\n\n# A title\n\nA text');
    assert.deepEqual(
      comment.reactions.map(({ content }) => content),
      ['eyes'],
    );
    assert.deepEqual(answers, []);
  });

  it('starts from the newest commit of a pull request’s branch', async () => {
    const newest = scene.commit('newer');
    server.bare('octocat', 'app').take(scene.folder, 'HEAD', 'topic');
    await begin(add('octocat'), 'octocat', '/dursor do it');
    assert.equal(outputs().kind, 'pull-request');
    assert.equal(outputs().sha, newest);
    assert.equal(readFileSync(taskFile(), 'utf8'), 'do it');
  });

  it('says why it can not start', async () => {
    const cases = [
      [add('eve'), '/dursor do it', /in a fork/],
      [add('octocat', 'closed'), '/dursor do it', /closed/],
      [add('octocat'), '/dursor', /Write behind/],
    ] as const;
    for (const [issue, body, words] of cases) {
      const { answers, said } = await begin(issue, 'ann', body);
      assert.equal(said.json.go, false);
      assert.equal(answers.length, 1);
      assert.match(answers[0] ?? '', words);
    }
    assert.equal(existsSync(taskFile()), false);
  });

  it('says nothing to those who may not write, to programs, and to other comments', async () => {
    for (const [login, body, type] of [
      ['eve', '/dursor do it', 'User'],
      ['octocat', '/dursor do it', 'Bot'],
      ['ann', 'I use /dursor', 'User'],
    ] as const) {
      const { comment, said, answers } = await begin(add(), login, body, type);
      assert.equal(said.json.go, false);
      assert.deepEqual([comment.reactions, answers], [[], []]);
    }
    assert.equal(outputs().go, 'false');
  });

  it('takes a label from those only who may write', async () => {
    scene.environment.GITHUB_EVENT_NAME = 'issues';
    const { number, title, body } = add();
    for (const [login, go] of [
      ['eve', false],
      ['ann', true],
    ] as const) {
      scene.environment.GITHUB_EVENT_PATH = scene.file('event.json', {
        ...{ action: 'labeled', label: { name: 'dursor' }, sender: { login, type: 'User' } },
        ...{ issue: { number, title, body }, repository: { default_branch: 'main' } },
      });
      const said = await scene.bare('begin', '--task-out', taskFile(), '--json');
      assert.equal(said.json.go, go, login);
      assert.equal(existsSync(taskFile()), go);
    }
  });

  it('fails where it can not find out who may write', async () => {
    server.fault({
      method: 'GET',
      path: /\/permission$/,
      answer: { status: 403, body: { message: 'Resource not accessible by integration' } },
    });
    const issue = add();
    await assert.rejects(begin(issue, 'ann', '/dursor do it'), /may not ask who may write/);
    assert.equal(existsSync(taskFile()), false);
  });
});
