import { isEnded } from '../../src/core/domain.ts';
import type { AgreementState, Column, FilesState, RunColumn } from '../../src/protocol/comparePanel.ts';
import { countText, fullCount } from '../shared/figures.ts';

/** A part of a sentence; strong where the figure stands out. */
export interface Words {
  readonly text: string;
  readonly isStrong?: true;
}

/** The sentence on top: how far candidates agree, and what is left to read. `columns` are those that are shown. */
export function agreementSentence(columns: readonly Column[], files: FilesState | undefined): readonly Words[] {
  const runs = columns.filter((column) => column.type === 'run');
  const ended = runs.filter(({ run }) => isEnded(run));
  if (runs.length === 0) return words('All candidates are hidden.');
  if (ended.length === 0) return words(noneEnded(runs.length));
  const progress = ended.length < runs.length ? words(`${ended.length} of ${runs.length} have ended. `) : [];
  if (!files) return [...progress, ...words('Comparing…')];
  return [...progress, ...endedSentence(ended, files)];
}

function endedSentence(ended: readonly RunColumn[], files: FilesState): readonly Words[] {
  const indexes = ended.map(({ id }) => files.columns.indexOf(id));
  const count = files.rows.filter((row) => indexes.some((index) => row.cells[index])).length;
  if (count === 0) return words(nothingChanged(ended));
  const { agreement } = files;
  const changing = indexes.filter((index) => files.rows.some((row) => row.cells[index])).length;
  const changes = `${countText(changing, 'candidate')} ${changing === 1 ? 'changes' : 'change'} ${countText(count, 'file')}. `;
  if (!agreement || agreement.candidates < 2) return words(changes.trimEnd());
  return [...words(changes), ...agreed(agreement, files.placeCount), ...reading(files)];
}

function agreed({ candidates, agreed, majority, disputed }: AgreementState, places: number): readonly Words[] {
  const all = candidates === 2 ? 'Both' : 'All';
  const total = agreed + majority + disputed;
  if (total === 0) return places === 0 ? words(`${all} agree. `) : [];
  if (agreed === total && places === 0) return words(`${all} agree on every changed line: there is nothing to decide.`);
  if (agreed === 0) return words('They agree on none of the changed lines. ');
  return [
    ...words(`${all} agree on `),
    { text: percentText(agreed, total), isStrong: true },
    ...words(' of the changed lines. '),
  ];
}

function reading({ places, placeCount }: FilesState): readonly Words[] {
  if (placeCount === 0) return [];
  if (placeCount === 1) return [...words('Read '), { text: 'this place', isStrong: true }, ...words('.')];
  if (places.length < placeCount) {
    return [
      ...words('Read these '),
      { text: countText(places.length, 'place'), isStrong: true },
      ...words(` first, of ${fullCount(placeCount)}.`),
    ];
  }
  return [...words('Read these '), { text: countText(placeCount, 'place'), isStrong: true }, ...words('.')];
}

/** What the bar says to those who don't see it; the parts are shares of the changed lines. */
export function barText({ agreed, majority, disputed }: AgreementState): string {
  const total = agreed + majority + disputed;
  if (total === 0) return 'no changed lines';
  const parts = [
    `all agree on ${percentText(agreed, total)} of the changed lines`,
    `most agree on ${percentText(majority, total)}`,
    `${percentText(disputed, total)} is disputed`,
  ];
  return parts.join(', ');
}

/** "71 %"; never all or nothing by rounding. */
export function percentText(part: number, total: number): string {
  if (part === 0) return '0 %';
  if (part === total) return '100 %';
  const percent = Math.round((100 * part) / total);
  return percent < 1 ? 'under 1 %' : `${Math.min(99, percent)} %`;
}

function noneEnded(count: number): string {
  if (count === 1) return 'The candidate is still at work.';
  return `None of the ${count} candidates has ended yet.`;
}

function nothingChanged(ended: readonly RunColumn[]): string {
  const failed = ended.filter(({ run }) => run.state.status === 'failed').length;
  if (failed === ended.length) {
    if (failed === 1) return 'The candidate failed before it changed a file.';
    return `All ${failed} candidates failed before they changed a file.`;
  }
  return ended.length === 1
    ? 'The candidate changed no file.'
    : `None of the ${ended.length} candidates changed a file.`;
}

function words(text: string): readonly Words[] {
  return [{ text }];
}
