import type { JSX } from 'preact';
import type { Run } from '../../src/core/domain.ts';
import type { Cost } from '../../src/core/modelFacts/price.ts';
import type { PullRequest } from '../../src/core/pullRequest.ts';
import { ask } from '../host.ts';
import { CandidateDot, candidateClass } from '../shared/candidateDot.tsx';
import { ChooseRun } from '../shared/chooseRun.tsx';
import { durationText, secondsOf } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { Menu } from '../shared/menu.tsx';
import { withheldText, withheldTitle } from '../shared/secretTexts.ts';
import { StatusMark } from '../shared/statusMark.tsx';
import { useNow } from '../shared/useNow.ts';
import { Button } from '../toolkit.ts';
import { RunBody } from './runBody.tsx';
import { RunFigures } from './runFigures.tsx';
import { RunSteps } from './runSteps.tsx';
import { useTaskContext } from './taskContext.ts';

export interface RunCardProps {
  readonly run: Run;
  /** Absent where nobody knows it. */
  readonly cost: Cost | undefined;
  /** The run's place in its round, which gives its colour. */
  readonly index: number;
  readonly isChosen: boolean;
  /** Whether the next message can start from this run. */
  readonly isInLastRound: boolean;
  /** The one that it opened, or whose branch it went onto. */
  readonly pullRequest: PullRequest | undefined;
  /** The one that it can be put onto. */
  readonly updates: PullRequest | undefined;
}

/** One run: who works on it, how far it is, what it changed, and what can be done with it. */
export function RunCard(props: RunCardProps): JSX.Element {
  const { run, index } = props;
  const { host } = useTaskContext();
  const { profile, state, usage } = run;
  const isActive = state.status === 'queued' || state.status === 'running';
  const seconds = secondsOf(run, useNow(state.status === 'running'));
  const withheld = withheldText(run);
  return (
    <article
      class={`run ${candidateClass(index)} ${props.isChosen ? 'is-chosen' : ''}`}
      aria-label={`Run of ${profile.label}`}
      data-testid="run-card"
      data-run-id={run.id}
      data-model={profile.model}
      data-provider={profile.provider}
      data-status={state.status}
      data-files={run.changes.length}
      data-seconds={seconds === undefined ? 0 : Math.round(seconds * 10) / 10}
      data-input-tokens={usage.input}
      data-output-tokens={usage.output}
    >
      <div class="run-head">
        <CandidateDot />
        <b class="one-line" title={`${profile.label} (${profile.model})`}>
          {profile.label}
        </b>
        <StatusMark run={run} />
        {seconds !== undefined && <span class="figures number">{durationText(seconds)}</span>}
        {isActive && (
          <Button
            appearance="icon"
            class="cancel"
            label={`Cancel ${profile.label}`}
            title="Cancel"
            data-testid="cancel-run"
            onClick={() => ask(host.cancelRun({ runId: run.id }))}
          >
            <Icon name="close" />
          </Button>
        )}
        <Menu
          label={`More Actions for ${profile.label}`}
          title="More Actions"
          testId="run-menu"
          items={[
            { id: 'compare', label: 'Compare', onSelect: () => ask(host.openCompare({ roundId: run.roundId })) },
            { id: 'transcript', label: 'Show Transcript', onSelect: () => ask(host.showTranscript({ runId: run.id })) },
            { id: 'export', label: 'Export Run…', onSelect: () => ask(host.exportRun({ runId: run.id })) },
          ]}
        />
      </div>
      <RunBody {...props} />
      <RunFigures run={run} cost={props.cost} />
      <RunSteps run={run}>
        {withheld && (
          <span class="quiet number" title={withheldTitle} data-testid="secrets-withheld">
            {withheld}
          </span>
        )}
        <ChoiceMark {...props} />
      </RunSteps>
    </article>
  );
}

/** A finished run of the last round can be chosen; of an older one it only shows that it was. */
function ChoiceMark({ run, isChosen, isInLastRound }: RunCardProps): JSX.Element | null {
  const { host } = useTaskContext();
  const { status } = run.state;
  if (status === 'queued' || status === 'running' || run.changes.length === 0) return null;
  if (isInLastRound) {
    return (
      <ChooseRun
        isChosen={isChosen}
        name={run.profile.label}
        label="Use for Next"
        onChoose={() => ask(host.chooseRun({ roundId: run.roundId, runId: run.id }))}
      />
    );
  }
  if (!isChosen) return null;
  return (
    <span class="choose chosen">
      <Icon name="pass-filled" />
      Chosen
    </span>
  );
}
