import assert from 'node:assert/strict';
import type { CandidateId } from '../../../src/core/domain.ts';
import type { Column, OpenFile, RegionView } from '../../../src/protocol/comparePanel.ts';
import { choicesOf } from '../../../webview-ui/compare/aligned/choices.ts';
import { lineText, regionSentence, verdictOf } from '../../../webview-ui/compare/aligned/regionSentence.ts';
import { type AlignedModel, modelOf, type Row } from '../../../webview-ui/compare/aligned/rowModel.ts';
import type { Sides } from '../../../webview-ui/compare/aligned/versions.ts';

const base = Array.from({ length: 40 }, (_, index) => `line ${index}\n`);
const labels = ['Ada', 'Bob', 'Cyd'];
const ids = labels.map((_, index) => `run-${index}` as CandidateId);
const composed = 'composition' as CandidateId;

function runColumn(index: number, status = 'succeeded'): Column {
  return { type: 'run', id: ids[index], label: labels[index], run: { state: { status } } } as unknown as Column;
}

/** A region of one line, with the texts of the base and of others by the columns that have them. */
function region(start: number, ...groups: readonly (readonly number[])[]): RegionView {
  const texts = groups.map((_, index) =>
    index === 0 ? [base[start] ?? ''] : [`changed ${index}\n`, `more ${index}\n`],
  );
  return {
    id: `r${start}`,
    start,
    length: 1,
    alternatives: groups.map((columns, index) => ({ lines: texts[index] ?? [], columns })),
  };
}

function fileOf(...regions: readonly RegionView[]): OpenFile {
  const places = [{ path: 'a.ts', columns: [0, 1, 2, 3] }];
  const kinds = ['modified', 'modified', 'modified', 'modified'] as const;
  return { id: 'f', path: 'a.ts', columns: [...ids, composed], kinds, type: 'lines', regions, places, findings: [] };
}

function sidesOf(file: OpenFile, change: Partial<Sides> = {}): Sides {
  return { file, columns: [runColumn(0), runColumn(1), runColumn(2)], lead: 'base', ...change };
}

function modelFor(file: OpenFile, change: Partial<Sides> = {}): AlignedModel {
  return modelOf(sidesOf(file, change), base, []);
}

const kindsOf = (rows: readonly Row[]) => rows.map(({ kind }) => kind).join(' ');
const only = (model: AlignedModel) => {
  const [layout] = model.regions;
  assert.ok(layout);
  return layout;
};

