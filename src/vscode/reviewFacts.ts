import { addUsage, noUsage } from '../core/domain.ts';
import type { CandidateReview, ReviewCost, RoundEvidence } from '../core/evidence.ts';
import type { Cost } from '../core/modelFacts/price.ts';
import type { EvidenceState, NoteLine } from '../protocol/compareEvidence.ts';

/** What a review waits for, and what all reviews of the round have used. Pure. */
export function reviewFacts(evidence: RoundEvidence): Pick<EvidenceState, 'reviewWait' | 'reviewUse'> {
  const { reviewProgress, reviewCosts = [] } = evidence;
  const cost = sumOf(reviewCosts);
  return {
    ...(reviewProgress?.waiting && { reviewWait: reviewProgress.waiting.reason }),
    ...(reviewCosts.length > 0 && {
      reviewUse: {
        usage: reviewCosts.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
        ...(cost !== undefined && { cost }),
      },
    }),
  };
}

/** Whose answers are missing, and why; said once of a reviewer that failed in each order. Pure. */
export function missingReviews({ reviews, reviewProblems }: RoundEvidence): readonly NoteLine[] {
  const answered = new Set(reviews.map(({ reviewerLabel }) => reviewerLabel));
  const byReviewer = Map.groupBy(reviewProblems, ({ reviewerLabel }) => reviewerLabel);
  return [...byReviewer].map(([label, problems]) => ({
    text: answered.has(label) ? `An answer of ${label} is missing` : `${label} gave no review`,
    tone: 'look',
    detail: [...new Set(problems.map(({ problem }) => problem))].join('\n'),
  }));
}

/** Whether it does what was asked, in so many of the answers: "Does what was asked: 2 of 2, all of it: 1 of 2, nothing else: 2 of 2." Pure. */
export function claimsText(answers: readonly CandidateReview[]): string {
  const count = (claim: (answer: CandidateReview) => boolean) => `${answers.filter(claim).length} of ${answers.length}`;
  const claims = [
    `Does what was asked: ${count(({ doesWhatWasAsked }) => doesWhatWasAsked)}`,
    `all of it: ${count(({ isComplete }) => isComplete)}`,
    `nothing else: ${count(({ staysInScope }) => staysInScope)}`,
  ];
  return `${claims.join(', ')}.`;
}

/** Undefined where one of the prices is unknown: a part of the sum would say too little. */
function sumOf(costs: readonly ReviewCost[]): Cost | undefined {
  let dollars = 0;
  let isLeast = false;
  for (const { cost, usage } of costs) {
    if (cost === undefined && usage.input + usage.output > 0) return undefined;
    if (cost === undefined || cost === 'local') continue;
    dollars += cost.dollars;
    isLeast ||= cost.isLeast === true;
  }
  if (costs.every(({ cost }) => cost === 'local')) return 'local';
  return { dollars, ...(isLeast && { isLeast }) };
}
