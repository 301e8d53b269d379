import type { FileLines, LineKey } from './fileLines.ts';
import { type IndentPair, indentOf } from './indentation.ts';
import { type LineChange, oldLinesOf, replaceAllLines } from './lineChanges.ts';
import { spacelessPlaces } from './looseSpacing.ts';
import { foldCharacters, rewritings } from './modelText.ts';
import { type Place, placeAt } from './place.ts';
import { leftOutPlaces, similarPlaces } from './similarLines.ts';

/**
 * How the place of an edit is looked for. The stages are tried in this order, and the first at which the lines are found decides:
 * found once, the edit is made; found several times, it is refused, and no later stage is asked.
 *
 * 1. `exact`: the text is there as it is written. Also a part of a line, for edits that replace text rather than lines.
 * 2. `line ends`: the same but for line ends. What was written with Windows line ends does not fit other ones in a file with both.
 * 3. `trailing space`: the same but for space at the ends of lines. For patches whose context lines lack the space in front, these
 *    three are then tried with the lines as they are.
 * 4. `shifted indentation`: every line is indented by the same amount more, or less. What comes in is indented alike. Lines that all
 *    have one indentation are found with any other one too, or tabs would be taken for no indentation rather than for spaces.
 * 5. `other indentation`: the lines are the same but for indentation. What comes in gets that of the line it replaces or is next to.
 * 6. `spacing`: the lines are the same but for how much space is between words; then, all is the same but for any space and line breaks.
 * 7. `look-alike characters`: the same but for typographic quotes, dashes, spaces and ellipses.
 * 8. `escaped text`: stages 1 to 5 for what is left when one level of escapes (`\n`, `\"`, `&lt;` …), or line numbers in front of the
 *    lines, is taken off. The same escapes are taken off what comes in.
 * 9. `left-out lines`: a comment in place of lines ("// ... rest of the code") that the lines before and behind it enclose.
 * 10. `similar lines`: at least half of the lines are the same and all in all nine tenths of the characters; what is next to
 *    a line that comes in, and stays, is the same.
 *
 * Edits that replace text look for parts of lines too, at stages 6 to 8 once no whole lines were found.
 * At stages 3 to 5 empty lines in front of and behind the text need not be in the file. What an edit leaves alone stays as the file has it.
 */
export type StageName =
  | 'exact'
  | 'line ends'
  | 'trailing space'
  | 'shifted indentation'
  | 'other indentation'
  | 'spacing'
  | 'look-alike characters'
  | 'escaped text'
  | 'left-out lines'
  | 'similar lines';

export interface Found {
  readonly stage: StageName;
  readonly places: readonly Place[];
}

interface LineStage {
  readonly stage: StageName;
  find(file: FileLines, changes: readonly LineChange[]): Place[];
}

const asIs: LineKey = (line) => line;
const withoutTrailing: LineKey = (line) => line.trimEnd();
const withoutIndent: LineKey = (line) => line.trim();
const withSingleSpaces: LineKey = (line) => line.trim().replace(/\s+/g, ' ');
const withPlainCharacters: LineKey = (line) => foldCharacters(withSingleSpaces(line));

const closeStages: readonly LineStage[] = [
  { stage: 'exact', find: (file, changes) => equalPlaces(file, changes, asIs) },
  { stage: 'trailing space', find: (file, changes) => equalPlaces(file, changes, withoutTrailing) },
  { stage: 'trailing space', find: (file, changes) => equalPlaces(file, withoutOuterBlanks(changes), withoutTrailing) },
];

const indentStages: readonly LineStage[] = [
  { stage: 'shifted indentation', find: shiftedPlaces },
  { stage: 'other indentation', find: (file, changes) => equalPlaces(file, changes, withoutIndent) },
  {
    stage: 'other indentation',
    find: (file, changes) => equalPlaces(file, withoutOuterBlanks(changes), withoutIndent),
  },
];

const looseStages: readonly LineStage[] = [
  { stage: 'spacing', find: (file, changes) => equalPlaces(file, changes, withSingleSpaces) },
  // Empty lines around the place stay as the file has them: nothing tells which of them the text begins and ends with.
  { stage: 'spacing', find: (file, changes) => spacelessPlaces(file, replaceAllLines(withoutOuterBlanks(changes))) },
  { stage: 'look-alike characters', find: (file, changes) => equalPlaces(file, changes, withPlainCharacters) },
];

