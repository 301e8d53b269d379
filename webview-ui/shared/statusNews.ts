import type { Run, RunId } from '../../src/core/domain.ts';

/** What news of a run are made of. */
export type ReportedRun = Pick<Run, 'id' | 'state' | 'profile'>;

/** What changed since the statuses in `known`, as sentences. Runs seen for the first time are no news. */
export function statusNews(known: ReadonlyMap<RunId, Run['state']['status']>, runs: readonly ReportedRun[]): string {
  return runs
    .filter((run) => known.has(run.id) && known.get(run.id) !== run.state.status)
    .map((run) => `${run.profile.label} ${run.state.status === 'queued' ? 'is queued' : sentenceEnd(run)}.`)
    .join(' ');
}

function sentenceEnd(run: ReportedRun): string {
  if (run.state.status === 'running') return 'is running';
  return run.state.status === 'canceled' ? 'was canceled' : run.state.status;
}
