import { diffArrays } from 'diff';

/** A line of a diff. Line numbers count from 1. */
export interface DiffLine {
  readonly type: 'same' | 'added' | 'removed';
  /** In the base; absent for a line that is added. */
  readonly oldLine?: number;
  /** In the candidate's file; absent for a line that is removed. */
  readonly newLine?: number;
  readonly text: string;
}

/** Beyond this many edited lines a diff takes too long: its time grows with the square. */
const maxEditLength = 2000;

/** All lines of both texts, each with what became of it. */
export function diffLines(base: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let [oldLine, newLine] = [1, 1];
  return stretches(base, after).flatMap(({ type, lines }) =>
    lines.map((text): DiffLine => {
      switch (type) {
        case 'same':
          return { type, oldLine: oldLine++, newLine: newLine++, text };
        case 'added':
          return { type, newLine: newLine++, text };
        case 'removed':
          return { type, oldLine: oldLine++, text };
        default:
          return type satisfies never;
      }
    }),
  );
}

interface Stretch {
  readonly type: DiffLine['type'];
  readonly lines: readonly string[];
}

function stretches(base: readonly string[], after: readonly string[]): readonly Stretch[] {
  const most = Math.min(base.length, after.length);
  let start = 0;
  while (start < most && base[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && base.at(-1 - end) === after.at(-1 - end)) end++;
  const [removed, added] = [base.slice(start, base.length - end), after.slice(start, after.length - end)];
  return [
    { type: 'same', lines: base.slice(0, start) },
    ...middle(removed, added),
    { type: 'same', lines: base.slice(base.length - end) },
  ];
}

function middle(removed: readonly string[], added: readonly string[]): readonly Stretch[] {
  const parts =
    removed.length > 0 && added.length > 0 ? diffArrays([...removed], [...added], { maxEditLength }) : undefined;
  // Without one: all of the one gone, and all of the other new.
  if (parts === undefined) {
    return [
      { type: 'removed', lines: removed },
      { type: 'added', lines: added },
    ];
  }
  return parts.map((part) => ({
    type: part.added ? 'added' : part.removed ? 'removed' : 'same',
    lines: part.value,
  }));
}

/** The lines of a text, without their ends; a final line end does not make another line. */
export function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
