import assert from 'node:assert/strict';
import { GitHubClients } from '../../../src/core/engine/gitHubClients.ts';
import type { GitHubAuth } from '../../../src/core/github/auth.ts';
import type { SignInNeed } from '../../../src/core/pullRequest.ts';
import { type GitHubServer, startGitHubServer, userToken } from '../../support/gitHubServer/gitHubServer.ts';
import { testSettings } from '../../support/testEngine.ts';

const { signal } = new AbortController();
const place = { owner: 'octocat', name: 'app' };

describe('clients of GitHub', () => {
  let server: GitHubServer;
  let auth: GitHubAuth;
  let clients: GitHubClients;
  const asked: ({ needs?: readonly SignInNeed[]; quiet?: boolean } | undefined)[] = [];
  beforeEach(async () => {
    server = await startGitHubServer({ repositories: [place, { owner: 'octocat', name: 'other' }] });
    auth = { type: 'app', appId: server.appId, privateKey: server.appKey };
    asked.length = 0;
    clients = new GitHubClients({
      settings: () => ({ ...testSettings, gitHubApiUrl: server.url }),
      gitHubAuth: async (_signal, how) => {
        asked.push(how);
        return auth;
      },
    });
  });
  afterEach(() => server.stop());
  const tokensMade = () => server.heard.filter(({ path }) => path.endsWith('/access_tokens')).length;

  it('are kept for the same repository and sign-in, and made anew for another', async () => {
    const first = await clients.for(place, { signal });
    assert.equal(await clients.for({ ...place, remote: 'origin' }, { signal, quiet: true }), first);
    assert.equal(tokensMade(), 1);
    assert.deepEqual(asked, [
      { needs: [], quiet: false },
      { needs: [], quiet: true },
    ]);
    assert.notEqual(await clients.for({ ...place, name: 'other' }, { signal }), first);
    assert.notEqual(await clients.for(place, { signal, wants: { checks: 'read' } }), first);
    assert.equal(tokensMade(), 3);
    auth = { type: 'token', token: async () => userToken };
    const user = await clients.for(place, { signal });
    assert.notEqual(user, first);
    assert.equal((await user.users.getAuthenticated()).data.login, 'octocat');
    assert.equal(await clients.for(place, { signal }), user);
  });

  it('are tried again where signing in failed', async () => {
    server.fault({ path: /\/installation$/, times: 1, answer: { status: 403, body: { message: 'No.' } } });
    await assert.rejects(clients.for(place, { signal }), { name: 'UserError' });
    await clients.for(place, { signal });
  });

  it('are never of another GitHub than the one that dursor is set up for', async () => {
    await clients.for(place, { signal, apiUrl: `${server.url}/` });
    asked.length = 0;
    await assert.rejects(clients.for(place, { signal, apiUrl: 'https://ghe.example.com/api/v3' }), {
      message: /is at https:\/\/ghe\.example\.com\/api\/v3, and dursor is set up for another GitHub/,
    });
    assert.deepEqual(asked, []);
  });
});
