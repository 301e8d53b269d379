import assert from 'node:assert/strict';
import { isAnnouncement } from '../../../src/core/agent/announcement.ts';
import { reformattedOnly } from '../../../src/core/agent/reformatOnly.ts';
import type { FileChange, ObjectName, Patch } from '../../../src/core/domain.ts';
import { MemoryCopy } from './support/memoryCopy.ts';
import { run } from './support/running.ts';
import { answer, call, ScriptedProvider } from './support/scriptedProvider.ts';

const list = () => answer('', [call('list_files', {})]);
const write = (content: string) => answer('', [call('write_file', { path: 'a.txt', content })]);
const finish = () => answer('', [call('finish', { summary: 'Done.' })]);

describe('A run that brings nothing new', () => {
  it('is told so once, and stopped when it goes on like that', async () => {
    const provider = new ScriptedProvider(list());
    const { outcome } = await run(provider);
    assert.equal(outcome.kind === 'failed' && outcome.problem.code, 'step-limit');
    assert.match(outcome.kind === 'failed' ? outcome.problem.message : '', /nothing new in 10 steps in a row/);
    assert.equal(provider.requests.length, 11);
    const told = provider.requests.flatMap((_, request) =>
      /brought nothing new/.test(provider.resultsIn(request)) ? [request] : [],
    );
    assert.deepEqual(told, [6]);
  });

  it('is one that writes the same back and forth too', async () => {
    const provider = new ScriptedProvider(...Array.from({ length: 20 }, (_, n) => write(`${n % 2}\n`)));
    const { outcome } = await run(provider);
    assert.match(outcome.kind === 'failed' ? outcome.problem.message : '', /nothing new/);
    assert.equal(provider.requests.length, 12);
  });

  it('is not one that goes on reading or changing', async () => {
    const texts = Array.from({ length: 15 }, (_, n) =>
      n % 2 ? write(`${n}\n`) : answer('', [call('search', { pattern: `${n}` })]),
    );
    const { outcome } = await run(new ScriptedProvider(...texts, finish()));
    assert.equal(outcome.kind, 'finished');
  });
});

describe('A model that announces', () => {
  it('without doing it is told once to do it', async () => {
    const provider = new ScriptedProvider(
      answer('I see the problem. I will now fix the test.'),
      write('x\n'),
      finish(),
    );
    const { outcome, copy } = await run(provider);
    assert.deepEqual(outcome, { kind: 'finished', summary: 'Done.' });
    assert.equal(copy.text('a.txt'), 'x\n');
    const [, said, told] = provider.requests[1]?.turns ?? [];
    assert.ok(said?.role === 'assistant' && told?.role === 'user');
    assert.match(told.text, /made no call, so nothing was done/);
  });

  it('is taken at its word when it does so again', async () => {
    const provider = new ScriptedProvider(answer("I'll look into it."));
    const { outcome } = await run(provider);
    assert.deepEqual(outcome, { kind: 'finished', summary: "I'll look into it." });
    assert.equal(provider.requests.length, 2);
  });

  it('is not told anything for which no step is left', async () => {
    const { outcome } = await run(new ScriptedProvider(answer("I'll look into it.")), { limits: { maxSteps: 1 } });
    assert.equal(outcome.kind, 'finished');
  });

  it('is told from one that reports', () => {
    for (const text of [
      'Now let me update the tests.',
      'I found it.\n\nNext, I’ll change `a.ts`:',
      "Okay, let's start.",
      'Good. I am going to write the file now.',
    ]) {
      assert.ok(isAnnouncement(text), text);
    }
    for (const text of [
      'I changed a.ts. Let me know if anything is missing.',
      'Done.',
      'The function will be called twice.',
      'I will not say more than this first sentence. The bug was in `a.ts`; it is fixed.',
      'Nothing needs to change.',
    ]) {
      assert.ok(!isAnnouncement(text), text);
    }
  });
});

describe('A patch that only reformats', () => {
  const change = (path: string, kind: FileChange['kind'] = 'modified'): FileChange => {
    const version = { path, mode: '100644' as const, blob: 'b' as ObjectName };
    return { kind, ...(kind !== 'added' && { base: version }), after: version };
  };
  const part = (path: string, ...lines: string[]) =>
    [
      `diff --git a/${path} b/${path}`,
      'index 1..2 100644',
      `--- a/${path}`,
      `+++ b/${path}`,
      '@@ -1,2 +1,2 @@',
      ...lines,
      '',
    ].join('\n');
  const patch = (changes: readonly FileChange[], ...parts: string[]): Patch => ({
    text: parts.join(''),
    changes,
    tree: 't' as ObjectName,
  });

  it('is told by file, and never for a file with any other change', () => {
    const mixed = patch(
      [change('a.ts'), change('b.ts'), change('c.ts', 'added')],
      part('a.ts', '-a( b )', '-x', '+a(b)', '+  x'),
      part('b.ts', '-a', '+  b'),
      part('c.ts', '+'),
    );
    assert.deepEqual(reformattedOnly(mixed, 'Fix the bug.'), ['a.ts']);
    assert.deepEqual(reformattedOnly(mixed, 'Reformat a.ts.'), []);
    assert.deepEqual(reformattedOnly(mixed, 'Indent with tabs.'), []);
  });

  it('is nothing that a binary file, a changed mode, or a patch that can not be told apart has', () => {
    const executable = { ...change('a.sh'), after: { path: 'a.sh', mode: '100755' as const, blob: 'b' as ObjectName } };
    const modes = 'diff --git a/a.sh b/a.sh\nold mode 100644\nnew mode 100755\n';
    const binary = 'diff --git a/a.png b/a.png\nindex 1..2 100644\nGIT binary patch\nliteral 1\nx\n';
    assert.deepEqual(reformattedOnly(patch([executable, change('a.png')], modes, binary), 'Go.'), []);
    assert.deepEqual(reformattedOnly(patch([change('a'), change('b')], part('a', '-x', '+ x')), 'Go.'), []);
  });

  it('is told to the model once, when it wants to end', async () => {
    const copy = new MemoryCopy({ 'a.txt': 'x\n' });
    const original = copy.patch.bind(copy);
    copy.patch = async () => ({ ...(await original()), text: part('a.txt', '-x', '+ x') });
    const provider = new ScriptedProvider(write(' x\n'), finish(), finish());
    const { outcome, lines } = await run(provider, { copy });
    assert.equal(outcome.kind, 'finished');
    assert.match(provider.resultsIn(2), /^Not finished yet: .* white space only, which was not asked for: a\.txt\./);
    assert.deepEqual(
      lines.slice(-4),
      ['> finish', '< failed: not yet', 'step 3', 'usage 10/5', '> finish', '< ok: done'].slice(-4),
    );
    assert.equal(provider.requests.length, 3);
  });
});
