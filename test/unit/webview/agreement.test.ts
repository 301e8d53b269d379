import assert from 'node:assert/strict';
import type { Run } from '../../../src/core/domain.ts';
import type { AgreementState, Column, FilesState } from '../../../src/protocol/comparePanel.ts';
import { agreementSentence, barText, percentText } from '../../../webview-ui/compare/agreement.ts';
import { emptyNote } from '../../../webview-ui/compare/stageNotes.ts';

type Status = Run['state']['status'];

const columnsOf = (...statuses: Status[]) =>
  statuses.map((status, index) => ({
    type: 'run',
    id: `r${index}`,
    run: { state: { status } },
  })) as unknown as Column[];

/** Files of which each candidate touched as many as its number says. */
function filesOf(touched: readonly number[], part: Partial<FilesState> = {}): FilesState {
  const rows = Array.from({ length: Math.max(0, ...touched) }, (_, row) => ({
    id: `f${row}`,
    path: `f${row}`,
    isAgreed: false,
    cells: touched.map((count) => (row < count ? { kind: 'modified' as const } : null)),
  }));
  return {
    columns: touched.map((_, index) => `r${index}`) as unknown as FilesState['columns'],
    rows,
    places: [],
    placeCount: 0,
    ...part,
  };
}

const places = (shown: number, all = shown): Partial<FilesState> => ({
  places: Array.from({ length: shown }, () => ({ fileId: 'f0', path: 'f0', groups: [], changedLines: 1 })),
  placeCount: all,
});
const agreement = (candidates: number, agreed: number, majority: number, disputed: number): AgreementState => ({
  candidates,
  agreed,
  majority,
  disputed,
});
const sentence = (columns: Column[], files?: FilesState) =>
  agreementSentence(columns, files)
    .map(({ text }) => text)
    .join('');
const done: Status = 'succeeded';

describe('the sentence about agreement', () => {
  it('says how far candidates agree, and what is left to read', () => {
    const all = filesOf([9, 8, 9, 2], { agreement: agreement(4, 71, 18, 11), ...places(3) });
    assert.equal(
      sentence(columnsOf(done, done, done, done), all),
      '4 candidates change 9 files. All agree on 71 % of the changed lines. Read these 3 places.',
    );
  });

  it('counts one as one, and two as both', () => {
    const two = filesOf([1, 1], { agreement: agreement(2, 1, 0, 2), ...places(1) });
    assert.equal(
      sentence(columnsOf(done, done), two),
      '2 candidates change 1 file. Both agree on 33 % of the changed lines. Read this place.',
    );
    assert.equal(sentence(columnsOf(done), filesOf([2])), '1 candidate changes 2 files.');
  });

  it('says when there is nothing to decide, and when nothing is alike', () => {
    const same = filesOf([1, 1, 1], { agreement: agreement(3, 5, 0, 0) });
    assert.equal(
      sentence(columnsOf(done, done, done), same),
      '3 candidates change 1 file. All agree on every changed line: there is nothing to decide.',
    );
    const other = filesOf([1, 1], { agreement: agreement(2, 0, 0, 7), ...places(2) });
    assert.equal(
      sentence(columnsOf(done, done), other),
      '2 candidates change 1 file. They agree on none of the changed lines. Read these 2 places.',
    );
  });

  it('names a part of very many places', () => {
    const many = filesOf([1, 1], { agreement: agreement(2, 1, 0, 1), ...places(50, 1212) });
    assert.match(sentence(columnsOf(done, done), many), /Read these 50 places first, of 1,212\.$/);
  });

  it('leaves percents out where no lines are counted', () => {
    const binary = filesOf([1, 1], { agreement: agreement(2, 0, 0, 0), ...places(1) });
    assert.equal(sentence(columnsOf(done, done), binary), '2 candidates change 1 file. Read this place.');
  });

  it('says how many have ended while others go on, and counts only those', () => {
    const some = filesOf([2, 0, 7], {});
    assert.equal(
      sentence(columnsOf(done, 'failed', 'running'), some),
      '2 of 3 have ended. 1 candidate changes 2 files.',
    );
    assert.equal(sentence(columnsOf('running', 'queued'), filesOf([1, 0])), 'None of the 2 candidates has ended yet.');
    assert.equal(sentence(columnsOf('running'), undefined), 'The candidate is still at work.');
    assert.equal(sentence(columnsOf(done, done), undefined), 'Comparing…');
  });

  it('says that nothing changed, that all failed, and that all are hidden', () => {
    const none = filesOf([0, 0]);
    assert.equal(sentence(columnsOf(done, done), none), 'None of the 2 candidates changed a file.');
    assert.equal(sentence(columnsOf(done), filesOf([0])), 'The candidate changed no file.');
    assert.equal(sentence(columnsOf('failed', 'failed'), none), 'All 2 candidates failed before they changed a file.');
    assert.equal(sentence([], none), 'All candidates are hidden.');
  });

  it('never rounds to all or to nothing', () => {
    assert.deepEqual(
      [percentText(0, 9), percentText(9, 9), percentText(999, 1000), percentText(1, 1000), percentText(1, 3)],
      ['0 %', '100 %', '99 %', 'under 1 %', '33 %'],
    );
  });

  it('describes the bar in words', () => {
    assert.equal(
      barText(agreement(3, 71, 18, 11)),
      'all agree on 71 % of the changed lines, most agree on 18 %, 11 % is disputed',
    );
    assert.equal(barText(agreement(2, 0, 0, 0)), 'no changed lines');
  });
});

describe('the note in place of files', () => {
  const note = (columns: Column[], files?: FilesState, state = {}) =>
    emptyNote({ isComparing: false, ...state }, columns, files);

  it('tells apart why there is none', () => {
    const none = filesOf([0, 0]);
    assert.equal(note(columnsOf('running', done), none).title, 'No candidate has changed a file yet.');
    assert.deepEqual(note(columnsOf(done, done)), { title: 'Comparing the candidates…', isBusy: true });
    assert.equal(note(columnsOf(done, done), none, { isComparing: true }).isBusy, true);
    assert.equal(note(columnsOf('failed', 'failed'), none).title, 'All candidates failed.');
    assert.equal(note(columnsOf('failed', done), none).title, 'No candidate changed a file.');
    assert.equal(note(columnsOf(done), none).title, 'The candidate changed no file.');
  });

  it('puts a failure first, in its own words', () => {
    const failed = note(columnsOf('running'), undefined, { failure: 'The object is missing.', isComparing: true });
    assert.deepEqual(failed, { title: 'The candidates could not be compared.', more: 'The object is missing.' });
  });
});
