import assert from 'node:assert/strict';
import type { CandidateId } from '../../../src/core/domain.ts';
import type { FindingView } from '../../../src/protocol/compareEvidence.ts';
import type { Column, OpenFile, RegionView } from '../../../src/protocol/comparePanel.ts';
import { lineAt } from '../../../webview-ui/compare/aligned/anchor.ts';
import { findingHeight, wrappedLines } from '../../../webview-ui/compare/aligned/findingHeight.ts';
import { placeOfLine } from '../../../webview-ui/compare/aligned/placeOfLine.ts';
import { modelOf, type Row, regionOf } from '../../../webview-ui/compare/aligned/rowModel.ts';
import type { Sides } from '../../../webview-ui/compare/aligned/versions.ts';

const base = Array.from({ length: 60 }, (_, index) => `line ${index}\n`);
const ids = ['ada', 'bob', 'cyd'].map((name) => name as CandidateId);
const [ada, bob, cyd] = ids as [CandidateId, CandidateId, CandidateId];
const columns = ids.map(
  (id) => ({ type: 'run', id, label: id, run: { state: { status: 'succeeded' } } }) as unknown as Column,
);

/** One line of the base that some replace by three, and that others leave alone. */
function region(start: number, changedBy: readonly number[]): RegionView {
  const others = [0, 1, 2].filter((index) => !changedBy.includes(index));
  return {
    id: `r${start}`,
    start,
    length: 1,
    alternatives: [
      { lines: [base[start] ?? ''], columns: others },
      { lines: ['new 1\n', 'new 2\n', 'new 3\n'], columns: changedBy },
    ],
  };
}

const finding = (candidate: CandidateId, line: number): FindingView => ({
  id: `${candidate}:${line}`,
  candidate,
  line,
  severity: 'major',
  reason: 'It never stops.',
  reviewer: 'Rey',
  isSent: false,
});

function fileOf(findings: readonly FindingView[], part: Partial<OpenFile> = {}): OpenFile {
  return {
    id: 'f',
    path: 'a.ts',
    columns: ids,
    kinds: ['modified', 'modified', 'modified'],
    type: 'lines',
    regions: [region(20, [0, 2]), region(40, [0, 1, 2])],
    places: [{ path: 'a.ts', columns: [0, 1, 2] }],
    findings,
    ...part,
  };
}

function rowsOf(file: OpenFile, sides: Partial<Sides> = {}): readonly Row[] {
  return modelOf({ file, columns, lead: 'base', ...sides }, base, []).rows;
}

/** What is found, as "row above: finding in column". */
function found(rows: readonly Row[]): string[] {
  return rows.flatMap((row, index) =>
    row.kind === 'finding'
      ? row.placed.map((placed) => `${rows[index - 1]?.key}: ${placed.finding.id} in ${placed.column}`)
      : [],
  );
}

