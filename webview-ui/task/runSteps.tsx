import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Run, Step } from '../../src/core/domain.ts';
import { Markdown } from '../markdown.tsx';
import { countText } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { listedSteps, stepDoing, stepWord, withLiveText } from './steps.ts';
import { useTaskContext } from './taskContext.ts';
import { useLiveText } from './useLiveText.ts';

const shownAtFirst = 40;

/** All that a run did, line by line, behind a button; `children` stand beside the button. */
export function RunSteps(props: { readonly run: Run; readonly children: ComponentChildren }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const steps = listedSteps(props.run.steps);
  return (
    <>
      <div class="run-foot">
        {steps.length > 0 && (
          <button
            type="button"
            class="disclosure"
            aria-expanded={isOpen}
            aria-label={`${countText(steps.length, 'step')} of ${props.run.profile.label}`}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
            {countText(steps.length, 'step')}
          </button>
        )}
        {props.children}
      </div>
      {isOpen && <StepList run={props.run} />}
    </>
  );
}

function StepList(props: { readonly run: Run }): JSX.Element {
  const { live } = useTaskContext();
  const [isWhole, setWhole] = useState(false);
  const isRunning = props.run.state.status === 'running';
  const text = useLiveText(live, props.run.id);
  const steps = withLiveText(listedSteps(props.run.steps), text);
  const left = isWhole ? 0 : Math.max(0, steps.length - shownAtFirst);
  return (
    <div class="steps">
      {left > 0 && (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          Show {countText(left, 'Earlier Step')}
        </button>
      )}
      {steps.slice(left).map((step, index) => (
        <StepLine key={left + index} step={step} isRunning={isRunning} />
      ))}
    </div>
  );
}

function StepLine(props: { readonly step: Step; readonly isRunning: boolean }): JSX.Element | null {
  const { step, isRunning } = props;
  if (step.type === 'waiting') return null;
  if (step.type === 'text') {
    return (
      <div class="step-text">{isRunning ? <p class="plain">{step.text.trim()}</p> : <Markdown text={step.text} />}</div>
    );
  }
  const isBad = step.outcome === 'refused' || step.outcome === 'failed';
  return (
    <div class="step">
      <span class={isBad ? 'warning' : 'quiet'} title={step.tool}>
        {step.outcome === 'running' && isRunning ? stepDoing(step) : stepWord(step)}
      </span>
      <code class="one-line" title={step.target}>
        {step.target}
      </code>
      <span class="step-result number" title={step.detail}>
        {step.detail}
      </span>
    </div>
  );
}
