import assert from 'node:assert/strict';
import type { ModelProfile, Run, RunId, TokenUsage } from '../../../src/core/domain.ts';
import { noUsage } from '../../../src/core/domain.ts';
import type { EngineSettings } from '../../../src/core/engine/engineHost.ts';
import { RunCosts } from '../../../src/vscode/runCosts.ts';

const million: TokenUsage = { ...noUsage, input: 1_000_000 };
const runsOf = (profile: Partial<ModelProfile>, usage = million) =>
  [{ id: 'r', profile, usage }] as unknown as readonly Run[];
const claude = { provider: 'anthropic', model: 'claude-opus-4-1' } as const;
const run = 'r' as RunId;

/** The cost of the run, once its price is there. */
async function costOf(runs: readonly Run[], baseUrls: EngineSettings['baseUrls'] = {}) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const costs = new RunCosts({ engine: { baseUrls } as EngineSettings }, resolve);
  assert.deepEqual(costs.of(runs), {}, 'no price is there yet');
  await promise;
  return costs.of(runs)[run];
}

describe('the costs that the task view shows', () => {
  it('come when the price is there, and are those of the list', async () => {
    assert.deepEqual(await costOf(runsOf(claude)), { dollars: 15 });
  });

  it('are local for a server on this machine', async () => {
    const profile = { provider: 'openai-compatible', model: 'm', baseUrl: 'http://localhost:1/v1' } as const;
    assert.equal(await costOf(runsOf(profile)), 'local');
  });

  it('are not there for a run whose usage nobody knows, for no runs, and for a gateway', async () => {
    const settings = { engine: { baseUrls: { anthropic: 'https://gateway.example' } } as EngineSettings };
    const known = Promise.withResolvers<void>();
    const costs = new RunCosts(settings, known.resolve);
    assert.deepEqual(costs.of([]), {});
    assert.deepEqual(costs.of(runsOf(claude, noUsage)), {});
    costs.of(runsOf(claude));
    costs.of(runsOf({ provider: 'openai', model: 'gpt-4.1' }));
    await known.promise;
    assert.deepEqual(costs.of(runsOf(claude)), {});
  });
});
