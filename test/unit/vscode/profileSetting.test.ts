import assert from 'node:assert/strict';
import { parseProfiles } from '../../../src/core/profileSetting.ts';

const local = { id: 'qwen', provider: 'openai-compatible', model: 'qwen3:8b', baseUrl: 'http://localhost:11434/v1' };
const ids = (...entries: unknown[]) => parseProfiles(entries).map(({ id }) => id);

describe('the setting of the model profiles', () => {
  it('reads an address and how tools are called', () => {
    assert.deepEqual(parseProfiles([{ ...local, options: { toolCalls: 'text' } }]), [
      { ...local, label: 'qwen3:8b', options: { toolCalls: 'text' } },
    ]);
  });

  it('reads a model of VS Code, which has neither key nor address', () => {
    assert.deepEqual(ids({ id: 'copilot', provider: 'vscode', model: 'copilot/gpt-4.1' }), ['copilot']);
  });

  it('leaves out a service without an address, or with one that code may not be sent to', () => {
    const { baseUrl: _baseUrl, ...nowhere } = local;
    assert.deepEqual(ids(nowhere), []);
    for (const baseUrl of ['', 'not an address', 'http://example.com/v1', 'file:///etc/passwd', 5])
      assert.deepEqual(ids({ ...local, baseUrl }), [], String(baseUrl));
  });

  it('lets no entry send a provider’s key to an address of its own', () => {
    for (const provider of ['openai', 'anthropic', 'google', 'vscode'])
      assert.deepEqual(ids({ id: 'a', provider, model: 'm', baseUrl: 'https://evil.example/v1' }), [], provider);
  });

  it('leaves out what is no profile, and the second of two with the same id', () => {
    assert.deepEqual(ids(undefined, 'x', { ...local, id: '' }, local, { ...local, model: 'other' }), ['qwen']);
  });
});
