import { compareCandidates } from '../../src/core/compare/compareCandidates.ts';
import type { ComparedFile } from '../../src/core/comparison.ts';
import type { CandidateId, Patch } from '../../src/core/domain.ts';
import type { Ranking } from '../../src/core/evidence.ts';
import type { CandidatePatch } from './evidenceTaskParts.ts';
import type { TrialResult } from './evidenceTrial.ts';

/** How likely each way of picking is to pick a right candidate: 1 or 0, or in between where it leaves a choice. */
export interface Picks {
  readonly firstRanked: number;
  readonly random: number;
  readonly firstFinished: number;
  readonly smallest: number;
  /** Absent where no candidate applies. */
  readonly majority?: number;
}

/** What each way of picking comes to. `candidates` are by when they finished. */
export function picksOf(
  { ranking, right, patches }: Pick<TrialResult, 'ranking' | 'right' | 'patches'>,
  candidates: readonly CandidatePatch[],
): Picks {
  const share = (names: readonly string[]) =>
    names.filter((name) => right.has(name)).length / Math.max(1, names.length);
  const least = Math.min(...candidates.map(linesOf));
  const majority = majorityPick(patches);
  return {
    firstRanked: share(firstRanked(ranking)),
    random: share(candidates.map(({ name }) => name)),
    firstFinished: share(candidates.slice(0, 1).map(({ name }) => name)),
    smallest: share(candidates.filter((candidate) => linesOf(candidate) === least).map(({ name }) => name)),
    ...(majority && { majority: share(majority) }),
  };
}

/** Those of the first place, if they may be merged: nobody picks what breaks something. */
export function firstRanked({ candidates }: Ranking): readonly string[] {
  return candidates.filter(({ place, isMergeable }) => place === 1 && isMergeable).map(({ candidate }) => candidate);
}

/** None of the candidates is to be picked; a tie is no such answer. */
export function saysNone({ candidates, recommended }: Ranking): boolean {
  return (
    recommended === undefined &&
    !candidates.some(({ place, isTied, isMergeable }) => place === 1 && isTied && isMergeable)
  );
}

/**
 * Those whose changed lines are, for the largest part, what more than half of the candidates have there, by regions. Of one that did not
 * apply nothing is compared, and one that changes nothing is nobody's pick. Undefined where none is left.
 */
export function majorityPick(patches: ReadonlyMap<string, Patch>): readonly string[] | undefined {
  const changing = [...patches].filter(([, { changes }]) => changes.length > 0);
  if (changing.length === 0) return undefined;
  const compared = changing.map(([name, { text, changes }]) => {
    return { type: 'run', id: name as CandidateId, changes, patch: text } as const;
  });
  const { files } = compareCandidates(compared, { ignoreFormatting: true });
  const shares = changing.map((_, column) => shareInCommon(files, column, changing.length));
  const most = Math.max(...shares);
  return changing.flatMap(([name], column) => (shares[column] === most ? [name] : []));
}

/** How much of what a column changes more than half of all columns have alike, 0 to 1. A file's place counts as a line. */
function shareInCommon(files: readonly ComparedFile[], column: number, columns: number): number {
  let [common, all] = [0, 0];
  const count = (group: readonly number[], size: number) => {
    all += size;
    if (group.length * 2 > columns) common += size;
  };
  for (const { results, regions, places } of files) {
    if (!results[column]) continue;
    for (const { length, alternatives } of regions) {
      const own = alternatives.findIndex((alternative) => alternative.columns.includes(column));
      const [first, lines] = [alternatives[own]?.formattingOf ?? own, alternatives[own]?.lines.length ?? 0];
      const alike = alternatives.filter((each, index) => (each.formattingOf ?? index) === first);
      if (first > 0)
        count(
          alike.flatMap((each) => each.columns),
          length + lines,
        );
    }
    const place = places.findIndex((group) => group.columns.includes(column));
    if (place > 0) count(places[place]?.columns ?? [], 1);
  }
  return all === 0 ? 0 : common / all;
}

/** Lines that a patch adds and removes. */
function linesOf({ text }: CandidatePatch): number {
  return text.split('\n').filter((line) => /^[+-](?!\+\+ |-- )/.test(line)).length;
}
