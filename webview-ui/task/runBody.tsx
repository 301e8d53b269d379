import type { JSX } from 'preact';
import { canContinue, type Run } from '../../src/core/domain.ts';
import { ask } from '../host.ts';
import { Markdown } from '../markdown.tsx';
import { Collapsible } from '../shared/collapsible.tsx';
import { countText, sumLines } from '../shared/figures.ts';
import { LineCount } from '../shared/lineCount.tsx';
import { SecretsInPatch } from '../shared/secretsInPatch.tsx';
import { Button } from '../toolkit.ts';
import { CurrentStep } from './currentStep.tsx';
import { ProblemNotice } from './problemNotice.tsx';
import { RunActions } from './runActions.tsx';
import type { RunCardProps } from './runCard.tsx';
import { useTaskContext } from './taskContext.ts';
import { Unfounded } from './unfounded.tsx';

/** The part of a run's card that depends on how far the run is. */
export function RunBody(props: RunCardProps): JSX.Element | null {
  const { run } = props;
  const { host } = useTaskContext();
  switch (run.state.status) {
    case 'queued':
      return null;
    case 'running':
      return (
        <>
          <CurrentStep run={run} />
          <ChangeLine run={run} />
        </>
      );
    case 'succeeded':
      return (
        <>
          <ChangeLine run={run} />
          {run.changes.length === 0 && <div class="line">Finished without changing a file.</div>}
          {run.state.summary.trim() && (
            <Collapsible lines={run.changes.length === 0 ? 10 : 6}>
              <Markdown text={run.state.summary} />
            </Collapsible>
          )}
          <Unfounded paths={run.unfounded ?? []} />
          <RunActions {...props} />
        </>
      );
    case 'failed': {
      const { problem } = run.state;
      const isRetry = problem.action?.type === 'retry';
      return (
        <>
          <ChangeLine run={run} />
          <ProblemNotice
            problem={problem}
            onAct={isRetry ? undefined : () => ask(host.act({ runId: run.id }))}
            first={<ContinueButton run={run} />}
          >
            <RetryButton run={run} />
          </ProblemNotice>
          {run.changes.length > 0 && <RunActions {...props} />}
        </>
      );
    }
    case 'canceled':
      return (
        <>
          <ChangeLine run={run} />
          {run.state.reason !== undefined && (
            <p class="cancel-reason quiet" data-testid="cancel-reason">
              {run.state.reason}
            </p>
          )}
          <div class="actions">
            <RetryButton run={run} />
          </div>
          {run.changes.length > 0 && <RunActions {...props} />}
        </>
      );
    default:
      return run.state satisfies never;
  }
}

/** What a run changed, which leads to its comparison with the others. */
function ChangeLine(props: { readonly run: Run }): JSX.Element | null {
  const { changes, roundId, profile } = props.run;
  const { host } = useTaskContext();
  if (changes.length === 0) return null;
  return (
    <>
      <button
        type="button"
        class="line change-line quiet"
        title="Compare with the other runs"
        data-testid="compare-run"
        onClick={() => ask(host.openCompare({ roundId }))}
      >
        <span class="hidden-text">Compare {profile.label}: </span>
        <LineCount {...sumLines(changes)} /> in {countText(changes.length, 'file')}
      </button>
      <SecretsInPatch candidate={props.run} />
    </>
  );
}

/** For a run that a limit stopped: it goes on from what it has, where Retry would begin again. */
function ContinueButton({ run }: { readonly run: Run }): JSX.Element | null {
  const { host } = useTaskContext();
  if (!canContinue(run)) return null;
  return (
    <Button
      class="small"
      appearance="secondary"
      label={`Continue ${run.profile.label}`}
      title="Go on from what this run has done"
      data-testid="continue-run"
      onClick={() => ask(host.continueRun({ runId: run.id }))}
    >
      Continue
    </Button>
  );
}

function RetryButton({ run }: { readonly run: Run }): JSX.Element {
  const { host } = useTaskContext();
  return (
    <Button
      class="small"
      appearance="secondary"
      label={`Retry ${run.profile.label}`}
      data-testid="retry-run"
      onClick={() => ask(host.retryRun({ runId: run.id }))}
    >
      Retry
    </Button>
  );
}