describe('what reviewers found', () => {
  it('is under its line in its candidate’s text', () => {
    const rows = rowsOf(fileOf([finding(ada, 22), finding(ada, 21)]));
    const keys = rows.filter(({ kind }) => kind === 'code').map(({ key }) => key);
    assert.deepEqual(found(rows), [`${keys[0]}: ada:21 in 0`, `${keys[1]}: ada:22 in 0`]);
  });

  it('is in its own column where the text is shown in another one’s', () => {
    assert.deepEqual(found(rowsOf(fileOf([finding(cyd, 22)]))), ['tr20:1: cyd:22 in 2']);
    assert.deepEqual(found(rowsOf(fileOf([finding(cyd, 44)]))), ['tr40:1: cyd:44 in 2'], 'one text spans all columns');
  });

  it('is beside the base’s line where its candidate left that alone', () => {
    const rows = rowsOf(fileOf([finding(bob, 21)]));
    const row = rows.find(({ kind }) => kind === 'finding');
    assert.ok(row);
    assert.deepEqual(found(rows), ['tr20:0: bob:21 in 1']);
    assert.equal(regionOf(row), 0);
    assert.equal(lineAt(modelOf({ file: fileOf([]), columns, lead: 'base' }, base, []), row), 20);
  });

  it('unfolds an unchanged line, by the number that its candidate gives it', () => {
    const rows = rowsOf(fileOf([finding(ada, 33), finding(bob, 31)]));
    assert.deepEqual(found(rows), ['c30: ada:33 in 0', 'c30: bob:31 in 1']);
    assert.ok(['c29', 'c30', 'c31'].every((key) => rows.some((row) => row.key === key)));
    assert.ok(!rows.some(({ key }) => key === 'c33'));
  });

  it('is at the end where a reviewer miscounted', () => {
    assert.deepEqual(found(rowsOf(fileOf([finding(bob, 9999)]))), ['c59: bob:9999 in 1']);
    const added = fileOf([finding(ada, 50)], {
      regions: [
        {
          id: 'r',
          start: 0,
          length: 0,
          alternatives: [
            { lines: [], columns: [] },
            { lines: ['a\n'], columns: [0, 1, 2] },
          ],
        },
      ],
    });
    const { rows } = modelOf({ file: added, columns, lead: 'base' }, [], []);
    assert.equal(rows.at(-1)?.kind, 'finding');
  });

  it('is left out for candidates that are hidden, and shown for the one that leads', () => {
    const file = fileOf([finding(ada, 21), finding(bob, 1)]);
    assert.deepEqual(found(rowsOf(file, { columns: columns.slice(1) })), ['c0: bob:1 in 0']);
    const led = rowsOf(file, { columns: columns.slice(1), lead: ada, leadLabel: 'ada' });
    assert.deepEqual(found(led), ['c0: bob:1 in 0', 'tr20:0: ada:21 in lead']);
  });

  it('is below the versions of a file without lines', () => {
    const rows = rowsOf(fileOf([finding(ada, 3)], { type: 'whole', regions: [] }));
    assert.deepEqual(found(rows), ['places: ada:3 in 0']);
  });

  it('leaves every row a key of its own', () => {
    const rows = rowsOf(fileOf([finding(ada, 21), finding(ada, 33), finding(bob, 9999)]));
    assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
  });
});

describe('the height of what reviewers found', () => {
  const widthOf = (text: string) => text.length * 10;

  it('follows from how its words are broken into lines', () => {
    assert.equal(wrappedLines('', 100, widthOf), 1);
    assert.equal(wrappedLines('one two', 100, widthOf), 1);
    assert.equal(wrappedLines('one two three', 100, widthOf), 2);
    assert.equal(wrappedLines('abcdefghijklmnopqrstuvwxy', 100, widthOf), 3);
    assert.equal(wrappedLines('ab abcdefghijklmnopqrstuvwxy cd', 100, widthOf), 4);
  });

  it('is that of the column with the most, and bounded', () => {
    const room = { leadWidth: 138, columnWidth: 138, widthOf };
    const placed = (column: number, reason = 'x') => ({ column, finding: { ...finding(ada, 1), reason } });
    const one = findingHeight([placed(0)], room);
    assert.equal(findingHeight([placed(0), placed(1)], room), one);
    assert.equal(findingHeight([placed(0), placed(0), placed(1)], room), 2 * one);
    const endless = findingHeight([placed(0, 'word word '.repeat(500))], room);
    assert.equal(endless, one + 11 * 17);
  });
});

describe('a line of a candidate’s file', () => {
  it('is in a region, or at a line of the base', () => {
    const file = fileOf([]);
    assert.deepEqual(placeOfLine(file, ada, 10), { line: 10 });
    assert.deepEqual(placeOfLine(file, ada, 23), { regionId: 'r20', line: 21 });
    assert.deepEqual(placeOfLine(file, ada, 33), { line: 31 });
    assert.deepEqual(placeOfLine(file, bob, 33), { line: 33 });
    assert.deepEqual(placeOfLine(file, bob, 43), { regionId: 'r40', line: 41 });
    assert.deepEqual(placeOfLine(file, ada, 50), { line: 46 });
  });
});
