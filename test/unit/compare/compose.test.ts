import assert from 'node:assert/strict';
import { withoutCollisions } from '../../../src/core/compare/collisions.ts';
import { takeAll, takeFile, takeRegion } from '../../../src/core/compare/compose.ts';
import { nameOf } from '../../../src/core/compare/compositionName.ts';
import type { ComparedFile, FileResult, RoundComparison } from '../../../src/core/comparison.ts';
import type { ComposedFile } from '../../../src/core/composition.ts';
import type { ObjectName } from '../../../src/core/domain.ts';
import { compare, type Files, filesOf } from './candidates.ts';

const text = Array.from({ length: 40 }, (_value, index) => `line ${index + 1}\n`).join('');

describe('a composition', () => {
  it('takes one region after the other, from anyone, and back from the base', () => {
    const file = only(
      compare({ base: { a: text }, candidates: [{ a: changed('5', '20') }, { a: changed('20', '30', 'two') }] }),
    );
    const [first, second, third] = file.regions;
    assert.ok(first && second && third);
    let composed = takeFile(file, 0);
    composed = takeRegion(file, composed, third, 1);
    composed = takeRegion(file, composed, second, 1);
    composed = takeRegion(file, composed, first, 'base');
    assert.deepEqual(composed, takeFile(file, 1));
    composed = takeRegion(file, takeRegion(file, composed, second, 'base'), third, 'base');
    assert.equal(composed, undefined);
  });

  it('refuses a region that is none any more', () => {
    const file = only(compare({ base: { a: text }, candidates: [{ a: changed('5') }] }));
    assert.throws(() => takeRegion(file, undefined, { start: 4, length: 2 }, 0), RangeError);
    const wide = takeFile(only(compare({ base: { a: text }, candidates: [{ a: 'x\n' }] })), 0);
    assert.throws(() => takeRegion(file, wide, { start: 4, length: 1 }, 0), RangeError);
  });

  it('keeps the content of a file and whether it is there together', () => {
    const base = { old: 'a\n' };
    const comparison = compare({ base, candidates: [{ new: 'x\n' }, { old: 'b\n', new: 'y\n' }] });
    const [added, deleted] = comparison.files;
    assert.ok(added?.regions[0] && deleted?.regions[0]);
    const taken = takeRegion(added, undefined, added.regions[0], 1);
    assert.deepEqual(filesOf(base, taken ? [taken] : []), { old: 'a\n', new: 'y\n' });
    assert.equal(takeRegion(added, taken, added.regions[0], 'base'), undefined);
    const gone = takeRegion(deleted, takeFile(deleted, 1), deleted.regions[0], 0);
    assert.deepEqual(filesOf(base, gone ? [gone] : []), {});
    const back = takeRegion(deleted, gone, deleted.regions[0], 1);
    assert.deepEqual(filesOf(base, back ? [back] : []), { old: 'b\n' });
  });

  it('has empty files as places', () => {
    const comparison = compare({ base: { a: '' }, candidates: [{ b: '' }, { a: 'x\n', b: 'x\n' }, { a: '' }] });
    assert.deepEqual(
      comparison.files.map(({ key, places }) => [key, places.map(({ columns }) => columns)]),
      [
        ['a', [[1, 2], [0]]],
        ['b', [[2], [0, 1]]],
      ],
    );
    assert.deepEqual(filesOf({ a: '' }, takeAll(comparison, 0)), { b: '' });
  });
});