describe('the rows of the aligned view', () => {
  it('fold what is unchanged, but for three lines beside a change', () => {
    const { rows } = modelFor(fileOf(region(20, [1, 2], [0])));
    assert.equal(kindsOf(rows), 'fold context context context head code code take context context context fold');
    assert.deepEqual(rows[0], { kind: 'fold', key: 'f0', range: { from: 0, to: 17 }, edge: 'first' });
  });

  it('show what was revealed, and everything when nothing is to be folded', () => {
    const file = fileOf(region(20, [1, 2], [0]));
    const revealed = modelOf(sidesOf(file), base, [{ from: 0, to: 17 }]);
    assert.equal(kindsOf(revealed.rows).startsWith('context'), true);
    const lines = modelOf(sidesOf(file), base, undefined).rows.filter(({ kind }) => kind === 'context');
    assert.equal(lines.length, base.length - 1);
  });

  it('have keys of their own', () => {
    const { rows } = modelFor(fileOf(region(5, [1], [0], [2]), region(20, [1, 2], [0])));
    assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
  });

  it('leave out regions that only hidden candidates change', () => {
    const columns = [runColumn(0), runColumn(1)];
    assert.equal(modelFor(fileOf(region(20, [0, 1], [2])), { columns }).regions.length, 0);
  });

  it('number the lines of each column by what it has above', () => {
    const { shifts } = modelFor(fileOf(region(5, [1, 2], [0])));
    assert.deepEqual(shifts, [
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  it('say that a run is still working', () => {
    const file = { ...fileOf(region(5, [], [0])), columns: ids.slice(0, 1) };
    const model = modelFor(file, { columns: [runColumn(0), runColumn(1, 'running')] });
    assert.equal(model.rows[0]?.kind, 'waiting');
    assert.deepEqual(only(model).contents, [{ type: 'text' }, { type: 'absent' }]);
  });

  it('show what was edited by hand where the composition has no column', () => {
    const composition = { type: 'composition', id: composed } as NonNullable<Sides['composition']>;
    const model = modelFor(fileOf(region(20, [0, 1], [2], [3])), { composition });
    assert.equal(model.rows.filter(({ kind }) => kind === 'hand').length, 2);
  });
});

describe('the versions of a region', () => {
  it('show each text once, and name whose it is beside it', () => {
    const layout = only(modelFor(fileOf(region(5, [], [0], [1, 2]))));
    assert.deepEqual(layout.contents, [{ type: 'text' }, { type: 'text' }, { type: 'same', as: 1 }]);
    assert.equal(layout.isSpanning, false);
  });

  it('span all columns where these agree', () => {
    assert.equal(only(modelFor(fileOf(region(5, [], [0, 1, 2])))).isSpanning, true);
  });

  it('are marked against the candidate that leads', () => {
    const file = fileOf(region(5, [0], [1, 2]), region(20, [1], [0, 2]));
    const columns = [runColumn(1), runColumn(2)];
    const lead = ids[0] as CandidateId;
    const [first, second] = modelFor(file, { columns, lead, leadLabel: 'Ada' }).regions;
    assert.equal(first?.reference, 0);
    assert.equal(second?.reference, 1);
    assert.deepEqual(second?.contents, [{ type: 'text' }, { type: 'same', as: 'lead' }]);
  });

  it('can be taken, each once; what equals one further left is a copy', () => {
    const composition = { type: 'composition', id: composed } as NonNullable<Sides['composition']>;
    const layout = only(modelFor(fileOf(region(5, [], [0], [1, 2, 3])), { composition }));
    const choices = choicesOf(layout, { lead: 'base', composition });
    assert.deepEqual(
      choices.map(({ at, from, isTaken, role }) => [at, from, isTaken, role]),
      [
        ['lead', 'base', false, 'radio'],
        [0, 0, false, 'radio'],
        [1, 1, true, 'radio'],
        [2, 2, true, 'copy'],
      ],
    );
  });
});

describe('what is said of a region', () => {
  const said = (...groups: readonly (readonly number[])[]) => {
    const layout = only(modelFor(fileOf(region(5, ...groups))));
    return [regionSentence(layout), verdictOf(layout)];
  };

  it('is who has what', () => {
    assert.deepEqual(said([], [0], [1, 2]), ['two versions: Ada | Bob and Cyd', 'disputed']);
    assert.deepEqual(said([], [0], [1], [2]), ['all different', 'disputed']);
    assert.deepEqual(said([], [0, 1, 2]), ['all three agree', 'agreed']);
    assert.deepEqual(said([0, 1], [2]), ['only Cyd', 'disputed']);
    assert.deepEqual(said([2], [0, 1]), ['only Ada and Bob', 'disputed']);
  });

  it('counts the candidate that leads', () => {
    const change = { columns: [runColumn(1), runColumn(2)], lead: ids[0] as CandidateId, leadLabel: 'Ada' };
    const layout = only(modelFor(fileOf(region(5, [], [0], [1, 2])), change));
    assert.equal(regionSentence(layout), 'two versions: Ada | Bob and Cyd');
  });

  it('begins with where it is', () => {
    assert.equal(lineText(only(modelFor(fileOf(region(5, [], [0]))))), 'Line 6');
    const put = { ...region(5, [], [0]), length: 0 };
    assert.equal(lineText(only(modelFor(fileOf(put)))), 'After line 5');
  });
});
