import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { ModelProfile, ProfileId } from '../../../src/core/domain.ts';
import { Secrets } from '../../../src/vscode/secrets.ts';

/** SecretStorage in memory. */
function storage(): vscode.SecretStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    keys: async () => [...kept.keys()],
    get: async (key) => kept.get(key),
    store: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
    onDidChange: () => ({ dispose: () => {} }),
  };
}

const at = (baseUrl: string, id = 'a'): ModelProfile => ({
  id: id as ProfileId,
  provider: 'openai-compatible',
  model: 'm',
  label: 'M',
  baseUrl,
  options: {},
});
const openai: ModelProfile = { id: 'a' as ProfileId, provider: 'openai', model: 'm', label: 'M', options: {} };

describe('keys', () => {
  it('of a service go to no other address, and to no other profile', async () => {
    const secrets = new Secrets(storage(), { OPENAI_API_KEY: 'of-openai' });
    await secrets.setProfileKey(at('https://one.example/v1'), 'of-one');
    await secrets.setProviderKey('openai', 'of-openai');
    assert.equal(await secrets.apiKey(at('https://one.example/v1')), 'of-one');
    assert.equal(await secrets.apiKey(at('https://one.example/v2')), 'of-one');
    for (const other of [
      at('https://two.example/v1'),
      at('http://one.example/v1'),
      at('https://one.example:8443/v1'),
      at('https://one.example/v1', 'b'),
      { ...at('https://one.example/v1'), provider: 'vscode' as const },
    ])
      assert.equal(await secrets.apiKey(other), undefined, JSON.stringify(other));
    assert.equal(await secrets.apiKey(openai), 'of-openai');
  });

  it('of a profile come before its provider’s and the environment’s', async () => {
    const secrets = new Secrets(storage(), { OPENAI_API_KEY: 'from-environment' });
    assert.equal(await secrets.apiKey(openai), 'from-environment');
    await secrets.setProviderKey('openai', 'of-provider');
    assert.equal(await secrets.apiKey(openai), 'of-provider');
    assert.equal(await secrets.hasProfileKey(openai), false);
    await secrets.setProfileKey(openai, 'of-profile');
    assert.equal(await secrets.apiKey(openai), 'of-profile');
    assert.equal(await secrets.hasProfileKey(openai), true);
  });

  it('are all removed at once, those of services too', async () => {
    const kept = storage();
    const secrets = new Secrets(kept, {});
    await secrets.setProfileKey(at('https://one.example/v1'), 'x');
    await secrets.setProviderKey('google', 'x');
    await secrets.removeAll();
    assert.deepEqual([...kept.kept.keys()], []);
  });
});