describe('files of a composition that are in each other’s way', () => {
  const base = { x: 'file\n', 'd/one': '1\n', 'd/two': '2\n' };
  const folder: Files = { 'x/y': 'inside\n', 'x/z': 'inside\n', 'd/one': '1\n', 'd/two': '2\n' };
  const file: Files = { x: 'file\n', d: 'no folder\n' };
  const comparison = compare({ base, candidates: [folder, file] });

  it('make way for the latest choice as they do in the candidate that it is from', () => {
    assert.deepEqual(taking([], [['x/y', 0]]), { 'x/y': 'inside\n', 'd/one': '1\n', 'd/two': '2\n' });
    assert.deepEqual(taking([], [['d', 1]]), { x: 'file\n', d: 'no folder\n' });
  });

  it('go back to the base where they were chosen before', () => {
    assert.deepEqual(taking(takeAll(comparison, 0), [['x', 'base']]), base);
    const more = compare({ base, candidates: [folder, file, { ...base, x: 'changed\n' }] });
    const files = [...takeAll(more, 0).filter(({ key }) => key !== 'x'), ...[find(more, 'x', 2)]];
    assert.deepEqual(filesOf(base, withoutCollisions(more, files, ['x'])), { ...base, x: 'changed\n' });
  });

  it('stay out of the way when that is in the way of an earlier choice', () => {
    const [added, moved] = [placed('q'), placed('q')];
    const files = [
      fileOf('q', { results: [null, added] }),
      fileOf('x', { base: true, results: [moved, null] }),
      fileOf('x/y', { results: [placed('x/y'), null] }),
    ];
    const composed = [
      { key: 'q', result: added },
      { key: 'x/y', result: placed('x/y') },
    ];
    assert.deepEqual(withoutCollisions({ ...comparison, files }, composed, ['x/y']), [
      { key: 'x', result: moved },
      { key: 'x/y', result: placed('x/y') },
    ]);
  });

  it('are left alone where there is no collision', () => {
    assert.deepEqual(withoutCollisions(comparison, takeAll(comparison, 0), []).length, 3);
    assert.deepEqual(filesOf(base, withoutCollisions(comparison, takeAll(comparison, 1), ['d'])), file);
  });

  function taking(files: readonly ComposedFile[], choices: readonly (readonly [string, number | 'base'])[]): Files {
    const keys = choices.map(([key]) => key);
    const kept = files.filter(({ key }) => !keys.includes(key));
    const taken = choices.flatMap(([key, from]) => (from === 'base' ? [] : find(comparison, key, from)));
    return filesOf(base, withoutCollisions(comparison, [...kept, ...taken], keys));
  }
});

describe('the name of a composition', () => {
  const comparison = compare({
    base: { a: text },
    candidates: [
      { a: changed('5', '12', '20', '30') },
      { a: changed('5', '12', '20', '30', 'two'), new: 'x\n' },
      { a: changed('12', 'three') },
    ],
  });
  const labels = ['Claude', 'GPT', 'Gemini'];
  const file = comparison.files[0];
  assert.ok(file);
  const composed = (...from: readonly (number | 'base')[]): readonly ComposedFile[] => {
    let taken: ComposedFile | undefined;
    for (const [index, region] of file.regions.entries())
      taken = takeRegion(file, taken, region, from[index] ?? 'base');
    return taken ? [taken] : [];
  };
  const named = (files: readonly ComposedFile[]) => nameOf(comparison, files, labels);

  it('says whose it is', () => {
    assert.equal(named(takeAll(comparison, 0)), "Claude's");
    assert.equal(named(takeAll(comparison, 1)), "GPT's");
    assert.equal(named([]), 'No changes');
  });

  it('counts what is from others, by hand, or left out', () => {
    assert.equal(named(composed(0, 0, 0, 1)), "Claude's, with 1 place from GPT");
    assert.equal(named(composed(0, 0, 1, 1)), "Claude's and GPT's, half each");
    assert.equal(named([...composed(0, 0, 0, 1), find(comparison, 'new', 1)]), "Claude's, with 2 places from GPT");
    assert.equal(named(composed(0, 0, 0, 'base')), "Claude's, without 1 place");
    assert.equal(named(composed(0, 2, 0, 1)), "Claude's, with 1 place from GPT and 1 from Gemini");
    const edit = { start: 36, removed: ['line 37\n'], added: ['typed\n'] };
    const byHand = composed(0, 0, 0, 1).map(({ key, result }) => ({
      key,
      result: result.type === 'lines' ? { ...result, edits: [...result.edits, edit] } : result,
    }));
    assert.equal(named(byHand), "Claude's, with 1 place from GPT and 1 by hand");
    const place = { path: 'a', mode: '100644' as const };
    assert.equal(named([{ key: 'a', result: { type: 'lines', place, edits: [edit] } }]), 'By hand');
  });
});

function placed(path: string): FileResult {
  return { type: 'lines', place: { path, mode: '100644' }, edits: [] };
}

/** A file that candidates only add or move. */
function fileOf(
  path: string,
  { base, results }: { readonly base?: true; readonly results: ComparedFile['results'] },
): ComparedFile {
  const version = { path, mode: '100644', blob: '1' as ObjectName } as const;
  const places = [{ columns: [] }] as const;
  return { key: path, path, ...(base && { base: version }), cells: [], results, type: 'lines', regions: [], places };
}

function only({ files }: RoundComparison): ComparedFile {
  const [file] = files;
  assert.ok(file);
  return file;
}

function find({ files }: RoundComparison, key: string, from: number): ComposedFile {
  const file = files.find((each) => each.key === key);
  const taken = file && takeFile(file, from);
  assert.ok(taken);
  return taken;
}

/** The text with other lines, by their numbers; what isn't a number is what they are. */
function changed(...numbers: readonly string[]): string {
  const word = numbers.find((number) => Number.isNaN(Number(number))) ?? 'one';
  return numbers.reduce((now, number) => now.replace(`line ${number}\n`, `${word} ${number}\n`), text);
}
