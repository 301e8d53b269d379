import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { UserError } from '../../../src/core/problem.ts';
import { beginnings } from './answers.ts';
import { answering, collect, listen, providerAt, requestOf, secretKey, serviceIds, user } from './wire.ts';

const never = new AbortController().signal;

function begin(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(text);
}

for (const id of serviceIds) {
  describe(`the connection to ${id}`, () => {
    it('is closed at once when the run is stopped, also when the server has stalled', async () => {
      const closed = Promise.withResolvers<void>();
      const server = await listen((request, response) => {
        request.socket.once('close', () => closed.resolve());
        begin(response, beginnings[id]);
      });
      const abort = new AbortController();
      let stoppedAt = 0;
      let last = '';
      for await (const event of (await providerAt(id, server.url)).stream(requestOf(id, user('hi')), abort.signal)) {
        if (event.type === 'text') {
          setTimeout(() => {
            stoppedAt = Date.now();
            abort.abort();
          }, 20);
        }
        last = event.type === 'end' ? event.reason : event.type;
      }
      assert.equal(last, 'aborted');
      assert.ok(Date.now() - stoppedAt < 500);
      await closed.promise;
      await server.close();
    });

    it('is closed when the run is stopped before the server says anything', async () => {
      const asked = Promise.withResolvers<void>();
      const closed = Promise.withResolvers<void>();
      const server = await listen((request) => {
        request.socket.once('close', () => closed.resolve());
        asked.resolve();
      });
      const abort = new AbortController();
      const answer = collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), abort.signal));
      await asked.promise;
      abort.abort();
      assert.equal((await answer).end.reason, 'aborted');
      await closed.promise;
      await server.close();
    });

    it('is closed when nobody reads on', async () => {
      const closed = Promise.withResolvers<void>();
      const server = await listen((request, response) => {
        request.socket.once('close', () => closed.resolve());
        begin(response, beginnings[id]);
      });
      for await (const event of (await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never)) {
        assert.deepEqual(event, { type: 'text', text: 'Hi' });
        break;
      }
      await closed.promise;
      await server.close();
    });

    it('that breaks in the middle is a network failure worth another try', async () => {
      const server = await listen((request, response) => {
        begin(response, beginnings[id]);
        setTimeout(() => request.socket.destroy(), 20);
      });
      const { failure, text } = await collect(
        (await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never),
      );
      assert.equal(text, 'Hi');
      assert.equal(failure?.problem.code, 'network', JSON.stringify(failure));
      assert.match(failure?.problem.message ?? '', /broke off/);
      assert.equal(failure?.retryable, true);
      await server.close();
    });

    it('that ends without a last event is a network failure too', async () => {
      const server = await answering(200, beginnings[id], { 'content-type': 'text/event-stream' });
      const { failure } = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
      assert.equal(failure?.problem.code, 'network');
      assert.match(failure?.problem.message ?? '', /broke off/);
      await server.close();
    });

    it('that is refused is a network failure', async () => {
      const server = await answering(200, '');
      await server.close();
      const { failure } = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
      assert.equal(failure?.problem.code, 'network', JSON.stringify(failure));
      assert.match(failure?.problem.message ?? '', /can't be reached/);
      assert.equal(failure?.retryable, true);
    });

    it('that leads to a web page gives an answer that cannot be read', async () => {
      const server = await answering(200, '<html>Welcome</html>', { 'content-type': 'text/html' });
      const { failure } = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
      assert.equal(failure?.problem.code, 'malformed-answer', JSON.stringify(failure));
      await server.close();
    });

    it('goes where the account says and not where the environment says', async () => {
      const server = await answering(401, '{"error":{"message":"no"}}');
      const set = {
        OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
        OPENAI_API_KEY: 'from-environment',
        OPENAI_ADMIN_KEY: 'from-environment',
        OPENAI_ORG_ID: 'from-environment',
        OPENAI_CUSTOM_HEADERS: 'Authorization: Bearer from-environment',
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
        ANTHROPIC_API_KEY: 'from-environment',
        ANTHROPIC_AUTH_TOKEN: 'from-environment',
        ANTHROPIC_CUSTOM_HEADERS: 'X-Api-Key: from-environment\nAuthorization: Bearer from-environment',
      };
      const before = { ...process.env };
      Object.assign(process.env, set);
      try {
        await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
      } finally {
        for (const name of Object.keys(set)) {
          delete process.env[name];
          if (before[name] !== undefined) {
            process.env[name] = before[name];
          }
        }
      }
      const headers = JSON.stringify(server.received[0]?.headers);
      assert.ok(headers.includes(secretKey));
      assert.ok(!headers.includes('from-environment'), headers);
      await server.close();
    });

    it('never shows the key in a failure', async () => {
      const echo = `Incorrect API key provided: ${secretKey}. Also sk-abc***wxyz, Bearer ${secretKey}, ?key=${secretKey}`;
      for (const status of [400, 401, 403, 404, 429, 500, 529]) {
        const server = await answering(status, JSON.stringify({ error: { message: echo, type: secretKey } }));
        const provider = await providerAt(id, server.url);
        const { failure } = await collect(provider.stream(requestOf(id, user('hi')), never));
        assert.ok(failure);
        const listing = await provider.listModels(never).then(
          () => undefined,
          (error: unknown) => error,
        );
        assert.ok(listing instanceof UserError);
        const shown = JSON.stringify([failure, listing.problem, listing.message]);
        assert.ok(!shown.includes(secretKey) && !shown.includes('wxyz'), shown);
        assert.match(failure.problem.detail ?? '', /Incorrect API key/);
        await server.close();
      }
    });

    it('is not made with a key that no header can carry', async () => {
      const server = await answering(200, '');
      const provider = await providerAt(id, server.url, 'sk-two\nlines-of-key');
      const { failure } = await collect(provider.stream(requestOf(id, user('hi')), never));
      assert.equal(failure?.problem.code, 'authentication');
      assert.ok(!JSON.stringify(failure).includes('lines-of-key'));
      assert.equal(server.received.length, 0);
      await server.close();
    });

    it('lets a listing be stopped', async () => {
      const server = await listen(() => {});
      const abort = new AbortController();
      const listing = (await providerAt(id, server.url)).listModels(abort.signal);
      setTimeout(() => abort.abort(), 20);
      await assert.rejects(listing, { name: 'AbortError' });
      await server.close();
    });
  });
}

