import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type GitHubAuth } from '../../../src/core/github/auth.ts';
import { readDestination } from '../../../src/core/github/destination.ts';
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
      await readDestination(await connect(auth, url, where, signal), where, signal);
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

  it('finds in the installation what an App lacks, before it asks for a token', async () => {
    const page = 'https://github.com/settings/installations/100';
    const installation = (permissions: object, more: object = {}) => ({
      method: 'GET',
      path: /\/installation$/,
      times: 1,
      answer: { status: 200, body: { id: 100, html_url: page, permissions, ...more } },
    });
    const action = { type: 'open-url', label: 'Open Its Installation', url: page };
    const lacking = await problemOf(app, installation({ contents: 'read', metadata: 'read' }));
    assert.match(lacking.message, /no write permission for Contents and Pull requests\. Add that/);
    assert.deepEqual([lacking.code, lacking.action], ['no-permission', action]);
    const suspended = await problemOf(app, installation({}, { suspended_at: '2026-01-01T00:00:00Z' }));
    assert.deepEqual([suspended.code, suspended.action], ['app-not-installed', action]);
    github.add(installation({ contents: 'write', pull_requests: 'write' }));
    await assert.rejects(connect(app, github.url, repository, signal, { needs: ['workflow'] }), {
      problem: {
        code: 'no-permission',
        message:
          'The GitHub App may not open this pull request in octocat/hello-world: it has no write permission for Workflows (the patch changes files under .github/workflows). Add that to the App, accept it in its installation, then try again.',
        action,
      },
    });
    assert.equal(github.heard.filter(({ method }) => method !== 'GET').length, 0);
  });

  it('gets the App more only where it is needed, or wanted and granted', async () => {
    const asked: unknown[] = [];
    const permissions = {
      contents: 'write',
      pull_requests: 'write',
      workflows: 'write',
      checks: 'read',
      issues: 'write',
    };
    const body = { id: 100, permissions };
    github.add({ method: 'GET', path: /\/installation$/, answer: { status: 200, body } });
    const fetched = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      if (String(input) === `${github.url}/app/installations/100/access_tokens`)
        asked.push(JSON.parse(String(init?.body)).permissions);
      return fetched(input, init);
    };
    try {
      const wants = { checks: 'read', issues: 'read', actions: 'read' } as const;
      for (const options of [{}, { needs: ['workflow'] }, { wants }] as const) {
        await connect(app, github.url, repository, signal, options).catch(() => {});
      }
    } finally {
      globalThis.fetch = fetched;
    }
    const usual = { contents: 'write', pull_requests: 'write', metadata: 'read' };
    assert.deepEqual(asked, [usual, { ...usual, workflows: 'write' }, { ...usual, checks: 'read', issues: 'read' }]);
  });

  it('renews the token of an App before it ends, and when GitHub refuses it', async () => {
    let made = 0;
    let now = Date.now();
    let refused = 0;
    const server = createServer((request, response) => {
      const isToken = request.url?.endsWith('/access_tokens');
      const body = isToken
        ? { token: `ghs_token${++made}`, expires_at: new Date(now + 3_600_000).toISOString() }
        : request.url?.endsWith('/installation')
          ? { id: 1, permissions: { contents: 'write', pull_requests: 'write' } }
          : { authorization: request.headers.authorization };
      const isRefused = request.headers.authorization === `token ghs_token${refused}`;
      // As a server whose clock is an hour ahead tells it.
      response.writeHead(isRefused ? 401 : 200, {
        'content-type': 'application/json',
        date: new Date(now).toUTCString(),
      });
      response.end(JSON.stringify(isRefused ? { message: 'Bad credentials' } : body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const realNow = Date.now;
    try {
      now = realNow() + 3_600_000;
      const octokit = await connect(app, `http://127.0.0.1:${port}/api/v3`, repository, signal);
      const used = async () =>
        ((await octokit.request('GET /zen')).data as unknown as { authorization: string }).authorization;
      assert.equal(await used(), 'token ghs_token1');
      Date.now = () => realNow() + 54 * 60_000;
      assert.equal(await used(), 'token ghs_token1');
      Date.now = () => realNow() + 56 * 60_000;
      assert.deepEqual(await Promise.all([used(), used(), used()]), Array(3).fill('token ghs_token2'));
      Date.now = () => realNow() + 60 * 60_000;
      refused = 2;
      assert.deepEqual(await Promise.all([used(), used()]), Array(2).fill('token ghs_token3'));
      assert.equal(made, 3);
    } finally {
      Date.now = realNow;
      server.closeAllConnections();
      server.close();
    }
  });

  it("asks once more for a user's token that GitHub refuses in the middle", async () => {
    const handed = [userToken, 'ghp_newToken'];
    const auth: GitHubAuth = { type: 'token', token: async () => handed.shift() ?? 'ghp_newToken' };
    const octokit = await connect(auth, github.url, repository, signal);
    const refusal = { status: 401, body: { message: 'Bad credentials' } };
    github.add({ method: 'GET', path: /^\/user$/, times: 1, answer: refusal });
    await octokit.users.getAuthenticated().catch(() => {});
    const said = github.heard.slice(-2).map(({ authorization }) => authorization);
    assert.deepEqual(said, [`token ${userToken}`, 'token ghp_newToken']);
    github.add({ method: 'GET', path: /^\/user$/, answer: refusal });
    github.heard.length = 0;
    await assert.rejects(octokit.users.getAuthenticated(), { status: 401 });
    assert.equal(github.heard.length, 1);
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

  it('says that a repository is missing or archived, before anything is written', async () => {
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
    for (const state of ['archived', 'disabled']) {
      const body = { full_name: 'o/r', html_url: 'https://github.com/o/r', [state]: true };
      const problem = await problemOf(token, at(body));
      assert.match(problem.message, new RegExp(`o/r is ${state}`));
      const url = 'https://github.com/o/r/settings';
      assert.deepEqual(problem.action, { type: 'open-url', label: 'Open Its Settings', url });
    }
    assert.equal(github.heard.filter(({ method }) => method !== 'GET').length, 0);
  });

  it('tells of a repository by the name it has now, and of what the sign-in may do there', async () => {
    const octokit = await connect(token, github.url, repository, signal);
    const body = {
      full_name: 'team/renamed',
      html_url: 'https://github.com/team/renamed',
      default_branch: 'trunk',
      permissions: { push: false },
      allow_forking: false,
    };
    const headers = { 'x-oauth-scopes': 'repo, user' };
    github.add({ method: 'GET', path: /^\/repos/, times: 1, answer: { status: 200, headers, body } });
    assert.deepEqual(await readDestination(octokit, repository, signal), {
      repository: { remote: 'origin', owner: 'team', name: 'renamed' },
      defaultBranch: 'trunk',
      canPush: false,
      allowsForks: false,
      page: 'https://github.com/team/renamed',
      scopes: ['repo', 'user'],
    });
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
      await readDestination(await connect(token, github.url, repository, signal), repository, signal);
    } finally {
      Object.assign(console, { warn, error, log });
    }
    assert.deepEqual(said, []);
    const stop = new AbortController();
    const reason = new Error('the user canceled');
    github.add({ method: 'GET', path: /^\/repos/, answer: 'hang', onHeard: () => stop.abort(reason) });
    const octokit = await connect(token, github.url, repository, stop.signal);
    await assert.rejects(readDestination(octokit, repository, stop.signal), (thrown) => thrown === reason);
    await assert.rejects(connect(token, github.url, repository, stop.signal), (thrown) => thrown === reason);
  });
});
