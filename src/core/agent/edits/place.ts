import { type IndentPair, indentOf, reindent } from './indentation.ts';
import type { LineChange } from './lineChanges.ts';
import { type TextLine, usualEnd } from './textLines.ts';

/** A place in a file where a change fits. */
export interface Place {
  /** Row of the first line, counted from 0, and of the first one behind the place. */
  readonly start: number;
  readonly end: number;
  /** For each line of the change that stays or goes, the rows it stands for; none for one that is not in the file. */
  readonly spans: readonly Span[];
  readonly changes: readonly LineChange[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A place where each line of the change is one line of the file. */
export function placeAt(start: number, count: number, changes: readonly LineChange[]): Place {
  const spans = Array.from({ length: count }, (_, offset) => ({ from: start + offset, to: start + offset + 1 }));
  return { start, end: start + count, spans, changes };
}

/** The lines that are at the place afterwards. What stays, stays as the file has it; what comes gets its indentation and line end. */
function linesAfter(lines: readonly TextLine[], { start, end, spans, changes }: Place): TextLine[] {
  const around = lines.slice(Math.max(0, start - 1), end + 1);
  const usual = usualEnd(around.some((line) => line.end !== '') ? around : lines);
  const pairs = indentPairs(lines, spans, changes);
  const after: TextLine[] = [];
  let row = start;
  let index = 0;
  /** The lines that go right before the ones that come: line by line, the one takes the other's place. */
  let replaced: { readonly pair: IndentPair | undefined; readonly end: string }[] = [];
  let nth = 0;
  for (const { kind, text } of changes) {
    if (kind === 'add') {
      const counterpart = replaced[nth] ?? replaced.at(-1);
      nth++;
      const near = counterpart?.pair ? [counterpart.pair, ...pairs] : pairs;
      const lineEnd = (counterpart?.end || after.at(-1)?.end || usual) as TextLine['end'];
      after.push({ text: reindent(text, near), end: lineEnd });
      continue;
    }
    const span = spans[index] ?? { from: row, to: row };
    if (nth > 0 || kind === 'keep') {
      replaced = [];
      nth = 0;
    }
    after.push(...lines.slice(row, Math.max(row, kind === 'keep' ? span.to : span.from)));
    if (kind === 'remove') {
      const gone = lines[span.from];
      replaced.push({ pair: gone && span.to > span.from ? pairOf(text, gone.text) : undefined, end: gone?.end ?? '' });
    }
    row = Math.max(row, span.to);
    index++;
  }
  return [...after, ...lines.slice(row, end)];
}

/** The rows of a place that are changed, without those around them that stay. */
export function changedRows({ start, end, spans, changes }: Place): Span {
  const isKept = ({ kind }: LineChange) => kind === 'keep';
  const before = changes.findIndex((change) => !isKept(change));
  if (before === -1) return { from: start, to: end };
  const behind = changes.length - 1 - changes.findLastIndex((change) => !isKept(change));
  const from = before === 0 ? start : (spans[before - 1]?.to ?? start);
  return { from, to: Math.max(from, behind === 0 ? end : (spans[spans.length - behind]?.from ?? end)) };
}

/** The lines with everything at several places changed; what is changed at one must not overlap with what is at another. */
export function changeAt(lines: readonly TextLine[], places: readonly Place[], finalLineEnd?: boolean): TextLine[] {
  const after: TextLine[] = [];
  let row = 0;
  const ordered = places.map((place) => ({ place, changed: changedRows(place) }));
  for (const { place, changed } of ordered.sort(
    (a, b) => a.changed.from - b.changed.from || a.changed.to - b.changed.to,
  )) {
    const all = linesAfter(lines, place);
    const now = all.slice(changed.from - place.start, all.length - (place.end - changed.to));
    after.push(...lines.slice(row, changed.from), ...now);
    row = changed.to;
  }
  return withEnds([...after, ...lines.slice(row)], lines, finalLineEnd);
}

/** Every line has its end but the last, which has one if the file had, unless it is said. */
function withEnds(lines: readonly TextLine[], before: readonly TextLine[], finalLineEnd?: boolean): TextLine[] {
  const usual = usualEnd(before);
  const isEnded = finalLineEnd ?? before.at(-1)?.end !== '';
  return lines.map((line, row) => {
    if (row < lines.length - 1 || isEnded) return line.end === '' ? { ...line, end: usual } : line;
    return { ...line, end: '' };
  });
}

/** Indentations of lines that are in the change and in the file, line by line. */
function indentPairs(lines: readonly TextLine[], spans: readonly Span[], changes: readonly LineChange[]): IndentPair[] {
  const pairs: IndentPair[] = [];
  let index = 0;
  for (const { kind, text } of changes) {
    if (kind === 'add') continue;
    const span = spans[index++];
    const line = span && span.to - span.from === 1 ? lines[span.from] : undefined;
    const pair = line && pairOf(text, line.text);
    if (pair) pairs.push(pair);
  }
  return pairs;
}

function pairOf(written: string, inFile: string): IndentPair | undefined {
  if (written.trim() === '' || inFile.trim() === '') return undefined;
  return { written: indentOf(written), inFile: indentOf(inFile) };
}
