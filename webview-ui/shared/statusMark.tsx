import type { JSX } from 'preact';
import { canContinue, type Run } from '../../src/core/domain.ts';
import { Icon } from './icon.tsx';
import { ProgressRing } from './progressRing.tsx';

/** What is known of a run; its steps are not known everywhere. */
type KnownRun = Pick<Run, 'state' | 'tree'> & Partial<Pick<Run, 'steps'>>;

/** The word for where a run is. */
export function statusWord(run: KnownRun): string {
  switch (run.state.status) {
    case 'queued':
      return 'Queued';
    case 'running':
      if (isWaiting(run)) return 'Waiting';
      return run.state.step > 0 ? `Step ${run.state.step}` : 'Starting';
    case 'succeeded':
      return 'Done';
    case 'failed':
      if (canContinue(run)) return 'Stopped';
      return run.state.problem.code === 'interrupted' ? 'Interrupted' : 'Failed';
    case 'canceled':
      return 'Canceled';
    default:
      return run.state satisfies never;
  }
}

/** Whether a running run is held up by the provider, as far as its steps are known. */
export function isWaiting(run: KnownRun): boolean {
  return run.state.status === 'running' && run.steps?.at(-1)?.type === 'waiting';
}

/** Where a run is, as an icon and a word. */
export function StatusMark(props: { readonly run: KnownRun }): JSX.Element {
  const { run } = props;
  return (
    <span class={`status status-${isWaiting(run) || canContinue(run) ? 'waiting' : run.state.status}`}>
      {statusIcon(run)}
      {statusWord(run)}
    </span>
  );
}

function statusIcon(run: KnownRun): JSX.Element {
  switch (run.state.status) {
    case 'queued':
      return <Icon name="circle-outline" />;
    case 'running':
      return isWaiting(run) ? <Icon name="watch" /> : <ProgressRing />;
    case 'succeeded':
      return <Icon name="check" />;
    case 'failed':
      return <Icon name={canContinue(run) ? 'debug-pause' : 'error'} />;
    case 'canceled':
      return <Icon name="circle-slash" />;
    default:
      return run.state satisfies never;
  }
}
