import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { UserError } from '../../../src/core/problem.ts';
import { answering, listen, providerAt, secretKey } from './wire.ts';

const never = new AbortController().signal;

function json(pages: (url: URL) => unknown) {
  return listen((request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(pages(new URL(request.url ?? '', 'http://localhost'))));
  });
}

describe('the list of models', () => {
  it('of openai has what can hold a conversation, newest first', async () => {
    const models = ['gpt-4.1', 'text-embedding-3-small', 'gpt-5.1-codex', 'whisper-1', 'gpt-image-1', 'gpt-realtime'];
    const server = await json(() => ({ object: 'list', data: models.map((id, created) => ({ id, created })) }));
    const listed = await (await providerAt('openai', server.url)).listModels(never);
    assert.deepEqual(
      listed.map((model) => model.id),
      ['gpt-5.1-codex', 'gpt-4.1'],
    );
    assert.equal(server.received[0]?.url, '/v1/models');
    await server.close();
  });

  it('of anthropic is read page by page', async () => {
    const older = { id: 'claude-a', display_name: 'Claude A', created_at: '2025-01-01T00:00:00Z' };
    const newer = { id: 'claude-b', display_name: 'Claude B', created_at: '2026-01-01T00:00:00Z' };
    const server = await json((url) =>
      url.searchParams.has('after_id')
        ? { data: [newer], has_more: false, first_id: 'claude-b', last_id: 'claude-b' }
        : { data: [older], has_more: true, first_id: 'claude-a', last_id: 'claude-a' },
    );
    const listed = await (await providerAt('anthropic', server.url)).listModels(never);
    assert.deepEqual(listed, [
      { id: 'claude-b', label: 'Claude B' },
      { id: 'claude-a', label: 'Claude A' },
    ]);
    await server.close();
  });

  it('of google has what generates content, and carries the key in a header', async () => {
    const model = (name: string, method: string) => ({
      name: `models/${name}`,
      displayName: name.toUpperCase(),
      supportedGenerationMethods: [method],
    });
    const server = await json((url) =>
      url.searchParams.has('pageToken')
        ? { models: [model('gemini-3-pro', 'generateContent')] }
        : { models: [model('gemini-2.5-pro', 'generateContent'), model('aqa', 'answer')], nextPageToken: 'next' },
    );
    const listed = await (await providerAt('google', server.url)).listModels(never);
    assert.deepEqual(listed, [
      { id: 'gemini-2.5-pro', label: 'GEMINI-2.5-PRO' },
      { id: 'gemini-3-pro', label: 'GEMINI-3-PRO' },
    ]);
    assert.equal(server.received[0]?.headers['x-goog-api-key'], secretKey);
    assert.ok(!server.received[0]?.url.includes(secretKey));
    await server.close();
  });

  it('says what is wrong when the key is', async () => {
    for (const id of ['openai', 'anthropic', 'google'] as const) {
      const server = await answering(401, '{"error":{"message":"no"}}');
      const listing = (await providerAt(id, server.url)).listModels(never);
      await assert.rejects(listing, (error) => error instanceof UserError && error.problem.code === 'authentication');
      await server.close();
    }
  });
});
