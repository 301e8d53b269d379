import type { EvidenceFacts } from '../../../src/protocol/compareEvidence.ts';
import type { Column, CompareState } from '../../../src/protocol/comparePanel.ts';
import { canShip } from '../shownColumns.ts';

/** Which buttons do something now. */
export interface EvidenceButtons {
  /** What the one that runs checks says; absent while they run, or where there is nothing to run them on. */
  readonly run?: string;
  readonly canCancelChecks: boolean;
  readonly canReview: boolean;
  readonly canCancelReview: boolean;
  readonly canCopy: boolean;
}

export function evidenceButtons({ columns, evidence }: Pick<CompareState, 'columns' | 'evidence'>): EvidenceButtons {
  const candidates = columns.filter(canShip);
  const run = evidence.isChecking ? undefined : runText(evidence, candidates);
  return {
    ...(run !== undefined && { run }),
    canCancelChecks: evidence.isChecking,
    canReview: candidates.length > 0 && !evidence.isReviewing,
    canCancelReview: evidence.isReviewing,
    canCopy: columns.some((column) => column.evidence && isTelling(column.evidence)),
  };
}

/** Whether checks can be run on one candidate by itself. */
export function canCheck(column: Column, { checks, notAgreed, isChecking }: CompareState['evidence']): boolean {
  return canShip(column) && checks + notAgreed > 0 && !isChecking;
}

function runText({ checks, notAgreed }: CompareState['evidence'], candidates: readonly Column[]): string | undefined {
  // These ask first.
  if (checks + notAgreed === 0) return 'Set Up Checks…';
  if (candidates.length === 0) return undefined;
  if (notAgreed > 0) return 'Run Checks…';
  const isDone = candidates.every(
    ({ type, evidence }) => type === 'composition' || evidence?.checks.some(({ hasOutput }) => hasOutput),
  );
  return isDone ? 'Run Checks Again' : 'Run Checks';
}

function isTelling({ checks, crossTests, review, marks, place }: EvidenceFacts): boolean {
  return place !== undefined || marks.length > 0 || !!crossTests || !!review || checks.some((check) => check.hasOutput);
}
