import type { JSX } from 'preact';

/** Work going on. It never stands without a word beside it, so screen readers skip it. */
export function ProgressRing(): JSX.Element {
  return <span class="ring" aria-hidden="true" />;
}
