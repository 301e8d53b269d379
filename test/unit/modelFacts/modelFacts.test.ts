import assert from 'node:assert/strict';
import { modelFacts } from '../../../src/core/modelFacts/modelFacts.ts';
import { costOf, type Price } from '../../../src/core/modelFacts/price.ts';

const price: Price = {
  inputPerMillion: 3,
  cachedInputPerMillion: 0.3,
  cacheWritePerMillion: 3.75,
  outputPerMillion: 15,
};
const usage = { input: 1_000_000, cachedInput: 400_000, cacheWrite: 100_000, output: 200_000, reasoning: 50_000 };

describe('facts about models', () => {
  it('knows the price and the length of a provider’s model, also under a dated name', async () => {
    for (const model of ['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929']) {
      const facts = await modelFacts({ provider: 'anthropic', model });
      assert.deepEqual(facts?.price, { ...price, risesAbove: 200_000 });
      assert.ok((facts?.contextTokens ?? 0) >= 200_000);
    }
  });

  it('knows nothing of a model that nobody has heard of, and of VS Code’s own', async () => {
    assert.equal(await modelFacts({ provider: 'openai', model: 'no-such-model' }), undefined);
    assert.equal(await modelFacts({ provider: 'vscode', model: 'copilot/gpt-5' }), undefined);
  });

  it('knows the prices of services that are in the catalogue by their address', async () => {
    const place = { provider: 'openai-compatible', model: 'anthropic/claude-sonnet-4.5' } as const;
    const facts = await modelFacts({ ...place, baseUrl: 'https://openrouter.ai/api/v1' });
    assert.deepEqual(facts?.price, { ...price, risesAbove: 200_000 });
  });

  it('says no price of a known model at an unknown service', async () => {
    const baseUrl = 'https://gateway.example.com/v1';
    for (const provider of ['openai', 'openai-compatible'] as const) {
      const facts = await modelFacts({ provider, model: 'gpt-5', baseUrl });
      assert.equal(facts?.price, undefined, provider);
      assert.ok(facts?.contextTokens, provider);
    }
  });

  it('calls a server on this machine local, and claims nothing of one in the same network', async () => {
    const place = { provider: 'openai-compatible', model: 'gpt-5' } as const;
    assert.deepEqual(await modelFacts({ ...place, baseUrl: 'http://localhost:11434/v1' }), { price: 'local' });
    assert.equal(await modelFacts({ ...place, baseUrl: 'http://192.168.1.7:11434/v1' }), undefined);
  });
});

describe('the cost of a run', () => {
  it('has its own price for what is read from the cache and what is written to it', () => {
    assert.deepEqual(costOf(usage, price), { dollars: 1.5 + 0.12 + 0.375 + 3 });
  });

  it('takes the price of other input where the cache has none', () => {
    assert.deepEqual(costOf(usage, { inputPerMillion: 3, outputPerMillion: 15 }), { dollars: 6 });
  });

  it('is a least cost where requests may have been so long that they cost more', () => {
    assert.deepEqual(costOf(usage, { ...price, risesAbove: 200_000 }), { dollars: 4.995, isLeast: true });
    assert.deepEqual(costOf(usage, { ...price, risesAbove: 1_000_000 }), { dollars: 4.995 });
  });

  it('is local on a server of one’s own', () => assert.equal(costOf(usage, 'local'), 'local'));
});
