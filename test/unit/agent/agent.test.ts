import assert from 'node:assert/strict';
import { toolSpecs } from '../../../src/core/agent/tools.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { run } from './support/running.ts';
import { answer, call, ScriptedProvider } from './support/scriptedProvider.ts';

const greeting = () =>
  new MemoryCopy({ 'src/greet.ts': 'export const greeting = "Hello";\n', 'README.md': '# Shop\n' });

describe('A run', () => {
  it('searches, reads, edits and finishes, and tells every step', async () => {
    const provider = new ScriptedProvider(
      answer('I look for it.', [call('search', { pattern: 'greeting' }), call('read_file', { path: 'src/greet.ts' })]),
      answer('', [
        call('edit_file', { path: 'src/greet.ts', oldText: '"Hello"', newText: '"Good morning"' }),
        call('write_file', { path: 'docs/greeting.md', content: 'Good morning\n' }),
      ]),
      answer('', [call('delete_file', { path: 'README.md' })]),
      answer('', [call('finish', { summary: 'The greeting is **Good morning** now.' })]),
    );
    const { lines, outcome, copy } = await run(provider, { copy: greeting() });
    assert.deepEqual(lines, [
      'step 1',
      'text I look for it.',
      'usage 10/5',
      '> search greeting',
      '< ok: 1 hit in 1 file',
      '> read_file src/greet.ts',
      '< ok: 1 line',
      'step 2',
      'usage 10/5',
      '> edit_file src/greet.ts',
      '< ok: +1 −1',
      '> write_file docs/greeting.md',
      '< ok: new, 1 line',
      'changes modified src/greet.ts, added docs/greeting.md',
      'step 3',
      'usage 10/5',
      '> delete_file README.md',
      '< ok: deleted',
      'changes modified src/greet.ts, deleted README.md, added docs/greeting.md',
      'step 4',
      'usage 10/5',
      '> finish',
      '< ok: done',
    ]);
    assert.deepEqual(outcome, { kind: 'finished', summary: 'The greeting is **Good morning** now.' });
    assert.equal(copy.text('src/greet.ts'), 'export const greeting = "Good morning";\n');
  });

  it('plays back answers with their opaque part, and results under the ids of their calls', async () => {
    const read = call('read_file', { path: 'README.md' }, 'abc');
    const [text, toolCall] = answer('Reading.', [read]);
    assert.ok(text && toolCall);
    const end = {
      type: 'end',
      usage: { input: 1, cachedInput: 0, output: 1, reasoning: 0 },
      reason: 'tool-calls',
    } as const;
    const provider = new ScriptedProvider([text, toolCall, { ...end, opaque: { signature: 's' } }], answer('Done.'));
    await run(provider, { copy: greeting() });
    assert.equal(provider.requests[0]?.turns.length, 1);
    assert.deepEqual(provider.requests[1]?.turns.slice(1), [
      { role: 'assistant', text: 'Reading.', toolCalls: [read], opaque: { signature: 's' } },
      { role: 'tool', results: [{ callId: 'abc', name: 'read_file', content: '1\t# Shop', isError: false }] },
    ]);
    assert.equal(provider.requests[0]?.model, 'model-1');
    assert.deepEqual(provider.requests[0]?.options, { maxOutputTokens: 1000 });
    assert.deepEqual(provider.requests[0]?.tools, toolSpecs);
  });

  it('is finished, with its text as the summary, when the model stops without changing anything', async () => {
    const { outcome, lines } = await run(new ScriptedProvider(answer(' Nothing needs to change. ')));
    assert.deepEqual(outcome, { kind: 'finished', summary: 'Nothing needs to change.' });
    assert.deepEqual(lines, ['step 1', 'text  Nothing needs to change. ', 'usage 10/5']);
  });

  it('goes on after a refused path, and tells the model the reason', async () => {
    const provider = new ScriptedProvider(
      answer('', [call('read_file', { path: '.env' })]),
      answer('', [call('finish', { summary: 'Done without it.' })]),
    );
    const { lines, outcome } = await run(provider, { copy: new MemoryCopy({ '.env': 'KEY=1' }) });
    assert.deepEqual(lines.slice(2, 4), ['> read_file .env', '< refused: forbidden path']);
    assert.equal(provider.resultsIn(1), '.env may hold secrets and is closed to models.');
    assert.equal(outcome.kind, 'finished');
  });

  it('nudges once after an empty answer', async () => {
    const provider = new ScriptedProvider(answer('  \n'), answer('Here I am.'));
    const { outcome } = await run(provider);
    assert.deepEqual(outcome, { kind: 'finished', summary: 'Here I am.' });
    assert.deepEqual(
      provider.requests[1]?.turns.map((turn) => turn.role),
      ['user', 'user'],
    );
  });

  it('fails when the answer is empty twice and nothing was changed', async () => {
    const { outcome, lines } = await run(new ScriptedProvider(answer('')));
    assert.equal(outcome.kind === 'failed' && outcome.problem.code, 'malformed-answer');
    assert.deepEqual(lines, ['step 1', 'usage 10/5', 'step 2', 'usage 10/5']);
  });

  it('is finished when changes were made, even if no summary can be had', async () => {
    const write = call('write_file', { path: 'a.txt', content: 'a' });
    const silent = await run(new ScriptedProvider(answer('', [write]), answer('')));
    assert.deepEqual(silent.outcome, { kind: 'finished', summary: 'The model changed files but gave no summary.' });
    const spoken = await run(new ScriptedProvider(answer('I write a.txt.', [write]), answer('')));
    assert.deepEqual(spoken.outcome, { kind: 'finished', summary: 'I write a.txt.' });
  });

  it('refuses a finish beside a call that failed, so that no summary claims what did not happen', async () => {
    const provider = new ScriptedProvider(
      answer('', [
        call('edit_file', { path: 'README.md', oldText: 'nowhere', newText: 'x' }),
        call('finish', { summary: 'Edited.' }),
      ]),
      answer('', [call('finish', { summary: 'I could not edit it.' })]),
    );
    const { lines, outcome } = await run(provider, { copy: greeting() });
    assert.deepEqual(lines.slice(2, 6), [
      '> edit_file README.md',
      '< failed: no match',
      '> finish',
      '< failed: not yet',
    ]);
    assert.deepEqual(outcome, { kind: 'finished', summary: 'I could not edit it.' });
  });

  it('does not carry out calls that come after finish', async () => {
    const provider = new ScriptedProvider(
      answer('', [call('finish', { summary: 'Done.' }), call('delete_file', { path: 'README.md' })]),
    );
    const { copy } = await run(provider, { copy: greeting() });
    assert.ok(copy.files.has('README.md'));
  });

  it('shows targets in one line of bounded length', async () => {
    const path = `a\nb\u0000${'c'.repeat(500)}`;
    const provider = new ScriptedProvider(answer('', [call('read_file', { path })]), answer('End.'));
    const { lines } = await run(provider);
    assert.equal(lines[2], `> read_file a\uFFFDb\uFFFD${'c'.repeat(196)}… [304 more characters]`);
  });

  it('tells the model about bad arguments and unknown tools', async () => {
    const provider = new ScriptedProvider(
      answer('', [
        call('read_file', '{"path": "a'),
        call('read_file', { path: 7 }),
        call('read_file', { path: 'a', startLine: 0 }),
        call('run_shell', { command: 'ls' }),
        call('list_files', ''),
      ]),
      answer('I stop.'),
    );
    const { lines } = await run(provider);
    assert.deepEqual(lines.slice(2, 12), [
      '> read_file',
      '< failed: bad arguments',
      '> read_file',
      '< failed: bad arguments',
      '> read_file',
      '< failed: bad arguments',
      '> run_shell',
      '< failed: unknown tool',
      '> list_files .',
      '< ok: 0 files',
    ]);
    const results = provider.resultsIn(1).split('\n---\n');
    assert.match(results[0] ?? '', /^The arguments are not valid JSON \(.*\)\. Send the call again/);
    assert.equal(
      results[1],
      'The arguments of read_file are wrong. path: Invalid type: Expected string but received 7.',
    );
    assert.match(results[2] ?? '', /startLine: Invalid value: Expected >=1/);
    assert.match(results[3] ?? '', /^There is no tool run_shell\. The tools are list_files, read_file, search/);
  });
});
