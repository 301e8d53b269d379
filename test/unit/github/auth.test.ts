import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { connect, type GitHubAuth } from '../../../src/core/github/auth.ts';
import { UserError } from '../../../src/core/problem.ts';
import {
  appId,
  appKey,
  createLocal,
  type Fault,
  type Local,
  repository,
  type StandIn,
  startGitHub,
  userToken,
} from './standIn.ts';

const signal = new AbortController().signal;
const token: GitHubAuth = { type: 'token', token: async () => userToken };
const app: GitHubAuth = { type: 'app', appId, privateKey: appKey };
const otherKey = (format: 'pkcs1' | 'pkcs8') =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: format, format: 'pem' }).toString();

describe('Signing in to GitHub', () => {
  let github: StandIn;
  let local: Local;
  before(() => {
    local = createLocal();
    local.commit('first');
  });
  after(() => local.remove());
  beforeEach(async () => {
    github = await startGitHub();
    await local.push(github);
  });
  afterEach(() => github.stop());

  async function problemOf(auth: GitHubAuth, fault?: Fault, where = repository, url = github.url) {
    if (fault) github.add(fault);
    try {
      await connect(auth, url, where, signal);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      const { problem } = error;
      assert.doesNotMatch(JSON.stringify(problem), /ghp_|ghs_|eyJ|PRIVATE KEY/);
      return problem;
    }
    return assert.fail('it signed in');
  }

  it('works with a token', async () => {
    const octokit = await connect(token, github.url, repository, signal);
    assert.equal((await octokit.users.getAuthenticated()).data.login, 'octocat');
  });

  const forms: Record<string, string> = {
    'as GitHub gives it': appKey,
    'with literal \\n': appKey.replaceAll('\n', '\\n'),
    'with Windows line ends and space around it': `\r\n${appKey.replaceAll('\n', '\r\n')}  `,
  };
  for (const [form, privateKey] of Object.entries(forms)) {
    it(`works as a GitHub App whose key comes ${form}`, async () => {
      const octokit = await connect({ type: 'app', appId: ` ${appId}\n`, privateKey }, github.url, repository, signal);
      const made = await octokit.git.createBlob({ owner: 'octocat', repo: 'hello-world', content: 'x' });
      assert.equal(made.status, 201);
    });
  }

  it("gets the App a token for this repository and for a pull request's needs only", async () => {
    let asked: unknown;
    const fetched = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (String(input).endsWith('/access_tokens')) asked = JSON.parse(String(init?.body));
      return fetched(input, init);
    };
    try {
      await connect(app, github.url, repository, signal);
    } finally {
      globalThis.fetch = fetched;
    }
    assert.deepEqual(asked, {
      repositories: ['hello-world'],
      permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
    });
  });

  it('repeats what GitHub rejects while a new token of an App is settling', async () => {
    const octokit = await connect(app, github.url, repository, signal);
    github.add({
      method: 'GET',
      path: /\/git\/ref\//,
      times: 1,
      answer: { status: 401, body: { message: 'Bad credentials' } },
    });
    const ref = await octokit.git.getRef({ owner: 'octocat', repo: 'hello-world', ref: 'heads/main' });
    assert.equal(ref.status, 200);
  });

  it('says where to install an App that is not installed', async () => {
    const problem = await problemOf(app, undefined, { remote: 'origin', owner: 'stranger', name: 'elsewhere' });
    assert.equal(problem.code, 'app-not-installed');
    assert.match(problem.message, /"My App" is not installed for stranger\/elsewhere/);
    assert.equal(problem.action?.type, 'open-url');
    assert.match(problem.action?.type === 'open-url' ? problem.action.url : '', /\/apps\/my-app\/installations\/new$/);
  });

  it('asks for another key when the key is none, is of another App or of another kind', async () => {
    const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const privateKey of ['', 'nonsense', appKey.slice(0, 300), ed25519]) {
      const problem = await problemOf({ ...app, privateKey });
      assert.deepEqual([problem.code, problem.action?.type], ['not-signed-in', 'set-up-github-app']);
    }
    const rejected = { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    const wrong = { method: 'GET', path: /\/installation$/, answer: rejected };
    const problem = await problemOf({ ...app, privateKey: otherKey('pkcs8') }, wrong);
    assert.deepEqual([problem.code, problem.action?.type], ['not-signed-in', 'set-up-github-app']);
  });

  it('asks for another app id when GitHub knows no such App', async () => {
    const notFound = { status: 404, body: { message: 'Integration not found' } };
    github.add({ method: 'GET', path: /\/installation$/, answer: notFound });
    const problem = await problemOf(app, { method: 'GET', path: /^\/app$/, answer: notFound });
    assert.deepEqual([problem.code, problem.action?.type], ['not-signed-in', 'set-up-github-app']);
    assert.equal((await problemOf({ ...app, appId: ' ' })).code, 'not-signed-in');
  });

  it('says which permissions an App lacks', async () => {
    const answer = {
      status: 422,
      body: { message: 'The permissions requested are not granted to this installation.' },
    };
    const problem = await problemOf(app, { method: 'POST', path: /access_tokens$/, answer });
    assert.equal(problem.code, 'no-permission');
    assert.match(problem.message, /Contents and Pull requests/);
    assert.match(problem.detail ?? '', /not granted/);
  });

  it('says that an installation is suspended', async () => {
    const answer = { status: 403, body: { message: 'This installation has been suspended' } };
    assert.equal((await problemOf(app, { method: 'POST', path: /access_tokens$/, answer })).code, 'app-not-installed');
  });

  it('asks to sign in again when the token is rejected, missing, or can stand in no header', async () => {
    const answer = { status: 401, body: { message: 'Bad credentials' } };
    const problem = await problemOf(token, { method: 'GET', path: /^\/repos/, answer, times: 1 });
    assert.deepEqual([problem.code, problem.action?.type], ['not-signed-in', 'sign-in']);
    for (const text of ['', 'a\nb', 'tøken']) {
      const other = await problemOf({ type: 'token', token: async () => text });
      assert.deepEqual([other.code, other.action?.type], ['not-signed-in', 'sign-in']);
    }
  });

  it('says that a repository is missing, archived or only readable', async () => {
    const at = (body: object, status = 200) => ({
      method: 'GET',
      path: /^\/repos/,
      times: 1,
      answer: { status, body },
    });
    assert.match(
      (await problemOf(token, at({ message: 'Not Found' }, 404))).message,
      /no repository octocat\/hello-world/,
    );
    assert.match((await problemOf(token, at({ full_name: 'o/r', archived: true }))).message, /archived/);
    const readable = await problemOf(token, at({ full_name: 'o/r', archived: false, permissions: { push: false } }));
    assert.equal(readable.code, 'no-permission');
    assert.match(readable.message, /not write/);
  });

  it('sends a token neither to an address without https nor to the remote', async () => {
    for (const url of ['http://api.example.com', 'nonsense', 'ftp://127.0.0.1', 'http://localhost.example.com']) {
      assert.match((await problemOf(token, undefined, repository, url)).message, /https address/);
    }
    assert.equal(github.heard.length, 0);
  });

  it('is quiet, and stops at an abort with its reason', async () => {
    const said: unknown[] = [];
    const { warn, error, log } = console;
    Object.assign(console, { warn: said.push.bind(said), error: said.push.bind(said), log: said.push.bind(said) });
    try {
      const body = { full_name: 'o/r', archived: false };
      const headers = { deprecation: 'true', sunset: 'soon' };
      github.add({ method: 'GET', path: /^\/repos/, times: 1, answer: { status: 200, headers, body } });
      await connect(token, github.url, repository, signal);
    } finally {
      Object.assign(console, { warn, error, log });
    }
    assert.deepEqual(said, []);
    const stop = new AbortController();
    const reason = new Error('the user canceled');
    github.add({ method: 'GET', path: /^\/repos/, answer: 'hang', onHeard: () => stop.abort(reason) });
    await assert.rejects(connect(token, github.url, repository, stop.signal), (thrown) => thrown === reason);
  });
});
