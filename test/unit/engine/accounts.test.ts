import assert from 'node:assert/strict';
import type { ModelProfile, ProfileId } from '../../../src/core/domain.ts';
import { Accounts } from '../../../src/core/engine/accounts.ts';
import { createProvider } from '../../../src/core/providers/createProvider.ts';
import { TestEngine } from '../../support/testEngine.ts';
import { answer, ScriptedProvider } from '../agent/support/scriptedProvider.ts';
import { chunk, stream } from '../providers/chatStream.ts';
import { listen, type Received } from '../providers/wire.ts';

describe('An account', () => {
  it('has one gate and one provider, until its key or its address changes', async () => {
    let made = 0;
    const accounts = new Accounts(async () => {
      made++;
      return new ScriptedProvider(answer('Done.'));
    });
    const [one, same] = await Promise.all([
      accounts.get('openai', { apiKey: 'a' }),
      accounts.get('openai', { apiKey: 'a', baseUrl: '' }),
    ]);
    assert.equal(one, same);
    const others = await Promise.all([
      accounts.get('openai', { apiKey: 'b' }),
      accounts.get('openai', { apiKey: 'a', baseUrl: 'http://localhost' }),
      accounts.get('anthropic', { apiKey: 'a' }),
    ]);
    assert.equal(new Set([one, ...others].flatMap(({ gate, provider }) => [gate, provider])).size, 8);
    assert.equal(made, 4);
  });

  it('whose provider could not be made is tried again', async () => {
    let tries = 0;
    const accounts = new Accounts(async () => {
      if (++tries === 1) throw new Error('no');
      return new ScriptedProvider(answer('Done.'));
    });
    const account = { apiKey: 'a' };
    const first = await Promise.allSettled([accounts.get('openai', account), accounts.get('openai', account)]);
    assert.deepEqual(
      first.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await accounts.get('openai', account);
    assert.equal(tries, 2);
  });
});

describe('Runs at a service that refuses some of what it is asked', function () {
  this.timeout(30_000);
  let test: TestEngine;
  let close: () => Promise<void>;
  afterEach(() => Promise.all([test.dispose(), close()]));

  /** Two rounds with one model of a Chat Completions service; `refuse` says why it refuses a body. Answers with the bodies. */
  async function twoRounds(refuse: (body: string) => string | undefined, finish: object) {
    const server = await listen((_request, response) => {
      const message = refuse(JSON.stringify((server.received.at(-1) as Received).body));
      response.writeHead(message ? 400 : 200, message ? { 'content-type': 'application/json' } : stream);
      response.end(message ? JSON.stringify({ error: { message } }) : chunk(finish, 'stop'));
    });
    close = server.close;
    const provider = 'openai-compatible';
    const profile: ModelProfile = {
      id: 'local' as ProfileId,
      provider,
      model: 'gemma',
      label: 'Gemma',
      baseUrl: `${server.url}/v1`,
      options: { temperature: 0.5 },
    };
    test = new TestEngine({}, { createProvider });
    for (const message of ['Go', 'Again']) {
      const [run] = test.runs(await test.round(message, [], { profiles: [profile] }));
      assert.equal(run?.state.status, 'succeeded', JSON.stringify(run?.state));
    }
    return server.received.map(({ body }) => body as { temperature?: number; tools?: unknown[] });
  }

  it('learn it from each other', async () => {
    const bodies = await twoRounds(
      (body) => (body.includes('"temperature"') ? "Unsupported value: 'temperature' is not supported." : undefined),
      { content: 'There is nothing to do.' },
    );
    assert.deepEqual(
      bodies.map(({ temperature }) => temperature),
      [0.5, undefined, undefined],
    );
  });

  it('finish in text where the model has no tools, and are asked so at once afterwards', async () => {
    const content = 'All done.\n<call tool="finish">\n{"summary": "Nothing to do."}\n</call>\n';
    const bodies = await twoRounds(
      (body) => (body.includes('"tools"') ? 'registry.ollama.ai/library/gemma:2b does not support tools' : undefined),
      { content },
    );
    assert.deepEqual(
      bodies.map(({ tools }) => tools !== undefined),
      [true, false, false],
    );
  });
});