const farStages: readonly LineStage[] = [
  { stage: 'escaped text', find: rewrittenPlaces },
  { stage: 'left-out lines', find: (file, changes) => leftOutPlaces(file, changes) },
  { stage: 'similar lines', find: (file, changes) => similarPlaces(file, changes) },
];

/** What is looked for: lines that change, and the same ones read otherwise, where a patch leaves room for that. */
export interface Sought {
  readonly changes: readonly LineChange[];
  readonly bare?: readonly LineChange[];
}

/** Where the lines are, by the first stage that finds them: stages 1 to 7. */
export function findClose(file: FileLines, { changes, bare }: Sought): Found | undefined {
  const look = (stages: readonly LineStage[], wanted: readonly LineChange[] | undefined) =>
    wanted && firstOf(stages, file, wanted);
  return (
    look(closeStages, changes) ??
    look(closeStages, bare) ??
    look(indentStages, changes) ??
    look(indentStages, bare) ??
    look(looseStages, changes)
  );
}

/** Stages 8 to 10. */
export function findFar(file: FileLines, { changes }: Sought): Found | undefined {
  return firstOf(farStages, file, changes);
}

/** Where the lines are but for space at their ends. */
export function findWithoutTrailing(file: FileLines, changes: readonly LineChange[]): readonly Place[] {
  return equalPlaces(file, changes, withoutTrailing);
}

function firstOf(stages: readonly LineStage[], file: FileLines, changes: readonly LineChange[]): Found | undefined {
  for (const { stage, find } of stages) {
    const places = find(file, changes);
    if (places.length > 0) return { stage, places };
  }
  return undefined;
}

function equalPlaces(file: FileLines, changes: readonly LineChange[], key: LineKey): Place[] {
  const wanted = oldLinesOf(changes);
  if (key !== asIs && wanted.every((line) => line.trim() === '')) return [];
  return file.rowsOf(wanted, key).map((row) => placeAt(row, wanted.length, changes));
}

/** Where all lines are indented by the same amount more than they are written, or all by the same amount less. */
function shiftedPlaces(file: FileLines, changes: readonly LineChange[]): Place[] {
  const wanted = oldLinesOf(changes);
  const places = equalPlaces(file, changes, withoutIndent).map((place) => ({
    place,
    pairs: wanted
      .map((line, offset) => ({ written: line, inFile: file.lines[place.start + offset]?.text ?? '' }))
      .filter(({ written }) => written.trim() !== '')
      .map(({ written, inFile }) => ({ written: indentOf(written), inFile: indentOf(inFile) })),
  }));
  const shifted = places.filter(
    ({ pairs }) =>
      isShift(pairs.map(({ written, inFile }) => [written, inFile])) ||
      isShift(pairs.map(({ written, inFile }) => [inFile, written])),
  );
  // Lines of one indentation are as likely meant for tabs as for spaces: no place is to be preferred for what it uses.
  const alike = places.filter(({ pairs }) => isOne(pairs, 'written') && isOne(pairs, 'inFile'));
  return (shifted.some((each) => alike.includes(each)) ? alike : shifted).map(({ place }) => place);
}

function isOne(pairs: readonly IndentPair[], side: keyof IndentPair): boolean {
  return pairs.every((pair) => pair[side] === pairs[0]?.[side]);
}

function isShift(pairs: readonly (readonly [string, string])[]): boolean {
  const [first] = pairs;
  if (first === undefined || !first[1].endsWith(first[0])) return false;
  const more = first[1].slice(0, first[1].length - first[0].length);
  return pairs.every(([less, all]) => all === more + less);
}

/** Without the empty lines in front and behind that only say where, and those that come in there. */
function withoutOuterBlanks(changes: readonly LineChange[]): readonly LineChange[] {
  const isNeeded = ({ kind, text }: LineChange) => kind === 'add' || text.trim() !== '';
  const first = changes.findIndex(isNeeded);
  const last = changes.findLastIndex(isNeeded);
  return first === -1 ? changes : changes.slice(first, last + 1);
}

function rewrittenPlaces(file: FileLines, changes: readonly LineChange[]): Place[] {
  for (const rewrite of rewritings(oldLinesOf(changes).join('\n'))) {
    const rewritten = rewrite.changes(changes);
    for (const { find } of [...closeStages, ...indentStages]) {
      const places = find(file, rewritten);
      if (places.length > 0) return places;
    }
  }
  return [];
}