describe('an error in the middle of a stream', () => {
  it('is read as what Anthropic says it is', async () => {
    const error = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
    const server = await answering(200, beginnings.anthropic + error, { 'content-type': 'text/event-stream' });
    const provider = await providerAt('anthropic', server.url);
    const { failure, end } = await collect(provider.stream(requestOf('anthropic', user('hi')), never));
    assert.equal(failure?.problem.code, 'overloaded');
    assert.equal(failure?.retryable, true);
    assert.equal(end.usage.input, 9);
    await server.close();
  });

  for (const [form, data] of Object.entries({
    event: { type: 'error', code: 'rate_limit_exceeded', message: 'Please try again in 1.5s.' },
    wrapped: { type: 'error', error: { code: 'rate_limit_exceeded', message: 'Please try again in 1.5s.' } },
    'failed response': {
      type: 'response.failed',
      response: { error: { code: 'rate_limit_exceeded', message: 'Please try again in 1.5s.' } },
    },
  })) {
    it(`is read as what OpenAI says it is, as ${form}`, async () => {
      const body = `${beginnings.openai}data: ${JSON.stringify(data)}\n\n`;
      const server = await answering(200, body, { 'content-type': 'text/event-stream' });
      const provider = await providerAt('openai', server.url);
      const { failure } = await collect(provider.stream(requestOf('openai', user('hi')), never));
      assert.equal(failure?.problem.code, 'rate-limited', JSON.stringify(failure));
      assert.equal(failure?.retryAfterMs, 1500);
      await server.close();
    });
  }
});
