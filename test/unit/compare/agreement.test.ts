import assert from 'node:assert/strict';
import fc from 'fast-check';
import { agreementOf } from '../../../src/core/compare/agreement.ts';
import type { DisputedPlace, RoundComparison } from '../../../src/core/comparison.ts';
import { compare, type Files, versions } from './candidates.ts';

const base = numbered(1, 40);

describe('how far candidates agree', () => {
  it('counts the lines that all, most, and few have alike', () => {
    const comparison = of(
      { 'a.ts': changed({ 3: 'x', 20: 'same', 30: 'one' }) },
      { 'a.ts': changed({ 3: 'x', 20: 'same', 30: 'two' }) },
      { 'a.ts': changed({ 3: 'x', 20: 'other', 30: 'three' }) },
    );
    assert.deepEqual(agreementOf(comparison, [0, 1, 2]), {
      candidates: 3,
      files: 1,
      agreed: 2,
      majority: 2,
      disputed: 2,
      places: [
        { key: 'a.ts', region: 2, line: 30, groups: [[0], [1], [2]], changedLines: 2 },
        { key: 'a.ts', region: 1, line: 20, groups: [[0, 1], [2]], changedLines: 2 },
      ],
    });
  });

  it('takes what a candidate leaves as it was for its version', () => {
    const comparison = of({ 'a.ts': changed({ 3: 'x', 9: 'y' }) }, { 'a.ts': changed({ 3: 'x' }) });
    assert.deepEqual(agreementOf(comparison, [0, 1]).places, [
      { key: 'a.ts', region: 1, line: 9, groups: [[0], [1]], changedLines: 2 },
    ]);
  });

  it('is one place for neighbours in which the same candidates agree', () => {
    const comparison = of(
      { 'a.ts': changed({ 3: 'x', 5: 'x', 9: 'x', 20: 'x', 22: 'same' }) },
      { 'a.ts': changed({ 3: 'y', 5: 'y', 9: 'y', 20: 'y', 22: 'same' }) },
    );
    assert.deepEqual(places(comparison), ['a.ts:3 [[0],[1]] 6', 'a.ts:20 [[0],[1]] 2']);
  });

  it('is one place for a file that only one touched, or that comes or goes', () => {
    const comparison = of(
      { 'a.ts': changed({ 3: 'x', 30: 'y' }), new: 'one\n', same: 'same\n' },
      { 'a.ts': base, new: 'two\n', same: 'same\n' },
    );
    assert.deepEqual(places(comparison), ['a.ts [[0],[1]] 4', 'new [[0],[1]] 1']);
    assert.equal(agreementOf(comparison, [0, 1]).agreed, 1);

    const deleted = of({}, { 'a.ts': changed({ 3: 'x', 30: 'y' }) }, {});
    assert.deepEqual(places(deleted), ['a.ts [[0,2],[1]] 40']);
  });

  it('puts first what is most disputed', () => {
    const files = (column: number): Files => ({
      'a.ts': base,
      few: `${column % 2}\n`,
      many: `${column % 3}\n`,
      long: `${column % 3}\nmore\n`,
      most: `${column === 0}\n`,
    });
    const comparison = of(files(0), files(1), files(2), files(3));
    assert.deepEqual(places(comparison), [
      'long [[0,3],[1],[2]] 2',
      'many [[0,3],[1],[2]] 1',
      'few [[0,2],[1,3]] 1',
      'most [[1,2,3],[0]] 1',
    ]);
  });

  it('disputes nothing with fewer than two candidates', () => {
    const comparison = of({ 'a.ts': changed({ 3: 'x' }) }, { 'a.ts': changed({ 3: 'y' }) });
    const none = { majority: 0, disputed: 0, places: [] };
    assert.deepEqual(agreementOf(comparison, [1]), { candidates: 1, files: 1, agreed: 2, ...none });
    assert.deepEqual(agreementOf(comparison, []), { candidates: 0, files: 0, agreed: 0, ...none });
  });

  it('counts formatting only where it is told to', () => {
    const candidates = [{ 'a.ts': changed({ 3: 'f(1, 2)' }) }, { 'a.ts': changed({ 3: '  f( 1,2 )' }) }];
    const strict = compare({ base: { 'a.ts': base }, candidates });
    assert.deepEqual(places(strict), ['a.ts:3 [[0],[1]] 2']);
    const loose = compare({ base: { 'a.ts': base }, candidates }, true);
    assert.equal(loose.files[0]?.regions[0]?.alternatives[2]?.formattingOf, 1);
    assert.deepEqual(places(loose), []);
  });

  it('has parts that sum up to what is changed, and nothing but agreement among the same', () => {
    fc.assert(
      fc.property(versions(), (all) => {
        const comparison = compare(all);
        const columns = comparison.columns.map((_id, column) => column);
        const { agreed, majority, disputed, places: found } = agreementOf(comparison, columns);
        const sizes = columns.map((column) => sum(comparison.files.map(({ cells }) => sizeOf(cells[column]?.lines))));
        assert.ok(agreed + majority + disputed >= Math.max(...sizes));
        assert.ok(agreed + majority + disputed <= sum(sizes));
        assert.equal(sum(found.map(({ changedLines }) => changedLines)), majority + disputed);
        for (const { groups } of found) assert.deepEqual(groups.flat().sort(byNumber), columns);

        const same = compare({ ...all, candidates: columns.map(() => all.candidates[0] ?? {}) });
        const agreement = agreementOf(same, columns);
        assert.deepEqual(agreement.places, []);
        assert.equal(agreement.agreed, sizes[0]);
      }),
    );
  });

  it('is among some candidates what it would be if there were no others', () => {
    const some = versions(fc.integer({ min: 2, max: 5 })).chain((all) => {
      const columns = all.candidates.map((_files, column) => column);
      return fc.tuple(fc.constant(all), fc.subarray(columns, { minLength: 1 }));
    });
    fc.assert(
      fc.property(some, fc.boolean(), ([all, columns], ignoresFormatting) => {
        const among = agreementOf(compare(all, ignoresFormatting), columns);
        const candidates = columns.map((column) => all.candidates[column] ?? {});
        const alone = compare({ ...all, candidates }, ignoresFormatting);
        const expected = agreementOf(
          alone,
          columns.map((_column, index) => index),
        );
        const plain = ({ region: _, ...place }: DisputedPlace, number: (column: number) => number) => ({
          ...place,
          groups: place.groups.map((group) => group.map(number)),
        });
        assert.deepEqual(
          { ...among, places: among.places.map((place) => plain(place, (column) => column)) },
          { ...expected, places: expected.places.map((place) => plain(place, (index) => columns[index] ?? -1)) },
        );
      }),
    );
  });
});

function of(...candidates: readonly Files[]): RoundComparison {
  return compare({ base: { 'a.ts': base }, candidates });
}

function places(comparison: RoundComparison): readonly string[] {
  const columns = comparison.columns.map((_id, column) => column);
  return agreementOf(comparison, columns).places.map(
    ({ key, line, groups, changedLines }) =>
      `${key}${line === undefined ? '' : `:${line}`} ${JSON.stringify(groups)} ${changedLines}`,
  );
}

function numbered(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_value, index) => `line ${from + index}\n`).join('');
}

/** The base with other lines, by their numbers (counted from 1). */
function changed(others: Readonly<Record<number, string>>): string {
  const lines = base.split('\n');
  for (const [number, text] of Object.entries(others)) lines[Number(number) - 1] = text;
  return lines.join('\n');
}

function sizeOf(lines: { readonly added: number; readonly removed: number } | undefined): number {
  return lines ? lines.added + lines.removed : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function byNumber(a: number, b: number): number {
  return a - b;
}
