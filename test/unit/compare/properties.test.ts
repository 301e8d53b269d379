import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareCandidates, compareInTurns } from '../../../src/core/compare/compareCandidates.ts';
import { comesOrGoes, takeAll, takeFile, takeRegion } from '../../../src/core/compare/compose.ts';
import { nameOf } from '../../../src/core/compare/compositionName.ts';
import { composedText, linesOfText } from '../../../src/core/compare/handEdit.ts';
import type { ComparedFile, Region } from '../../../src/core/comparison.ts';
import type { ComposedFile } from '../../../src/core/composition.ts';
import type { CandidateId } from '../../../src/core/domain.ts';
import { compare, filesOf, runOf, versions } from './candidates.ts';

describe('regions of any candidates', () => {
  it('compose to exactly the files of a candidate, and to those of the base', () => {
    fc.assert(
      fc.property(versions(), ({ base, candidates }) => {
        const comparison = compare({ base, candidates });
        for (const [column, files] of candidates.entries()) {
          assert.deepEqual(sorted(filesOf(base, takeAll(comparison, column))), sorted(files));
          const byRegion = comparison.files.flatMap((file) => takeEach(file, () => column) ?? []);
          const together = byRegion.concat(
            comparison.files.filter(isOnlyPlace).flatMap((f) => takeFile(f, column) ?? []),
          );
          assert.deepEqual(sorted(filesOf(base, together)), sorted(files));
        }
        assert.deepEqual(takeAll(comparison, 'base'), []);
      }),
    );
  });

  it('are in order, apart from each other, and within the base', () => {
    fc.assert(
      fc.property(versions(), ({ base, candidates }) => {
        for (const file of compare({ base, candidates }).files) {
          const lines = linesOfText(base[file.key] ?? '');
          let end = -1;
          for (const region of file.regions) {
            assert.ok(region.start > end, 'they neither overlap nor touch');
            end = region.start + region.length;
            assert.deepEqual(region.alternatives[0].lines, lines.slice(region.start, end));
          }
          assert.ok(end <= lines.length);
        }
      }),
    );
  });

  it('have each text once, and each column in one of them', () => {
    fc.assert(
      fc.property(versions(), ({ base, candidates }) => {
        const all = candidates.map((_files, column) => column);
        for (const file of compare({ base, candidates }).files) {
          for (const { alternatives } of file.regions) {
            const texts = alternatives.map(({ lines }) => JSON.stringify(lines));
            assert.equal(new Set(texts).size, texts.length);
            assert.ok(alternatives.slice(1).every(({ columns }) => columns.length > 0));
            assert.deepEqual(numerically(alternatives.flatMap(({ columns }) => columns)), all);
          }
          assert.deepEqual(numerically(file.places.flatMap(({ columns }) => columns)), all);
        }
      }),
    );
  });

  it('are the same in any order of the candidates', () => {
    const shuffled = versions().chain((all) => {
      const order = all.candidates.map((_files, column) => column);
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(order, { minLength: order.length }));
    });
    fc.assert(
      fc.property(shuffled, ([{ base, candidates }, order]) => {
        const one = compare({ base, candidates });
        const other = compare({ base, candidates: order.map((column) => candidates[column] ?? {}) });
        const plain = (file: ComparedFile, number: (column: number) => number) => ({
          key: file.key,
          regions: file.regions.map(({ start, length, alternatives: [first, ...others] }) => ({
            start,
            length,
            base: { ...first, columns: numerically(first.columns.map(number)) },
            others: others
              .map(({ lines, columns }) => JSON.stringify([lines, numerically(columns.map(number))]))
              .sort(),
          })),
        });
        assert.deepEqual(
          other.files.map((file) => plain(file, (column) => order[column] ?? -1)),
          one.files.map((file) => plain(file, (column) => column)),
        );
      }),
    );
  });

  it('splice to a text in which each is the chosen alternative', () => {
    fc.assert(
      fc.property(versions(), fc.infiniteStream(fc.nat()), ({ base, candidates }, choices) => {
        const comparison = compare({ base, candidates });
        for (const file of comparison.files.filter((each) => !comesOrGoes(each))) {
          const chosen = new Map<Region, number>();
          const composed = takeEach(file, (region) => {
            const column = (choices.next().value ?? 0) % candidates.length;
            chosen.set(region, column);
            return column;
          });
          const text = linesOfText(base[file.key] ?? '');
          const expected: string[] = [];
          let at = 0;
          for (const region of file.regions) {
            const alternative = region.alternatives.find(({ columns }) => columns.includes(chosen.get(region) ?? -1));
            expected.push(...text.slice(at, region.start), ...(alternative?.lines ?? []));
            at = region.start + region.length;
          }
          expected.push(...text.slice(at));
          const edits = composed?.result.type === 'lines' ? composed.result.edits : [];
          assert.equal(composedText(base[file.key] ?? '', edits), expected.join(''));
          const back = takeEach(file, () => 'base', composed);
          assert.equal(back, undefined);
        }
      }),
    );
  });

  it('mark a column as another’s twin exactly where their files are the same', () => {
    fc.assert(
      fc.property(versions(), ({ base, candidates }) => {
        for (const file of compare({ base, candidates }).files) {
          for (const [column, cell] of file.cells.entries()) {
            const own = candidates[column]?.[file.key];
            assert.equal(cell === null, own === base[file.key]);
            const twin = candidates.findIndex((files) => files[file.key] === own);
            if (cell) assert.equal(cell.sameAs, twin < column ? twin : undefined);
          }
        }
      }),
    );
  });

  it('are the same when they are found in turns, also with the composition as one more column', async () => {
    await fc.assert(
      fc.asyncProperty(versions(), async ({ base, candidates }) => {
        const runs = candidates.map((files, column) => runOf(base, files, `run${column}`));
        const comparison = compareCandidates(runs, { ignoreFormatting: false });
        const turns = await compareInTurns(runs, { ignoreFormatting: false }, () => Promise.resolve());
        assert.deepEqual(turns, comparison);

        const [first] = runs;
        assert.ok(first);
        const composition = {
          type: 'composition' as const,
          id: first.id,
          changes: first.changes,
          files: takeAll(comparison, 0),
        };
        const more = compareCandidates([...runs, composition], { ignoreFormatting: false });
        for (const file of more.files) {
          assert.equal(file.cells[runs.length]?.sameAs, file.cells[0] ? 0 : undefined);
          assert.deepEqual(file.results[runs.length], file.results[0]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the name of a composition', () => {
  it('is the same with the composition as a column, where its regions are known already', () => {
    fc.assert(
      fc.property(versions(), fc.array(fc.nat(), { minLength: 3 }), ({ base, candidates }, choices) => {
        const runs = candidates.map((files, column) => runOf(base, files, `run${column}`));
        const labels = runs.map(({ id }) => id);
        let files: readonly ComposedFile[] = [];
        for (const choice of choices) {
          const { changes } = runOf(base, filesOf(base, files));
          const composition = { type: 'composition' as const, id: 'composition' as CandidateId, changes, files };
          const comparison = compareCandidates([...runs, composition], { ignoreFormatting: false });
          const column = choice % (runs.length + 1);
          const file = comparison.files[choice % comparison.files.length];
          const region = file?.regions[choice % file.regions.length];
          const others = files.filter(({ key }) => key !== file?.key);
          const before = files.find(({ key }) => key === file?.key);
          const taken = file && region ? takeRegion(file, before, region, column) : undefined;
          files = files.length === 0 ? takeAll(comparison, column) : [...others, ...(taken ? [taken] : [])];
          assert.equal(nameOf(comparison, files, labels), nameOf(compare({ base, candidates }), files, labels));
        }
      }),
    );
  });
});

function takeEach(
  file: ComparedFile,
  from: (region: Region) => number | 'base',
  composed?: ComposedFile,
): ComposedFile | undefined {
  return file.regions.reduce((so, region) => takeRegion(file, so, region, from(region)), composed);
}

/** A file that comes or goes and is empty has nothing to take a region of. */
function isOnlyPlace(file: ComparedFile): boolean {
  return file.regions.length === 0;
}

function numerically(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((a, b) => a - b);
}

function sorted(files: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
}
