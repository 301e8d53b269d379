import assert from 'node:assert/strict';
import { type CorporateNetwork, canMakeCertificates, startCorporateNetwork } from '../support/corporateNetwork.ts';
import { type GitHubServer, startGitHubServer } from '../support/gitHubServer/gitHubServer.ts';
import { openTestWindow, type TestWindow } from '../support/testWindow.ts';

describe('behind a proxy with certificates of its own', function () {
  this.timeout(120_000);
  let server: GitHubServer;
  let network: CorporateNetwork;
  let test: TestWindow;

  before(async function () {
    if (!canMakeCertificates()) this.skip();
    server = await startGitHubServer();
    network = await startCorporateNetwork('api.github.com', server.url);
    test = await openTestWindow(({ sample, settings, environment }) => {
      server.world.addRepository({ owner: 'octocat', name: 'upload-queue', from: sample.folder });
      const { 'dursor.github.apiUrl': _, ...usual } = settings;
      return {
        settings: { ...usual, 'dursor.github.appId': server.appId, 'http.proxy': network.proxyUrl },
        environment: {
          ...environment,
          DURSOR_GITHUB_APP_PRIVATE_KEY: server.appKey,
          // Where Node looks for what the system trusts, as VS Code does.
          SSL_CERT_FILE: network.authority,
        },
      };
    });
  });
  after(async () => {
    await test?.close();
    await network?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  it('opens a pull request by the proxy of VS Code’s settings, and trusts what the system trusts', async () => {
    await test.dursor.open();
    await test.dursor.run('Note what you see', ['anthropic']);
    await test.dursor.untilEnded();
    await test.dursor.writePullRequest(0);
    const { number } = await test.dursor.submitPullRequest(0);
    const [pull] = server.pulls('octocat', 'upload-queue');
    assert.equal(pull?.number, number);
    assert.ok(network.asked.includes('api.github.com:443'));
  });
});
