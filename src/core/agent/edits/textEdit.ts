import { FileLines } from './fileLines.ts';
import { changesBetween, type LineChange } from './lineChanges.ts';
import { rewritings } from './modelText.ts';
import { changeAt, type Place } from './place.ts';
import { maxListed, noMatch, type Refusal, refuse, severalMatches } from './refusal.ts';
import { type Found, findClose, findFar, findWithoutTrailing, type StageName } from './stages.ts';
import { loosePattern, positionsOf, positionsOfPattern, type Stretch, splice } from './stretches.ts';
import { hasMixedEnds, joinLines, plainLines } from './textLines.ts';

/** Replaces text that is there once; with `replaceAll`, wherever it is. */
export interface TextEdit {
  readonly kind: 'text';
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean;
}

export interface Edited {
  readonly ok: true;
  readonly text: string;
  /** The stage at which the place was found. */
  readonly stage: StageName;
}

/** Makes one edit, wherever in the lines its text is. The stages are those of `stages.ts`. */
export function applyTextEdit(text: string, edit: TextEdit): Edited | Refusal {
  if (edit.oldText === '') {
    if (text === '' && edit.newText !== '') return { ok: true, text: edit.newText, stage: 'exact' };
    return refuse('empty oldText', 'oldText is empty. Give the text to replace, or use write_file for a whole file.');
  }
  return (
    atStretches(text, edit, 'exact', positionsOf(text, edit.oldText)) ??
    (hasMixedEnds(text) && edit.oldText.includes('\r\n') ? undefined : applyLoosely(text, edit)) ??
    noMatch('oldText', text, edit.oldText)
  );
}

function applyLoosely(text: string, edit: TextEdit): Edited | Refusal | undefined {
  if (edit.oldText.trim() === '') return undefined;
  const file = new FileLines(text);
  const changes = lineChangesOf(edit);
  const partial = (stage: StageName, looseness: Parameters<typeof loosePattern>[1], wanted = edit) =>
    atStretches(text, wanted, stage, positionsOfPattern(text, loosePattern(wanted.oldText, looseness)));
  return (
    (hasMixedEnds(text) ? undefined : withEndsOf(text, edit)) ??
    partial('line ends', 'line ends') ??
    withoutTrailingSpace(file, edit, changes, () => partial('trailing space', 'trailing space')) ??
    atPlaces(file, edit, findClose(file, { changes })) ??
    partial('spacing', 'spacing') ??
    partial('look-alike characters', 'characters') ??
    unescaped(edit, (wanted) => partial('escaped text', 'line ends', wanted)) ??
    atPlaces(file, edit, findFar(file, { changes }))
  );
}

/** The quick way for a file whose lines all end alike. */
function withEndsOf(text: string, edit: TextEdit): Edited | Refusal | undefined {
  const end = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  return atStretches(text, edit, 'line ends', positionsOf(text, edit.oldText.replace(/\r\n|\n|\r/g, end)));
}

/** Whole lines that stay are left as they are, with the space at their ends. */
function withoutTrailingSpace(
  file: FileLines,
  edit: TextEdit,
  changes: readonly LineChange[],
  partial: () => Edited | Refusal | undefined,
): Edited | Refusal | undefined {
  const anywhere = partial();
  if (anywhere && !anywhere.ok) return anywhere;
  const places = findWithoutTrailing(file, changes);
  return places.length === 1 ? atPlaces(file, edit, { stage: 'trailing space', places }) : anywhere;
}

function unescaped(edit: TextEdit, apply: (edit: TextEdit) => Edited | Refusal | undefined) {
  for (const { text } of rewritings(edit.oldText)) {
    const rewritten = { ...edit, oldText: text(edit.oldText), newText: text(edit.newText) };
    const result = rewritten.oldText === '' ? undefined : apply(rewritten);
    if (result) return result;
  }
  return undefined;
}

/** The same edit line by line. What has no line end behind it stands for a whole line all the same. */
function lineChangesOf({ oldText, newText }: TextEdit): LineChange[] {
  const keepsLine = newText === '' && !/[\r\n]$/.test(oldText);
  return changesBetween(plainLines(oldText), keepsLine ? [''] : plainLines(newText));
}

function atStretches(
  text: string,
  { newText, replaceAll }: TextEdit,
  stage: StageName,
  stretches: readonly Stretch[],
): Edited | Refusal | undefined {
  const [first, ...others] = stretches;
  if (first === undefined) return undefined;
  if (others.length > 0 && !replaceAll) {
    const rows = stretches.slice(0, maxListed).map(({ start }) => rowAt(text, start));
    return severalMatches('oldText', rows, stretches.length, howOf(stage));
  }
  return { ok: true, text: splice(text, apart(stretches), newText), stage };
}

function atPlaces(file: FileLines, { replaceAll }: TextEdit, found: Found | undefined): Edited | Refusal | undefined {
  if (found === undefined) return undefined;
  const { places, stage } = found;
  if (places.length > 1 && !replaceAll) {
    const rows = places.map(({ start }) => start);
    return severalMatches('oldText', rows, rows.length, howOf(stage));
  }
  return { ok: true, text: joinLines(changeAt(file.lines, apart(places))), stage };
}

/** The first of those that overlap. */
function apart<P extends Stretch | Place>(places: readonly P[]): P[] {
  const kept: P[] = [];
  for (const place of places) if (place.start >= (kept.at(-1)?.end ?? 0)) kept.push(place);
  return kept;
}

function rowAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length - 1;
}

/** In what the matches differ from what was looked for. */
export function howOf(stage: StageName): string {
  return stage === 'exact' ? '' : stage;
}
