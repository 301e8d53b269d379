import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, type Edit } from '../../../src/core/agent/edits/applyEdits.ts';
import { changesBetween, newLinesOf, oldLinesOf } from '../../../src/core/agent/edits/lineChanges.ts';
import { joinLines, splitLines } from '../../../src/core/agent/edits/textLines.ts';
import { CallReader } from '../../../src/core/agent/textProtocol/callReader.ts';
import { findTool, toolSpecs } from '../../../src/core/agent/tools.ts';
import { MemoryCopy } from './support/memoryCopy.ts';

const word = fc.constantFrom('alpha', 'beta', 'return', 'x', '}', '{', '(a, b)', 'é 😀', '"q"', '$&', '\\n');
const line = fc
  .tuple(fc.constantFrom('', '  ', '    ', '\t', '\t\t'), fc.array(word, { minLength: 1, maxLength: 4 }))
  .map(([indent, words]) => indent + words.join(' '));
const lineEnd = fc.constantFrom('\n' as const, '\r\n' as const);

/** A file of which every line is unlike every other, and a stretch of its lines to change. */
const change = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 20 }),
    end: lineEnd,
    isEnded: fc.boolean(),
    from: fc.nat(),
    count: fc.nat(),
    now: fc.array(line, { maxLength: 5 }),
  })
  .map(({ lines: written, end, isEnded, from, count, now: new_ }) => {
    const lines = written.map((text, row) => `${text} #${row}#`);
    const start = from % lines.length;
    const stop = start + 1 + (count % (lines.length - start));
    const now = new_.map((text, row) => `${text} @${row}@`);
    const join = (all: readonly string[]) => all.join(end) + (isEnded && all.length > 0 ? end : '');
    const expected = join([...lines.slice(0, start), ...now, ...lines.slice(stop)]);
    return { lines, end, start, stop, now, file: join(lines), expected };
  })
  .filter(({ now, start, stop, lines }) => now.length > 0 || stop - start < lines.length)
  // A single line without an end does not tell which end the file has.
  .filter(({ file, end }) => end === '\n' || file.includes(end));

function edited(file: string, ...edits: readonly Edit[]): string {
  const result = applyEdits(file, edits);
  return result.ok ? result.text : assert.fail(result.message);
}

/** The change as a hunk, with some lines around it. */
function hunkOf(
  { lines, start, stop, now }: { lines: string[]; start: number; stop: number; now: string[] },
  around: number,
) {
  const before = lines.slice(Math.max(0, start - around), start).map((text) => ` ${text}`);
  const after = lines.slice(stop, stop + around).map((text) => ` ${text}`);
  const changed = [...lines.slice(start, stop).map((text) => `-${text}`), ...now.map((text) => `+${text}`)];
  return ['@@', ...before, ...changed, ...after];
}

