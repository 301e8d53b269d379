import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../src/core/domain.ts';
import { useNow } from '../shared/useNow.ts';
import { stepDoing, stepWord, waitingText } from './steps.ts';
import { StreamText } from './streamText.tsx';
import { useTaskContext } from './taskContext.ts';

/** What a run is doing now: the tool at work, the end of what it says, or what it waits for. */
export function CurrentStep(props: { readonly run: Run }): JSX.Element {
  const { run } = props;
  const isSpeaking = useSpeaking(run);
  const step = run.steps.at(-1);
  const now = useNow(step?.type === 'waiting');
  if (isSpeaking) return <StreamText run={run} />;
  if (!step) return <div class="line quiet">reading the instruction</div>;
  switch (step.type) {
    case 'waiting':
      return <div class="line warning number">{waitingText(step, now)}</div>;
    case 'text':
      return <StreamText run={run} />;
    case 'tool':
      return (
        <div class="line quiet">
          {step.outcome === 'running' ? stepDoing(step) : stepWord(step)} <code>{step.target}</code>
        </div>
      );
    default:
      return step satisfies never;
  }
}

/** Whether text was streamed since the run's last state. */
function useSpeaking(run: Run): boolean {
  const { live } = useTaskContext();
  const [, redraw] = useState(false);
  const isSpeaking = live.textOf(run.id) !== '';
  // A run that speaks goes on to do so until its next state, which draws this again.
  useEffect(
    () => (isSpeaking ? undefined : live.listen(run.id, () => redraw((flag) => !flag))),
    [live, run, isSpeaking],
  );
  return isSpeaking;
}
