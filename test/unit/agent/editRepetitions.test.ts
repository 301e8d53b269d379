import assert from 'node:assert/strict';
import { applyEdits, type Edit } from '../../../src/core/agent/edits/applyEdits.ts';
import { readChanges } from '../../../src/core/agent/edits/readChanges.ts';
import { blockStart } from '../../../src/core/agent/textProtocol/readBlock.ts';

/** What each of these asks for took minutes, or for ever, where all ways to read it were tried. */
describe('Text that says the same over and over', () => {
  const text = (oldText: string): Edit => ({ kind: 'text', oldText, newText: 'new' });

  function detailOf(file: string, edit: Edit): string {
    const result = applyEdits(file, [edit]);
    return result.ok ? 'made' : result.detail;
  }

  it('has no place for lines that are left out', () => {
    const lines = 'x\n'.repeat(300);
    assert.equal(detailOf('x\n'.repeat(20_000), text(`${lines}// ...\n${lines}`)), 'no match');
  });

  it('has no place for long lines that are only similar', () => {
    const long = (word: string) => `${word} `.repeat(200).slice(0, 950);
    const file = Array.from({ length: 5_000 }, (_, row) => `same\n${long(`word${row}`)}\n`).join('');
    assert.equal(detailOf(file, text(`same\n${long('another')}\n`)), 'no match');
  });

  it('takes as many hunks as there are places, in their order', () => {
    const hunks = '@@\n-x\n+y\n'.repeat(1_000);
    const read = readChanges(`*** Begin Patch\n*** Update File: a\n${hunks}*** End Patch`);
    const [change] = read.ok ? read.changes : [];
    assert.ok(change?.kind === 'update');
    const result = applyEdits('x\n'.repeat(1_000), change.edits);
    assert.equal(result.ok && result.text, 'y\n'.repeat(1_000));
    const more = applyEdits('x\n'.repeat(1_001), change.edits);
    assert.equal(!more.ok && more.detail, '1001 matches');
  });

  it('is read as what it is, however much space is in it', () => {
    const space = ' '.repeat(50_000);
    assert.deepEqual(blockStart(`\`\`\`${space}a\rb`), undefined);
    const read = readChanges(`--- a/x${space}y\n+++ b/x${space}y\n@@ -1 +1 @@\n-a\n+b\n`);
    assert.ok(read.ok);
    assert.equal(readChanges(`*** Begin Patch\n*** Move File: a${space}b\n*** End Patch`).ok, false);
  });
});
