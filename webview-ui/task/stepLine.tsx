import type { JSX } from 'preact';
import type { Step } from '../../src/core/domain.ts';
import { Icon } from '../shared/icon.tsx';
import { hasMore, stepDoing, stepWord } from './steps.ts';

/** A tool call in a line: what it did, to what, and with what result. One that doesn't fit opens to show all of it. */
export function StepLine(props: {
  readonly step: Extract<Step, { type: 'tool' }>;
  readonly isRunning: boolean;
}): JSX.Element {
  const { step, isRunning } = props;
  const isBad = step.outcome === 'refused' || step.outcome === 'failed';
  const line = (
    <>
      <span class={isBad ? 'warning' : 'quiet'} title={step.tool}>
        {step.outcome === 'running' && isRunning ? stepDoing(step) : stepWord(step)}
      </span>
      <code class="one-line" title={step.target}>
        {step.target}
      </code>
      <span class="step-result number" title={step.detail}>
        {step.detail}
      </span>
    </>
  );
  if (!hasMore(step)) return <div class="step">{line}</div>;
  return (
    <details class="step-more">
      <summary class="step">
        {line}
        <Icon name="chevron-right" class="chevron" />
      </summary>
      <p class="plain">
        <code>{step.target}</code>
      </p>
      {step.detail && <p class="plain">{step.detail}</p>}
    </details>
  );
}
