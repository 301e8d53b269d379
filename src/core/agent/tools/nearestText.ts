import { bounded, boundedLine } from './bounded.ts';
import { linesOf } from './fileText.ts';

const maxLinesShown = 40;
const maxCharactersShown = 3_000;
const maxLinesCompared = 5_000;
/** A line that is wanted more often says nothing about the place. */
const maxRepeats = 50;
/** Share of words two lines must have in common to be called alike. */
const alike = 0.5;

/** Where in the file the text that was looked for might be meant to be, with the lines that are really there. */
export function nearestText(text: string, wanted: string): string | undefined {
  const lines = linesOf(text);
  const wantedLines = linesOf(wanted);
  const start = startByEqualLines(lines, wantedLines) ?? startByAlikeLine(lines, wantedLines);
  if (start === undefined) return undefined;
  const first = Math.max(0, start);
  const end = Math.min(lines.length, Math.max(first + 1, start + wantedLines.length), first + maxLinesShown);
  const shown = lines.slice(first, end).map((line) => boundedLine(line, 500));
  return `The nearest text is at lines ${first + 1}–${end}:\n${bounded(shown.join('\n'), maxCharactersShown)}`;
}

/** The alignment at which most lines are equal but for their indentation. */
function startByEqualLines(lines: readonly string[], wanted: readonly string[]): number | undefined {
  const offsets = new Map<string, number[]>();
  for (const [offset, line] of wanted.entries()) {
    const key = line.trim();
    // A lone bracket is on every second line and says nothing about the place.
    if (!/\w/.test(key)) continue;
    offsets.set(key, [...(offsets.get(key) ?? []), offset]);
  }
  const votes = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    const at = offsets.get(line.trim()) ?? [];
    if (at.length > maxRepeats) continue;
    for (const offset of at) {
      votes.set(index - offset, (votes.get(index - offset) ?? 0) + 1);
    }
  }
  return bestOf(votes);
}

/** The place whose line has most words in common with the longest line that is wanted. */
function startByAlikeLine(lines: readonly string[], wanted: readonly string[]): number | undefined {
  const longest = wanted.reduce((best, line) => (line.trim().length > best.trim().length ? line : best), '');
  const offset = wanted.indexOf(longest);
  const words = wordsOf(longest);
  if (words.size === 0) return undefined;
  const likeness = new Map<number, number>();
  for (const [index, line] of lines.slice(0, maxLinesCompared).entries()) {
    const others = wordsOf(boundedLine(line, 500));
    const common = [...others].filter((word) => words.has(word)).length;
    const share = (2 * common) / (words.size + others.size);
    if (share >= alike) likeness.set(index - offset, share);
  }
  return bestOf(likeness);
}

function wordsOf(line: string): Set<string> {
  return new Set(line.match(/\w+/g) ?? []);
}

function bestOf(scores: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  let bestScore = 0;
  for (const [key, score] of scores) {
    if (score > bestScore) {
      best = key;
      bestScore = score;
    }
  }
  return best;
}
