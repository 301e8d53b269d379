import type { ComparedFile, RoundComparison } from '../comparison.ts';
import { type CandidateFile, type ComparedCandidate, filesOf } from './candidateFiles.ts';
import { type CompareOptions, compareFile } from './compareFile.ts';
import { atOnce, inTurns } from './turns.ts';

/** All candidates of a round side by side, at once. Pure. Throws `UnreadablePatch`, or `DifferentBases`. */
export function compareCandidates(candidates: readonly ComparedCandidate[], options: CompareOptions): RoundComparison {
  return atOnce(comparing(candidates, options));
}

/** The same, never working longer than some 20 ms at a stretch. `pause` gives others a turn; when it rejects, the work ends with that. */
export function compareInTurns(
  candidates: readonly ComparedCandidate[],
  options: CompareOptions,
  pause: () => Promise<void>,
): Promise<RoundComparison> {
  return inTurns(comparing(candidates, options), pause);
}

function* comparing(
  candidates: readonly ComparedCandidate[],
  options: CompareOptions,
): Generator<undefined, RoundComparison> {
  const columns: ReadonlyMap<string, CandidateFile>[] = [];
  for (const candidate of candidates) columns.push(yield* filesOf(candidate));
  const files: ComparedFile[] = [];
  for (const key of new Set(columns.flatMap((column) => [...column.keys()]))) {
    const entries = columns.map((column) => column.get(key));
    files.push(yield* compareFile(key, entries, options));
    yield;
  }
  files.sort((a, b) => compareText(a.path, b.path) || compareText(a.key, b.key));
  return { columns: candidates.map(({ id }) => id), files, ignoresFormatting: options.ignoreFormatting };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
