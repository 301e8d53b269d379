import { canContinue, type Run, type Timestamp } from '../core/domain.ts';

/** Runs that begin within this time after another has ended belong to the same stretch of work: they waited for it. */
const pauseMs = 2_000;

/** How long the runs of a round were at work without a pause up to the last one's end, in milliseconds. A retry is a stretch of its own. */
export function stretchOf(runs: readonly Run[]): number {
  const spans = runs.flatMap(spanOf).sort((a, b) => b.endedAt - a.endedAt);
  const end = spans[0]?.endedAt ?? 0;
  let start: Timestamp = end;
  for (const span of spans) {
    if (span.endedAt < start - pauseMs) break;
    start = Math.min(start, span.startedAt);
  }
  return end - start;
}

function spanOf({ state }: Run): { readonly startedAt: Timestamp; readonly endedAt: Timestamp }[] {
  if (state.status === 'queued' || state.status === 'running' || state.startedAt === undefined) return [];
  return [{ startedAt: state.startedAt, endedAt: state.endedAt }];
}

/** What became of a round's runs, for somebody who wasn't looking: "2 of 3 runs are done, 1 failed". */
export function outcomeText(runs: readonly Run[]): string {
  const count = (status: Run['state']['status']) => runs.filter(({ state }) => state.status === status).length;
  const stopped = runs.filter(canContinue).length;
  const failed = count('failed') - stopped;
  if (failed === runs.length) return failed === 1 ? 'The run failed' : `All ${failed} runs failed`;
  const canceled = count('canceled');
  const done = `${count('succeeded')} of ${runs.length} ${runs.length === 1 ? 'run is' : 'runs are'} done`;
  const exceptions = [
    failed && `${failed} failed`,
    stopped && `${stopped} stopped`,
    canceled && `${canceled} canceled`,
  ];
  return [done, ...exceptions.filter(Boolean)].join(', ');
}
