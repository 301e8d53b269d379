import type { CheckLine, EvidenceFacts } from '../../../src/protocol/compareEvidence.ts';
import type { CompareState } from '../../../src/protocol/comparePanel.ts';

/** The most lines that checks take in a head. */
export const maxCheckLines = 3;
/** In pixels; the style sheet's too. */
const lineHeight = 18;
/** The height of a head's note, in pixels: one line of it, or two where it says why a candidate has its place. */
const noteHeights = { short: 18, long: 34 } as const;

/** What heads have room for; the same in all of them, so that none of them jumps while checks go on. */
export interface EvidenceRoom {
  /** Lines for checks; 0 for no such row. */
  readonly checks: number;
  readonly hasCrossTests: boolean;
  readonly hasReview: boolean;
  readonly hasMarks: boolean;
  readonly hasReason: boolean;
}

/** What the candidates' evidence takes. With checks to run there is room for all that follows from them. */
export function evidenceRoom({ columns, evidence }: Pick<CompareState, 'columns' | 'evidence'>): EvidenceRoom {
  const known = columns.flatMap((column) => column.evidence ?? []);
  const checks = Math.max(evidence.checks, ...known.map((facts) => facts.checks.length));
  const has = (isThere: (facts: EvidenceFacts) => boolean) => checks > 0 || known.some(isThere);
  const hasReview = evidence.isReviewing || has(({ review }) => review !== undefined);
  return {
    checks: Math.min(checks, maxCheckLines),
    hasCrossTests: has(({ crossTests }) => crossTests !== undefined),
    hasReview,
    hasMarks: hasReview || has(({ marks }) => marks.length > 0),
    hasReason: has(({ reason }) => reason !== undefined),
  };
}

/** The heights that heads take for it, in pixels; `checks` is a part of `evidence`. */
export function roomHeights(room: EvidenceRoom): Readonly<Record<'evidence' | 'checks' | 'note', number>> {
  const others = [room.hasCrossTests, room.hasReview, room.hasMarks].filter(Boolean).length;
  return {
    evidence: (room.checks + others) * lineHeight,
    checks: room.checks * lineHeight,
    note: room.hasReason ? noteHeights.long : noteHeights.short,
  };
}

/** Which checks have a line of their own: all of few, else those that matter most; the others are summed up in one more line. */
export function checkLines(checks: readonly CheckLine[]): {
  readonly shown: readonly CheckLine[];
  readonly rest: readonly CheckLine[];
} {
  if (checks.length <= maxCheckLines) return { shown: checks, rest: [] };
  const sorted = mostUrgentFirst(checks);
  return { shown: sorted.slice(0, maxCheckLines - 1), rest: sorted.slice(maxCheckLines - 1) };
}

/** What needs the user first. */
export function mostUrgentFirst(checks: readonly CheckLine[]): readonly CheckLine[] {
  return checks.toSorted((a, b) => urgency(a) - urgency(b));
}

function urgency({ tone, isRunning }: CheckLine): number {
  if (isRunning) return 1;
  return { bad: 0, look: 2, good: 3, plain: 4 }[tone];
}
