import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canCallTools, findLocalServers } from '../../../src/vscode/localServers.ts';

const never = new AbortController().signal;

describe('servers on this machine', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }
  const sending =
    (body: string, status = 200): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);

  it('are offered when they list models', async () => {
    const asked: unknown[] = [];
    const baseUrl = await serve((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'qwen3:8b' }, { id: 'llama3.1:8b' }] }));
    });
    const found = await findLocalServers([{ name: 'Ollama', baseUrl }], never);
    assert.deepEqual(found, [{ name: 'Ollama', baseUrl, models: ['qwen3:8b', 'llama3.1:8b'] }]);
    assert.deepEqual(asked, ['/v1/models', undefined]);
  });

  it('are not offered when something else answers, or nothing', async () => {
    const others = await Promise.all([
      serve(sending('<html>a web server</html>')),
      serve(sending('{"data":[]}')),
      serve(sending('{"data":"none"}')),
      serve(sending('[{"id":"x"}]')),
      serve(sending('{"data":[{"id":"x"}]}', 401)),
      serve((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
      serve((_request, response) => response.end(`{"data":[{"id":"${'x'.repeat(3_000_000)}"}]}`)),
    ]);
    const gone = await serve(sending('{"data":[{"id":"x"}]}'));
    const last = servers.pop();
    await new Promise((resolve) => last?.close(resolve));
    const tried = [...others, gone].map((baseUrl) => ({ name: baseUrl, baseUrl }));
    assert.deepEqual(await findLocalServers(tried, never), []);
  });

  it('are not waited for once nobody wants them', async () => {
    const stop = new AbortController();
    const baseUrl = await serve(() => stop.abort());
    assert.deepEqual(await findLocalServers([{ name: 'silent', baseUrl }], stop.signal), []);
  });

  it('say whether a model can call tools, where they know', async () => {
    const asked: unknown[] = [];
    const ollama = await serve((request, response) => {
      const chunks: Uint8Array[] = [];
      request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      request.on('end', () => {
        const { model } = JSON.parse(Buffer.concat(chunks).toString()) as { model: string };
        asked.push(request.url, model);
        response.end(JSON.stringify({ capabilities: model === 'able' ? ['completion', 'tools'] : ['completion'] }));
      });
    });
    assert.equal(await canCallTools(ollama, 'able', never), true);
    assert.equal(await canCallTools(ollama, 'unable', never), false);
    assert.deepEqual(asked, ['/api/show', 'able', '/api/show', 'unable']);
    assert.equal(await canCallTools(await serve(sending('{}', 404)), 'any', never), undefined);
  });
});
