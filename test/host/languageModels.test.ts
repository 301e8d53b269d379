import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ModelEvent } from '../../src/core/providers/provider.ts';
import { createLanguageModelProvider } from '../../src/vscode/languageModels.ts';

type Respond = vscode.LanguageModelChatProvider['provideLanguageModelChatResponse'];

const information: vscode.LanguageModelChatInformation = {
  id: 'fast',
  name: 'Fast',
  family: 'fast',
  version: '1',
  maxInputTokens: 1000,
  maxOutputTokens: 100,
  capabilities: { toolCalling: true },
};
const request = {
  model: 'dursor-test/fast',
  system: 'Be brief.',
  turns: [{ role: 'user', text: 'Hello' }],
  tools: [{ name: 'read_file', description: 'Reads', parameters: { type: 'object' } }],
  options: {},
} as const;

describe('VS Code’s language models', () => {
  const registrations: vscode.Disposable[] = [];
  afterEach(() => {
    for (const registration of registrations.splice(0)) registration.dispose();
  });

  /** Plays the vendor that the staged manifest has. */
  function register(respond: Respond): void {
    registrations.push(
      vscode.lm.registerLanguageModelChatProvider('dursor-test', {
        provideLanguageModelChatInformation: () => [information],
        provideLanguageModelChatResponse: respond,
        provideTokenCount: async () => 7,
      }),
    );
  }

  async function ask(signal = new AbortController().signal): Promise<readonly ModelEvent[]> {
    const events: ModelEvent[] = [];
    for await (const event of createLanguageModelProvider(vscode).stream(request, signal)) events.push(event);
    return events;
  }

  it('are listed, and answer with text and tool calls', async () => {
    const asked: { readonly tools: unknown; readonly roles: readonly number[] }[] = [];
    register(async (_model, messages, { tools }, progress) => {
      asked.push({ tools: tools?.map(({ name }) => name), roles: messages.map(({ role }) => role) });
      progress.report(new vscode.LanguageModelTextPart('Reading'));
      progress.report(new vscode.LanguageModelToolCallPart('1', 'read_file', { path: 'a.ts' }));
    });
    const provider = createLanguageModelProvider(vscode);
    const listed = await provider.listModels(new AbortController().signal);
    assert.ok(listed.some(({ id, label }) => id === 'dursor-test/fast' && label === 'Fast'));
    assert.equal(await provider.contextTokens?.('dursor-test/fast', new AbortController().signal), 1000);
    assert.deepEqual(await ask(), [
      { type: 'text', text: 'Reading' },
      { type: 'tool-call', call: { id: '1', name: 'read_file', arguments: '{"path":"a.ts"}' } },
      { type: 'end', reason: 'tool-calls', usage: { input: 14, cachedInput: 0, output: 7, reasoning: 0 } },
    ]);
    assert.deepEqual(asked, [{ tools: ['read_file'], roles: [1, 1] }]);
  });

  it('are told when a run is aborted', async () => {
    const abort = new AbortController();
    const canceled = Promise.withResolvers<void>();
    register(async (_model, _messages, _options, progress, token) => {
      token.onCancellationRequested(() => canceled.resolve());
      progress.report(new vscode.LanguageModelTextPart('Reading'));
      setTimeout(() => abort.abort(), 50);
      await canceled.promise;
    });
    const end = (await ask(abort.signal)).at(-1);
    assert.ok(end?.type === 'end' && end.reason === 'aborted');
    await canceled.promise;
  });

  it('fail with what the user can do', async () => {
    register(async () => {
      throw vscode.LanguageModelError.NoPermissions('not allowed');
    });
    const end = (await ask()).at(-1);
    assert.ok(end?.type === 'end' && end.reason === 'error');
    assert.equal(end.failure.problem.code, 'permission');
    assert.match(end.failure.problem.message, /allow it/);
  });
});
