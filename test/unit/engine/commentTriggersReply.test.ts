import assert from 'node:assert/strict';
import type { FileChange, Round, RunId } from '../../../src/core/domain.ts';
import { replyText } from '../../../src/core/engine/commentTriggersReply.ts';

const id = 'run' as RunId;
const fileAt = (path: string) =>
  ({ kind: 'added', after: { path, mode: '100644', blob: 'b' } }) as unknown as FileChange;

function reply(paths: readonly string[], why: string, summary = 'Done.') {
  const profile = { id: 'a', provider: 'openai', model: 'a', label: 'A' };
  const usage = { input: 0, output: 0 };
  const run = { id, profile, usage, changes: paths.map(fileAt), state: { status: 'succeeded', summary } };
  const round = { id: 'round', runs: [run], message: '', compositions: [] } as unknown as Round;
  return replyText({ round, outcome: { type: 'waits', candidate: id, why }, evidence: '', costs: new Map() });
}

describe('the answer to a comment', () => {
  it('quotes what GitHub and files say, so that it notifies nobody and renders nothing', () => {
    const text = reply(['a.txt'], 'A conflict in @bob/<img src=x> fixes #1, resolve it.');
    assert.match(text, /A conflict in @\u200bbob\/&lt;img src=x> fixes\u200b #1, resolve it\./);
  });

  it('is within what GitHub takes, however long the names and the summary', () => {
    const text = reply(
      Array.from({ length: 30 }, (_, index) => `${'@a/'.repeat(1300)}${index}`),
      'Push it.',
      '<b'.repeat(20_000),
    );
    assert.ok(text.length < 65_536, String(text.length));
    assert.match(text, /- and 10 more/);
  });
});
