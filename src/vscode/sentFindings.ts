import type { CandidateId, Round } from '../core/domain.ts';

/** Whether a message that goes on from this candidate was sent already. Pure. */
export function isSentTo(rounds: readonly Round[], candidate: CandidateId, message: string): boolean {
  return rounds.some(
    ({ start, message: sent }) => start.from === 'run' && start.runId === candidate && sent === message.trim(),
  );
}
