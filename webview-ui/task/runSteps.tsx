import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Run } from '../../src/core/domain.ts';
import { Markdown } from '../markdown.tsx';
import { countText } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { StepLine } from './stepLine.tsx';
import { listedSteps, withLiveText } from './steps.ts';
import { useTaskContext } from './taskContext.ts';
import { useLiveText } from './useLiveText.ts';

const shownAtFirst = 40;

/** All that a run did, line by line, behind a button; `children` stand beside the button. */
export function RunSteps(props: { readonly run: Run; readonly children: ComponentChildren }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const steps = listedSteps(props.run.steps);
  // What a model says between its tool calls is no step of its own, neither here nor in the limit of steps.
  const calls = steps.filter(({ type }) => type === 'tool').length;
  const count = calls === 0 ? 'answer' : countText(calls, 'step');
  return (
    <>
      <div class="run-foot">
        {steps.length > 0 && (
          <button
            type="button"
            class="disclosure"
            aria-expanded={isOpen}
            aria-label={`${count} of ${props.run.profile.label}`}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
            {count}
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
      {steps.slice(left).map((step, index) => {
        const key = left + index;
        if (step.type === 'tool') return <StepLine key={key} step={step} isRunning={isRunning} />;
        return step.type === 'text' && <StepText key={key} text={step.text} isRunning={isRunning} />;
      })}
    </div>
  );
}

/** What a model said between its steps; as it comes while it is being written, since half of it is no Markdown yet. */
function StepText(props: { readonly text: string; readonly isRunning: boolean }): JSX.Element {
  const { text, isRunning } = props;
  return <div class="step-text">{isRunning ? <p class="plain">{text.trim()}</p> : <Markdown text={text} />}</div>;
}
