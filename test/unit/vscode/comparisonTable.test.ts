import assert from 'node:assert/strict';
import { agreementOf } from '../../../src/core/compare/agreement.ts';
import type { RoundComparison } from '../../../src/core/comparison.ts';
import type { CandidateId, Round } from '../../../src/core/domain.ts';
import { FileIds } from '../../../src/vscode/comparisonIds.ts';
import { type TableInput, tableOf } from '../../../src/vscode/comparisonTable.ts';
import { changeOf, comparisonOf, compositionOf, roundOf, type ScriptedRun } from './comparisonRound.ts';

const same = { path: 'same.ts', line: 2, by: 'both' };
const a: ScriptedRun = { id: 'a', replaced: [same, { path: 'other.ts', line: 3, by: "a's" }] };
const b: ScriptedRun = { id: 'b', replaced: [same, { path: 'other.ts', line: 3, by: "b's" }] };

function table(round: Round, comparison: RoundComparison | undefined, more: Partial<TableInput> = {}) {
  const ids = new FileIds();
  const input = { round, comparison, hidden: new Set<CandidateId>(), ids, agreement: agreementOf, ...more };
  return tableOf({ insideOf: () => undefined, ...input }).state;
}

describe('the table of files that the compare panel gets', () => {
  it('has a row per file and a cell per candidate, and says what is the same', () => {
    const { columns, rows } = table(roundOf([a, b]), comparisonOf([a, b]));
    assert.deepEqual(columns, ['a', 'b']);
    const lines = { added: 1, removed: 1 };
    assert.deepEqual(
      rows.map(({ path, cells, isAgreed }) => ({ path, cells, isAgreed })),
      [
        {
          path: 'other.ts',
          cells: [
            { kind: 'modified', lines },
            { kind: 'modified', lines },
          ],
          isAgreed: false,
        },
        {
          path: 'same.ts',
          cells: [
            { kind: 'modified', lines },
            { kind: 'modified', lines, sameAs: 0 },
          ],
          isAgreed: true,
        },
      ],
    );
  });

  it('says how far runs agree, and where they don’t', () => {
    const { agreement, places, placeCount, rows } = table(roundOf([a, b]), comparisonOf([a, b]), {
      insideOf: (key, line) => `${key}:${line}()`,
    });
    assert.deepEqual(agreement, { candidates: 2, agreed: 2, majority: 0, disputed: 2 });
    assert.equal(placeCount, 1);
    const [place] = places;
    assert.equal(place?.path, 'other.ts');
    assert.equal(place?.fileId, rows[0]?.id);
    assert.equal(place?.line, 3);
    assert.deepEqual(place?.groups, [[0], [1]]);
    assert.equal(place?.inside, 'other.ts:3()');
  });

  it('has the files of a run that is still going between those of the others, without comparing them', () => {
    const live: ScriptedRun = { id: 'l', status: 'running', replaced: [same, { path: 'new.ts', line: 1, by: 'x' }] };
    const runs = [live, a, b];
    const { columns, rows, places, agreement } = table(roundOf(runs), comparisonOf(runs, ['a', 'b']));
    assert.deepEqual(columns, ['l', 'a', 'b']);
    assert.deepEqual(
      rows.map(({ path, cells }) => [path, ...cells.map((cell) => cell && (cell.sameAs ?? 'own'))]),
      [
        ['new.ts', 'own', null, null],
        ['other.ts', null, 'own', 'own'],
        ['same.ts', 'own', 'own', 1],
      ],
    );
    assert.deepEqual(places[0]?.groups, [[1], [2]], 'groups are columns of the table');
    assert.equal(agreement?.candidates, 2);
  });

  it('has what a run changes now, while the comparison is from before it was started again', () => {
    const before = comparisonOf([a, b]);
    const again: ScriptedRun = { id: 'a', status: 'running', replaced: [{ path: 'third.ts', line: 1, by: 'x' }] };
    const { rows, agreement } = table(roundOf([again, b]), before);
    assert.deepEqual(
      rows.map(({ path, cells }) => [path, cells.map((cell) => cell !== null)]),
      [
        ['other.ts', [false, true]],
        ['same.ts', [false, true]],
        ['third.ts', [true, false]],
      ],
    );
    assert.equal(agreement, undefined);
  });

  it('is there before anything was compared', () => {
    const { rows, agreement, places } = table(roundOf([a, b]), undefined);
    assert.deepEqual(
      rows.map(({ path, cells }) => [path, cells.length]),
      [
        ['other.ts', 2],
        ['same.ts', 2],
      ],
    );
    assert.equal(agreement, undefined);
    assert.deepEqual(places, []);
  });

  it('leaves hidden runs, runs without a patch, and compositions out of agreement', () => {
    const failed: ScriptedRun = { id: 'f', status: 'failed', replaced: [] };
    const composition = compositionOf('c', { changes: [changeOf(same)] });
    const round = roundOf([a, failed, b], { compositions: [composition] });
    const compared = comparisonOf([a, failed, b]);
    const comparison = { ...compared, columns: [...compared.columns, composition.id] };
    assert.equal(table(round, comparison).agreement?.candidates, 2);
    const hidden = table(round, comparison, { hidden: new Set(['b' as CandidateId]) });
    assert.equal(hidden.agreement, undefined);
    assert.ok(hidden.rows.every(({ isAgreed }) => isAgreed));
  });

  it('shows no more places than a person looks through, and says how many there are', () => {
    const files = Array.from({ length: 250 }, (_, index) => `file${index}.ts`);
    const many = (id: string) => ({ id, replaced: files.map((path) => ({ path, line: 1, by: id })) });
    const runs = [many('a'), many('b')];
    const { places, placeCount } = table(roundOf(runs), comparisonOf(runs));
    assert.equal(places.length, 200);
    assert.equal(placeCount, 250);
  });

  it('names files by ids that stay the same, and gives no path back for an unknown one', () => {
    const first = new FileIds();
    const id = first.idOf('src/a.ts');
    assert.equal(new FileIds().idOf('src/a.ts'), id);
    assert.doesNotMatch(id, /a\.ts/);
    assert.equal(first.keyOf(id), 'src/a.ts');
    assert.equal(new FileIds().keyOf(id), undefined);
  });
});
