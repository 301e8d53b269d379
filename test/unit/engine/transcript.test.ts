import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import type { ProfileId, RoundId, Run, RunId, Step, TaskId } from '../../../src/core/domain.ts';
import { noUsage } from '../../../src/core/domain.ts';
import { transcript } from '../../../src/core/engine/transcript.ts';

const run: Run = {
  id: 'r' as RunId,
  taskId: 't' as TaskId,
  roundId: 'o' as RoundId,
  profile: { id: 'p' as ProfileId, provider: 'anthropic', model: 'claude-x', label: 'Claude', options: {} },
  state: { status: 'succeeded', startedAt: 1000, endedAt: 63_000, summary: 'Changed `a.ts`.' },
  steps: [
    { type: 'text', text: 'I will look.' },
    { type: 'tool', callId: '1', tool: 'read_file', target: 'src/a.ts', outcome: 'ok', detail: '212 lines' },
    { type: 'tool', callId: '2', tool: 'read_file', target: '.env', outcome: 'refused', detail: 'forbidden path' },
    { type: 'waiting', reason: 'rate limited', until: 2000 },
  ],
  usage: { input: 12_345, cachedInput: 10_000, cacheWrite: 500, output: 2345, reasoning: 345 },
  changes: [],
  unfounded: ['src/b.ts'],
};
const write = (change: Partial<Run> = {}, message = 'Fix it') =>
  transcript({ task: { title: 'Fix it' }, round: { message, createdAt: 0 }, run: { ...run, ...change } });

/** What Markdown makes of a text, without what stands in code. */
function shape(markdown: string): string[] {
  return new MarkdownIt({ html: true })
    .parse(markdown, {})
    .flatMap((block) => [block, ...(block.children ?? [])])
    .filter(({ type }) => !['fence', 'code_inline', 'softbreak', 'inline'].includes(type))
    .map(({ type, tag, content }) => `${type} ${tag} ${content}`);
}

describe('a transcript', () => {
  it('tells the whole run in order', () => {
    const text = write();
    const order = [
      '# Run of `Claude`',
      '- Model: `claude-x` of Anthropic',
      '- Sent: 1970-01-01 00:00:00 UTC',
      '- State: succeeded after 62 s',
      '- Tokens: 12,345 in (10,000 read from the cache, 500 written to it), 2,345 out (345 of them reasoning)',
      '## Instruction',
      'Fix it',
      '## Steps',
      'I will look.',
      '- `read_file` `src/a.ts`: ok, `212 lines`',
      '- `read_file` `.env`: refused, `forbidden path`',
      '- waited until 1970-01-01 00:00:02 UTC: `rate limited`',
      '## Summary',
      'Changed `a.ts`.',
      'The summary claims changes',
      '- `src/b.ts`',
      '## Changed Files',
      'None.',
    ];
    let from = 0;
    for (const part of order) {
      const at = text.indexOf(part, from);
      assert.ok(at >= 0, `${part} in its place`);
      from = at + part.length;
    }
  });

  it('says that usage is unknown rather than none, and what went wrong', () => {
    const problem = { code: 'step-limit', message: 'It took too many steps.' } as const;
    const text = write({ usage: noUsage, state: { status: 'failed', endedAt: 5, problem } });
    assert.match(text, /- Tokens: unknown\n/);
    assert.match(text, /## Problem\n\n```text\nIt took too many steps.\n```\n\nCode: `step-limit`/);
  });

  it('has the same structure whatever a model, a user or a repository wrote', () => {
    const attacks = [
      '# Heading\n\n- list',
      '```\n# out of the block\n```',
      '````\n`````\n# out',
      '~~~\n# x\n~~~',
      '<img src="https://evil.example/x.png"><script>x</script>',
      '![a](https://evil.example/x.png) [b](command:x)',
      '`out` of a `` span ` here',
      'a\r# b\r\n# c\u2028# d',
      '\u202e reversed \u0007 bell',
      '`',
      '',
    ];
    const plain = shapeOf('x');
    for (const attack of attacks) {
      const text = documentOf(attack);
      assert.deepEqual(shape(text), plain, JSON.stringify(attack));
      assert.doesNotMatch(text, /(?!\n)\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/u);
    }

    function documentOf(words: string): string {
      const steps: Step[] = [
        { type: 'text', text: words },
        { type: 'tool', callId: '1', tool: `t${words}`, target: `f${words}`, outcome: 'failed', detail: `d${words}` },
        { type: 'waiting', reason: `w${words}`, until: 0 },
      ];
      const change: Partial<Run> = {
        steps,
        unfounded: [`u${words}`],
        profile: { ...run.profile, label: `l${words}`, model: `m${words}` },
        state: { status: 'succeeded', startedAt: 0, endedAt: 0, summary: `s${words}` },
        secretsInPatch: [{ path: `p${words}`, line: 1, kind: 'token' }],
      };
      return transcript({
        task: { title: `i${words}`, scope: `c${words}` },
        round: { message: words, createdAt: 0 },
        run: { ...run, ...change },
      });
    }
    function shapeOf(words: string): string[] {
      return shape(documentOf(words));
    }
  });
});
