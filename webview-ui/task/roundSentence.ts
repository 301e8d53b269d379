import { canContinue, type Round, type Run } from '../../src/core/domain.ts';

/** How far a round is: "1 of 3 done. You can compare already.", "3 of 3 done, 1 failed." */
export function roundSentence(round: Round): string {
  const count = (status: Run['state']['status']) => round.runs.filter(({ state }) => state.status === status).length;
  // A limit stopped these; they can go on.
  const stopped = round.runs.filter(canContinue).length;
  const failed = count('failed') - stopped;
  const canceled = count('canceled');
  const succeeded = count('succeeded');
  const total = round.runs.length;
  const ended = succeeded + stopped + failed + canceled;
  const exceptions = [stopped && `${stopped} stopped`, failed && `${failed} failed`, canceled && `${canceled} canceled`]
    .filter(Boolean)
    .join(', ');
  const done = `${succeeded} of ${total} done${exceptions ? `, ${exceptions}` : ''}.`;
  return ended < total && succeeded > 0 ? `${done} You can compare already.` : done;
}
