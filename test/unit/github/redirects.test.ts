import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ObjectName } from '../../../src/core/domain.ts';
import { attempt, CutAnswer } from '../../../src/core/github/attempt.ts';
import { connect } from '../../../src/core/github/auth.ts';
import { describeFailure } from '../../../src/core/github/jobLogs.ts';
import { token } from './prepareOrder.ts';
import { appId, appKey, repository } from './standIn.ts';

const { signal } = new AbortController();
const place = { owner: 'octocat', repo: 'hello-world' };

interface Said {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('redirects of GitHub', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(answer: (line: string, response: ServerResponse) => void) {
    const said: Said[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const line = `${request.method} ${request.url}`;
      said.push({ line, headers: request.headers, body });
      answer(line, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { said, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
  const json = (response: ServerResponse, body: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const client = (url: string) => connect(token, url, repository, signal);

  it('to where logs are kept take no token along', async () => {
    const logs = await serve((_line, response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('no\n'),
    );
    const github = await serve((line, response) => {
      if (/\/annotations/.test(line)) json(response, []);
      else response.writeHead(302, { location: `${logs.url}/log?sig=1` }).end();
    });
    const octokit = await client(github.url);
    const check = { name: 'test', result: 'failed', title: '', summary: '', run: { id: 7, isJob: true } } as const;
    const text = await describeFailure({ octokit, repository, number: 1 }, check, signal);
    assert.equal(text, 'no');
    assert.deepEqual(
      logs.said.map(({ line, headers }) => [line, headers.authorization]),
      [['GET /log?sig=1', undefined]],
    );
    assert.match(github.said.at(-1)?.headers.authorization ?? '', /^token /);
  });

  it('of a repository that was renamed are followed, with what is written', async () => {
    const github = await serve((line, response) => {
      if (line.includes('/repos/')) response.writeHead(307, { location: `/repositories/1${line.slice(-10)}` }).end();
      else json(response, { sha: '0'.repeat(40) });
    });
    const octokit = await client(github.url);
    await attempt(
      (request) => octokit.git.createBlob({ ...place, content: 'eA==', encoding: 'base64', request }),
      signal,
    );
    const [first, second] = github.said;
    assert.equal(second?.line, 'POST /repositories/1/git/blobs');
    assert.deepEqual([second?.body, second?.headers.authorization], [first?.body, first?.headers.authorization]);
  });

  it('of a renamed repository let an App sign in for the one that it is now', async () => {
    const github = await serve((line, response) => {
      if (line === 'GET /repos/octocat/hello-world/installation')
        return response.writeHead(301, { location: '/repositories/42/installation' }).end();
      const permissions = { contents: 'write', pull_requests: 'write' };
      if (line.endsWith('/installation')) return json(response, { id: 1, permissions });
      return json(response, { token: 'ghs_x', expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    });
    await connect({ type: 'app', appId, privateKey: appKey }, github.url, repository, signal);
    const { repository_ids, repositories } = JSON.parse(github.said.at(-1)?.body ?? '');
    assert.deepEqual([repository_ids, repositories], [[42], undefined]);
  });

  it('to elsewhere get nothing of what is written', async () => {
    const other = await serve((_line, response) => json(response, { sha: '0'.repeat(40) as ObjectName }));
    const github = await serve((_line, response) => response.writeHead(307, { location: `${other.url}/x` }).end());
    const octokit = await client(github.url);
    await assert.rejects(
      attempt((request) => octokit.git.createBlob({ ...place, content: 'eA==', encoding: 'base64', request }), signal),
      CutAnswer,
    );
    assert.deepEqual(other.said, []);
  });
});