describe('Any change of any file', () => {
  it('is made as an edit of its lines', () => {
    fc.assert(
      fc.property(change, ({ file, lines, start, stop, now, expected }) => {
        fc.pre(now.length > 0);
        const oldText = lines.slice(start, stop).join('\n');
        assert.equal(edited(file, { kind: 'text', oldText, newText: now.join('\n') }), expected);
      }),
    );
  });

  it('is made when the model indents all of it otherwise', () => {
    fc.assert(
      fc.property(change, fc.constantFrom('  ', '\t', '   '), ({ file, lines, start, stop, expected, now }, more) => {
        fc.pre(now.length > 0);
        const deeper = (all: readonly string[]) => all.map((text) => more + text).join('\n');
        const result = edited(file, { kind: 'text', oldText: deeper(lines.slice(start, stop)), newText: deeper(now) });
        const plain = (text: string) => text.split(/\r?\n/).map((each) => each.trim());
        assert.deepEqual(plain(result), plain(expected));
        assert.deepEqual(result.match(/\r?\n/g), expected.match(/\r?\n/g));
      }),
    );
  });

  it('is made as a patch, a diff with wrong numbers, and a SEARCH/REPLACE block', async () => {
    await fc.assert(
      fc.asyncProperty(change, fc.nat(3), fc.boolean(), async (given, around, bom) => {
        const hunk = hunkOf(given, around);
        const block = [
          '<<<<<<< SEARCH',
          ...given.lines.slice(given.start, given.stop),
          '=======',
          ...given.now,
          '>>>>>>> REPLACE',
        ];
        const forms = [
          ['*** Begin Patch', '*** Update File: a', ...hunk, '*** End Patch'],
          ['--- a/a', '+++ b/a', '@@ -900,2 +900,7 @@', ...hunk.slice(1)],
          ['a', ...block],
        ];
        for (const form of forms) {
          const copy = new MemoryCopy({ a: (bom ? '\uFEFF' : '') + given.file });
          const ready = findTool('apply_patch')?.prepare(JSON.stringify({ patch: form.join('\n') }));
          if (ready === undefined || typeof ready === 'string') return assert.fail(ready ?? 'no tool');
          const { outcome, content } = await ready.run({
            copy,
            maxOutput: 10_000,
            signal: new AbortController().signal,
          });
          assert.equal(outcome, 'ok', `${content}\n${form.join('\n')}`);
          assert.equal(copy.text('a'), (bom ? '\uFEFF' : '') + given.expected, form.join('\n'));
        }
      }),
    );
  });

  it('is refused when its place is there twice', () => {
    fc.assert(
      fc.property(change, ({ file, lines, start, stop, end }) => {
        const again = lines.slice(start, stop);
        const edit: Edit = { kind: 'text', oldText: again.join('\n'), newText: 'other' };
        const result = applyEdits(`${file}${end}${again.join(end)}${end}`, [edit]);
        assert.match(result.ok ? result.text : result.detail, /^\d+ matches$/);
      }),
    );
  });

  it('is made with all edits of a call, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(change, async ({ file, lines, start, stop }) => {
        const copy = new MemoryCopy({ a: file });
        const edits = [
          { oldText: lines.slice(start, stop).join('\n'), newText: 'other' },
          { oldText: 'nowhere in the file', newText: 'x' },
        ];
        const ready = findTool('edit_file')?.prepare(JSON.stringify({ path: 'a', edits }));
        if (ready === undefined || typeof ready === 'string') return assert.fail(ready ?? 'no tool');
        const { outcome } = await ready.run({ copy, maxOutput: 10_000, signal: new AbortController().signal });
        assert.deepEqual([outcome, copy.text('a')], ['failed', file]);
      }),
    );
  });
});

/** Texts full of marks of every form. */
const marks = fc
  .array(
    fc.constantFrom(
      ...[
        '*** Begin Patch',
        '*** End Patch',
        '*** Update File: a',
        '*** Add File: b',
        '*** Delete File: a',
        '*** Move to: c',
        '@@',
        '@@ x',
      ],
      ...[
        '@@ -1,2 +1 @@',
        '--- a/a',
        '+++ b/a',
        '+++ /dev/null',
        '-x',
        '+y',
        ' x',
        'x',
        '',
        '\\ No newline at end of file',
        'diff --git a/a b/a',
      ],
      ...[
        '<<<<<<< SEARCH',
        '=======',
        '>>>>>>> REPLACE',
        '```',
        '```json',
        '```file a',
        '<call tool="read_file">',
        '</call>',
        '{"path": "a"}',
      ],
      ...[
        '<tool_call>',
        '</tool_call>',
        '<call tool="apply_patch">',
        'rename to b',
        '*** End of File',
        ':start_line:1',
        '-------',
      ],
    ),
    { maxLength: 12 },
  )
  .map((lines) => lines.join('\n'));

describe('Any text of a model', () => {
  it('is made or refused as a patch, and a refusal changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(marks, async (patch) => {
        const copy = new MemoryCopy({ a: 'x\nx\ny\n' });
        const ready = findTool('apply_patch')?.prepare(JSON.stringify({ patch }));
        if (ready === undefined || typeof ready === 'string') return;
        const { outcome } = await ready.run({ copy, maxOutput: 10_000, signal: new AbortController().signal });
        if (outcome !== 'ok') assert.deepEqual([...copy.files.keys(), copy.text('a')], ['a', 'x\nx\ny\n']);
      }),
      { numRuns: 500 },
    );
  });

  it('has the same calls in it however it comes', () => {
    fc.assert(
      fc.property(marks, fc.integer({ min: 1, max: 9 }), (text, size) => {
        const read = (pieces: readonly string[]) => {
          const reader = new CallReader(toolSpecs);
          const shown = pieces.map((piece) => reader.push(piece)).join('');
          const { text: rest, calls } = reader.end(false);
          return { shown: shown + rest, calls };
        };
        assert.deepEqual(read(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []), read([text]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('Lines', () => {
  it('are the same text again when joined', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', ' ')), (pieces) => {
        assert.equal(joinLines(splitLines(pieces.join(''))), pieces.join(''));
      }),
    );
  });

  it('differ by changes that lead from the one to the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const changes = changesBetween(old, now);
        assert.deepEqual([oldLinesOf(changes), newLinesOf(changes)], [old, now]);
      }),
    );
  });
});
