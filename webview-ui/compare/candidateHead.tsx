import type { JSX } from 'preact';
import type { RunId } from '../../src/core/domain.ts';
import type { Candidate } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { CandidateDot, candidateClass } from '../shared/candidateDot.tsx';
import { ChooseRun } from '../shared/chooseRun.tsx';
import { countText, durationText, secondsOf, sumLines, tokensText } from '../shared/figures.ts';
import { LineCount } from '../shared/lineCount.tsx';
import { PullRequestLink } from '../shared/pullRequestLink.tsx';
import { SecretsInPatch } from '../shared/secretsInPatch.tsx';
import { StatusMark } from '../shared/statusMark.tsx';
import { useNow } from '../shared/useNow.ts';
import { Button } from '../toolkit.ts';
import { useCompareHost } from './compareContext.ts';

/** The head of a column: who made it, how it went, how much it changes, and what can be done with it. */
export function CandidateHead(props: {
  readonly candidate: Candidate;
  readonly index: number;
  /** The one candidate whose pull request is the suggested next step. */
  readonly isPrimary: boolean;
}): JSX.Element {
  const { candidate, index, isPrimary } = props;
  const { run } = candidate;
  const { state, profile, changes } = run;
  const host = useCompareHost();
  const seconds = secondsOf(run, useNow(state.status === 'running'));
  const isActive = state.status === 'queued' || state.status === 'running';
  const figures = [seconds === undefined ? '' : durationText(seconds), tokensText(run.usage)].filter(Boolean);
  return (
    <section
      class={`head ${candidateClass(index)} ${candidate.isChosen ? 'is-chosen' : ''}`}
      aria-label={profile.label}
      data-testid="candidate"
      data-run-id={run.id}
      data-status={state.status}
    >
      <div class="name">
        <CandidateDot />
        <h2 class="one-line" title={`${profile.label} (${profile.model})`}>
          {profile.label}
        </h2>
        <StatusMark run={run} />
        {!isActive && changes.length > 0 && (
          <ChooseRun
            isChosen={candidate.isChosen}
            name={profile.label}
            label="Choose"
            onChoose={() => ask(host.chooseRun({ runId: run.id }))}
          />
        )}
      </div>
      <div class="facts quiet number one-line">
        {changes.length > 0 ? (
          <>
            <LineCount {...sumLines(changes)} /> in {countText(changes.length, 'file')}
          </>
        ) : (
          <span>{isActive ? 'no file changed yet' : 'no file changed'}</span>
        )}
        {figures.map((figure) => (
          <span key={figure}> · {figure}</span>
        ))}
      </div>
      <SecretsInPatch run={run} />
      {state.status === 'failed' && (
        <p class="head-problem" title={state.problem.message}>
          {state.problem.message}
        </p>
      )}
      {candidate.pullRequest && (
        <PullRequestLink
          pullRequest={candidate.pullRequest}
          onOpen={() => ask(host.openPullRequest({ runId: run.id }))}
        />
      )}
      <CandidateActions candidate={candidate} isPrimary={isPrimary} runId={run.id} />
    </section>
  );
}

function CandidateActions(props: {
  readonly candidate: Candidate;
  readonly isPrimary: boolean;
  readonly runId: RunId;
}): JSX.Element | null {
  const { candidate, isPrimary, runId } = props;
  const { state, changes, profile } = candidate.run;
  const host = useCompareHost();
  if (state.status === 'queued' || state.status === 'running') {
    return (
      <div class="actions">
        <Button
          class="small"
          appearance="secondary"
          label={`Cancel ${profile.label}`}
          data-testid="cancel-run"
          onClick={() => ask(host.cancelRun({ runId }))}
        >
          Cancel
        </Button>
      </div>
    );
  }
  if (changes.length === 0) return null;
  return (
    <div class="actions">
      {!candidate.pullRequest && (
        <Button
          class="small"
          appearance={isPrimary ? 'primary' : 'secondary'}
          label={`Create Pull Request from ${profile.label}`}
          title="Create Pull Request"
          data-testid="create-pull-request"
          onClick={() => ask(host.createPullRequest({ runId }))}
        >
          Pull Request
        </Button>
      )}
      <Button
        class="small"
        appearance="secondary"
        label={`Preview ${profile.label}`}
        data-testid="preview-patch"
        onClick={() => ask(host.previewPatch({ runId }))}
      >
        Preview
      </Button>
      <Button
        class="small"
        appearance="secondary"
        label={`Apply ${profile.label} to Workspace`}
        title="Apply to Workspace"
        data-testid="apply"
        onClick={() => ask(host.applyRun({ runId }))}
      >
        Apply
      </Button>
    </div>
  );
}
