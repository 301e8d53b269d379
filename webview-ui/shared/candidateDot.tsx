import type { JSX } from 'preact';

const colours = 6;

/** The class that gives everything inside it the accent colour of the n-th candidate. */
export function candidateClass(index: number): string {
  return `candidate-${index % colours}`;
}

/** The accent colour of the candidate around it. */
export function CandidateDot(): JSX.Element {
  return <span class="dot" aria-hidden="true" />;
}
