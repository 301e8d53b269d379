import type { Log } from '../ports.ts';
import { stackOf, UserError } from '../problem.ts';

/** What went wrong with evidence that nobody waits for: its task may be gone by now, which is no fault. */
export function logEvidence(log: Log, error: unknown): void {
  if (error instanceof UserError) log.info(`Evidence: ${error.message}`);
  else log.error(`Evidence: ${stackOf(error)}`);
}
