import type { JSX } from 'preact';
import type { Run } from '../../src/core/domain.ts';
import { useNow } from '../shared/useNow.ts';
import { stepDoing, stepWord, waitingText, withLiveText } from './steps.ts';
import { useTaskContext } from './taskContext.ts';
import { useLiveText } from './useLiveText.ts';

/** Only the end of a streamed text is shown, so more of it is not laid out. */
const shownCharacters = 600;

/** What a run is doing now: the tool at work, the end of what it says, or what it waits for. */
export function CurrentStep(props: { readonly run: Run }): JSX.Element {
  const { live } = useTaskContext();
  const text = useLiveText(live, props.run.id);
  const step = withLiveText(props.run.steps, text).at(-1);
  const now = useNow(step?.type === 'waiting');
  if (!step) return <div class="line quiet">reading the instruction</div>;
  switch (step.type) {
    case 'waiting':
      return <div class="line warning number">{waitingText(step, now)}</div>;
    case 'text':
      return (
        <div class="stream quiet">
          <p class="plain">{step.text.trimEnd().slice(-shownCharacters)}</p>
        </div>
      );
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
