import { createHash } from 'node:crypto';
import type { CandidateId } from '../../domain.ts';
import type { Finding, Review } from '../../evidence.ts';

/** A finding of a round, once for all the orders in which its reviewer saw the candidates. */
export interface RoundFinding {
  /** Names it in its round; the same again for the same reviews. */
  readonly id: string;
  readonly candidate: CandidateId;
  readonly reviewerLabel: string;
  readonly finding: Finding;
}

const gravestFirst: readonly Finding['severity'][] = ['blocker', 'major', 'minor'];

/**
 * The findings of all reviews, the gravest first. What a reviewer says of one line in several orders is one finding: the gravest of them.
 * Where it says several things of a line in one order, the first is taken with the first of another, and so on. Pure.
 */
export function findingsOf(reviews: readonly Review[]): readonly RoundFinding[] {
  const found = new Map<string, RoundFinding>();
  for (const { reviewer, reviewerLabel, candidates } of reviews) {
    for (const { candidate, findings } of candidates) {
      const counts = new Map<string, number>();
      for (const finding of findings) {
        const place = `${finding.path}:${finding.line}`;
        const count = counts.get(place) ?? 0;
        counts.set(place, count + 1);
        const id = nameOf([reviewer, candidate, finding.path, finding.line, count]);
        const known = found.get(id);
        if (known && gravity(known.finding) <= gravity(finding)) continue;
        found.set(id, { id, candidate, reviewerLabel, finding });
      }
    }
  }
  return [...found.values()].toSorted((one, other) => gravity(one.finding) - gravity(other.finding));
}

function gravity({ severity }: Finding): number {
  return gravestFirst.indexOf(severity);
}

function nameOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
