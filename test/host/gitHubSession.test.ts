import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { UserError } from '../../src/core/problem.ts';
import { GitHubSession } from '../../src/vscode/gitHubSession.ts';
import { EditorAnswers } from '../support/editorAnswers.ts';

interface Request {
  readonly provider: string;
  readonly scopes: string;
  readonly how: vscode.AuthenticationGetSessionOptions;
}

const signIn = '$(github) Sign In to GitHub';

describe('signing in to GitHub', () => {
  const authentication = vscode.authentication as { getSession: unknown };
  const original = authentication.getSession;
  let person: EditorAnswers;
  let requests: Request[];
  /** The scopes of sign-ins that are there. */
  let present: string[];

  beforeEach(() => {
    person = new EditorAnswers();
    requests = [];
    present = [];
    authentication.getSession = async (
      provider: string,
      wanted: readonly string[],
      how: vscode.AuthenticationGetSessionOptions,
    ) => {
      const scopes = wanted.join(' ');
      requests.push({ provider, scopes, how });
      if (how.silent && !present.includes(scopes)) return undefined;
      return { accessToken: `token for ${scopes}`, scopes: wanted };
    };
  });
  afterEach(() => {
    person.dispose();
    authentication.getSession = original;
  });

  const session = ({ apiUrl = 'https://api.github.com', appId = '', key = '' } = {}) =>
    new GitHubSession({ gitHubPrivateKey: async () => key || undefined, setGitHubPrivateKey: async () => {} }, {
      engine: { gitHubApiUrl: apiUrl },
      gitHubAppId: appId,
      setGitHubAppId: async () => {},
    } as unknown as ConstructorParameters<typeof GitHubSession>[1]);
  const tokenOf = async (how?: Parameters<GitHubSession['auth']>[0]) => {
    const auth = await session().auth(how);
    return auth.type === 'token' ? auth.token() : auth.type;
  };
  const interactive = () => requests.filter(({ how }) => !how.silent);

  it('uses the sign-in that is there, also one that may do more', async () => {
    present = ['repo'];
    assert.equal(await tokenOf(), 'token for repo');
    present = ['repo workflow'];
    assert.equal(await tokenOf(), 'token for repo workflow');
    assert.deepEqual(interactive(), []);
    assert.deepEqual(person.listed, []);
  });

  it('asks for the scope "workflow" at that moment, with the reason, and not how to sign in', async () => {
    present = ['repo'];
    assert.equal(await tokenOf({ needs: ['workflow'] }), 'token for repo workflow');
    const [asked] = interactive();
    const detail = typeof asked?.how.createIfNone === 'object' ? asked.how.createIfNone.detail : '';
    assert.match(detail ?? '', /changes files under \.github\/workflows/);
    assert.deepEqual(person.listed, []);
  });

  it('asks nobody in the background', async () => {
    for (const needs of [[], ['workflow'] as const]) {
      await assert.rejects(
        session().auth({ quiet: true, needs }),
        (error) => error instanceof UserError && error.problem.code === 'not-signed-in',
      );
    }
    assert.deepEqual([interactive(), person.listed], [[], []]);
  });

  it('lets a new user choose how, and sends nothing where they leave it', async () => {
    await assert.rejects(tokenOf(), /nothing was sent there/);
    person.pick(signIn);
    assert.equal(await tokenOf(), 'token for repo');
    assert.equal(interactive().at(-1)?.how.createIfNone, true);
  });

  it('makes a sign-in anew that GitHub refused', async () => {
    await session().signIn();
    assert.equal(requests.at(-1)?.how.createIfNone, true);
    present = ['repo'];
    await session().signIn();
    assert.ok(requests.at(-1)?.how.forceNewSession);
  });

  it('uses the GitHub App where one is set up, also in the background', async () => {
    const auth = await session({ appId: '7', key: 'pem' }).auth({ quiet: true, needs: ['workflow'] });
    assert.deepEqual(auth, { type: 'app', appId: '7', privateKey: 'pem' });
    await assert.rejects(session({ appId: '7' }).auth(), /has no private key here/);
    assert.deepEqual(requests, []);
  });

  it('gives no token of another server away', async () => {
    const workspace = vscode.workspace as { getConfiguration: unknown };
    const configuration = workspace.getConfiguration;
    let uri: unknown = 'https://github.example.com/';
    workspace.getConfiguration = () => ({ get: () => uri });
    try {
      present = ['repo'];
      await session({ apiUrl: 'https://github.example.com/api/v3' }).auth();
      uri = 'https://octo.ghe.com';
      await session({ apiUrl: 'https://api.octo.ghe.com' }).auth();
      assert.deepEqual([...new Set(requests.map(({ provider }) => provider))], ['github-enterprise']);
      for (const apiUrl of ['https://github.example.com/api/v3', 'https://api.evil.ghe.com']) {
        requests = [];
        await assert.rejects(session({ apiUrl }).auth(), /setting github-enterprise\.uri/);
        assert.deepEqual(requests, []);
      }
    } finally {
      workspace.getConfiguration = configuration;
    }
  });
});
