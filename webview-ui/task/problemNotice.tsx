import type { ComponentChildren, JSX } from 'preact';
import type { Problem } from '../../src/core/problem.ts';
import { actionLabel } from '../../src/protocol/actionLabel.ts';
import { Icon } from '../shared/icon.tsx';
import { Button } from '../toolkit.ts';

/** What went wrong, in the problem's own words, with the button that helps. */
export function ProblemNotice(props: {
  readonly problem: Problem;
  readonly appearance?: 'primary' | 'secondary';
  /** Carries out the problem's action; without it no button is shown. */
  readonly onAct?: (() => void) | undefined;
  /** A button that helps more than that one. */
  readonly first?: ComponentChildren;
  /** More buttons after it. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { problem, appearance = 'secondary', onAct, first, children } = props;
  return (
    <div class="problem" data-testid="problem" data-code={problem.code}>
      <Icon name="warning" class="warning" />
      <p>{problem.message}</p>
      <div class="actions">
        {first}
        {problem.action && onAct && (
          <Button class="small" appearance={appearance} data-testid="problem-action" onClick={onAct}>
            {actionLabel(problem.action)}
          </Button>
        )}
        {children}
      </div>
    </div>
  );
}
