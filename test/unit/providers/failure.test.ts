import assert from 'node:assert/strict';
import { failureOf } from '../../../src/core/providers/classify.ts';
import { redact } from '../../../src/core/providers/redact.ts';
import { answering, collect, providerAt, requestOf, type ServiceId, user } from './wire.ts';

const never = new AbortController().signal;
const asked = { provider: 'openai', apiKey: 'sk-0123456789', model: 'gpt-5' } as const;

/** How an error with this status and body is understood, over real HTTP. */
async function answeredWith(id: ServiceId, status: number, error: unknown, headers = {}) {
  const server = await answering(status, JSON.stringify({ error }), headers);
  const { failure } = await collect((await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never));
  await server.close();
  return failure;
}

describe('a failure of a provider', () => {
  it('that is an empty account is not tried again', async () => {
    const failure = await answeredWith('openai', 429, {
      code: 'insufficient_quota',
      message: 'You exceeded your quota',
    });
    assert.equal(failure?.problem.code, 'rate-limited');
    assert.equal(failure?.retryable, false);
    assert.match(failure?.problem.message ?? '', /no quota left/);
    const credit = { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API' };
    assert.match((await answeredWith('anthropic', 400, credit))?.problem.message ?? '', /no quota left/);
    const daily = {
      status: 'RESOURCE_EXHAUSTED',
      message: 'Quota exceeded',
      details: [
        { violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] },
        { retryDelay: '9s' },
      ],
    };
    assert.equal((await answeredWith('google', 429, daily))?.retryable, false);
  });

  it('tells how long to wait, in each way that providers have', async () => {
    const limit = { type: 'rate_limit_error', message: 'Slow down' };
    assert.equal((await answeredWith('openai', 429, limit, { 'retry-after-ms': '250' }))?.retryAfterMs, 250);
    assert.equal((await answeredWith('anthropic', 529, limit, { 'retry-after': '7' }))?.retryAfterMs, 7000);
    const said = { message: 'Rate limit reached. Please try again in 1.25s.' };
    assert.equal((await answeredWith('openai', 429, said))?.retryAfterMs, 1250);
    const long = { message: 'Rate limit reached. Please try again in 1m2.5s. Visit the limits page.' };
    assert.equal((await answeredWith('openai', 429, long))?.retryAfterMs, 62_500);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const wait = (await answeredWith('openai', 503, limit, { 'retry-after': date }))?.retryAfterMs ?? 0;
    assert.ok(wait > 55_000 && wait <= 60_000);
  });

  it('says when the conversation got too long for the model', async () => {
    const openai = { code: 'context_length_exceeded', message: 'Your input exceeds the context window of this model.' };
    const anthropic = { type: 'invalid_request_error', message: 'prompt is too long: 207000 tokens > 200000 maximum' };
    const google = {
      status: 'INVALID_ARGUMENT',
      message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    };
    assert.equal((await answeredWith('openai', 400, openai))?.problem.code, 'context-too-long');
    assert.equal((await answeredWith('anthropic', 400, anthropic))?.problem.code, 'context-too-long');
    assert.equal((await answeredWith('google', 400, google))?.problem.code, 'context-too-long');
  });

  it('knows a wrong key by any of its names', async () => {
    const google = {
      status: 'INVALID_ARGUMENT',
      message: 'API key not valid. Please pass a valid API key.',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
    };
    const failure = await answeredWith('google', 400, google);
    assert.deepEqual(failure?.problem.action, { type: 'set-key', provider: 'google' });
    assert.equal(failure?.problem.message, 'Google refused the API key. Set a new key and run again.');
    const anthropic = { type: 'authentication_error', message: 'invalid x-api-key' };
    assert.equal((await answeredWith('anthropic', 401, anthropic))?.problem.code, 'authentication');
  });

  it('names the model that is not there, or not allowed', async () => {
    const missing = await answeredWith('anthropic', 404, { type: 'not_found_error', message: 'model: claude-x' });
    assert.equal(missing?.problem.code, 'model-not-found');
    assert.match(missing?.problem.message ?? '', /claude-sonnet-4-5/);
    const forbidden = await answeredWith('openai', 403, { message: 'Country not supported' });
    assert.equal(forbidden?.problem.code, 'permission');
    const hidden = await answeredWith('openai', 403, { code: 'model_not_found', message: 'Project has no access' });
    assert.equal(hidden?.problem.code, 'model-not-found');
  });

  it('is read from an error of the network, however deep it lies', () => {
    const code = (error: unknown) => failureOf(error, asked).problem.code;
    const behind = (cause: object) => new TypeError('fetch failed', { cause: Object.assign(new Error('x'), cause) });
    assert.equal(code(behind({ code: 'ENOTFOUND' })), 'network');
    assert.equal(code(behind({ code: 'EAI_AGAIN' })), 'network');
    assert.equal(code(behind({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })), 'network');
    assert.equal(code(behind({ code: 'UND_ERR_HEADERS_TIMEOUT' })), 'timeout');
    assert.equal(code(new Error('Request timed out.')), 'timeout');
    assert.equal(code(new SyntaxError('Unexpected token')), 'malformed-answer');
  });

  it('at a local address says what usually listens there', () => {
    const refused = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
    const said = (service: string) =>
      failureOf(refused, { provider: 'openai-compatible', apiKey: '', service }).problem.message;
    assert.match(
      said('localhost:11434'),
      /^localhost:11434 can't be reached: .* Is Ollama, or what you run there, running\?/,
    );
    assert.match(said('localhost:1'), /Is the server running\?/);
    // The others are services: their users can't start them.
    assert.match(said('api.example.com'), /^api\.example\.com can't be reached\. Check the network/);
    assert.match(failureOf(refused, asked).problem.message, /^OpenAI can't be reached\. Check the network/);
  });

  it('says that a model lacks tools, so that it can be given none', () => {
    for (const message of [
      'registry.ollama.ai/library/gemma:2b does not support tools',
      'No endpoints found that support tool use.',
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      'Function calling is not enabled for models/gemma-3-27b-it',
      '`tool calling` is not supported with this model',
    ]) {
      const failure = failureOf({ status: 400, error: { message } }, { ...asked, provider: 'openai-compatible' });
      assert.deepEqual([failure.lacksTools, failure.retryable], [true, false]);
    }
  });

  it('that is a bug of ours is not blamed on the provider', () => {
    const { problem, retryable } = failureOf(new TypeError('x is not a function'), asked);
    assert.equal(problem.code, 'internal');
    assert.equal(retryable, false);
  });
});

describe('a key', () => {
  it('is taken out of a text in every form it may have', () => {
    const key = 'a"key/with+signs';
    for (const form of [key, encodeURIComponent(key), JSON.stringify(key)]) {
      assert.ok(!redact(`before ${form} after`, key).includes(form.slice(1, -1)));
    }
    const other = 'Bearer abc.def, sk-proj-Ab_1**xyz, AIzaSyA0123456789abcdef, ?key=zzz, "x-api-key": "yyy"';
    assert.doesNotMatch(redact(other, ''), /abc|xyz|AIza|zzz|yyy/);
    assert.equal(redact('The task-list is short.', ''), 'The task-list is short.');
  });
});
