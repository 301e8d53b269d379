import type { JSX } from 'preact';

/** How many marks base.css has: six colours, and four of them again as squares. */
const marks = 10;

/** The class that gives everything inside it the accent colour of the n-th candidate, and its dot a shape. */
export function candidateClass(index: number): string {
  return `candidate-${index % marks}`;
}

/** The accent colour of the candidate around it. */
export function CandidateDot(): JSX.Element {
  return <span class="dot" aria-hidden="true" />;
}
