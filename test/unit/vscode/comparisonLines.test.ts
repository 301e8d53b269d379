import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LineEdit } from '../../../src/core/comparison.ts';
import { lineAfter, lineBefore } from '../../../src/vscode/comparisonLines.ts';

/** A base of 40 numbered lines, edits of it, and the text that they make: numbers where lines stayed, names where they are new. */
const edited = fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.nat(3)), { maxLength: 5 }).map((parts) => {
  const base = Array.from({ length: 40 }, (_, index) => String(index + 1));
  const edits: LineEdit[] = [];
  const text: string[] = [];
  let at = 0;
  for (const [gap, remove, add] of parts) {
    if (remove + add === 0) continue;
    const start = at + gap + 1;
    text.push(...base.slice(at, start));
    const added = Array.from({ length: add }, (_, index) => `new ${index}`);
    edits.push({ start, removed: base.slice(start, start + remove), added });
    text.push(...added);
    at = start + remove;
  }
  return { base, edits, text: [...text, ...base.slice(at)] };
});

describe('lines of a base and of a text made from it', () => {
  it('lead to each other where they stayed', () => {
    fc.assert(
      fc.property(edited, ({ edits, text }) => {
        text.forEach((content, index) => {
          if (content.startsWith('new')) return;
          assert.equal(lineBefore(edits, index + 1), Number(content));
          // An insertion right before a line is what stands at its place.
          if (edits.some(({ start, removed }) => start + 1 === Number(content) && removed.length === 0)) return;
          assert.equal(lineAfter(edits, Number(content)), index + 1);
        });
      }),
    );
  });

  it('lead from a change to what stands in its place, and back', () => {
    fc.assert(
      fc.property(edited, ({ edits, text }) => {
        for (const { start, removed, added } of edits) {
          const first = lineAfter(edits, start + 1);
          if (added.length > 0) {
            assert.equal(text[first - 1], 'new 0');
            assert.equal(lineBefore(edits, first), start + 1);
          }
          for (const line of removed.keys()) {
            const there = lineAfter(edits, start + 1 + line);
            assert.ok(there >= first && there <= first + Math.max(0, added.length - 1));
          }
        }
      }),
    );
  });
});
