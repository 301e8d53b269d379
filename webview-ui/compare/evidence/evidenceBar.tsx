import type { JSX } from 'preact';
import type { EvidenceLine } from '../../../src/protocol/compareEvidence.ts';
import type { CompareState } from '../../../src/protocol/comparePanel.ts';
import { ask } from '../../host.ts';
import { Icon } from '../../shared/icon.tsx';
import { useCompareHost } from '../compareContext.ts';
import { evidenceButtons } from './evidenceButtons.ts';
import { EvidenceText } from './evidenceLine.tsx';
import { evidenceNews, roundFacts } from './evidenceTexts.ts';
import { Notes } from './notes.tsx';

/** What holds for all candidates, and what can be done to know more about them. */
export function EvidenceBar(props: { readonly state: CompareState }): JSX.Element {
  const { state } = props;
  const { problem, notes, verdict } = state.evidence;
  return (
    <section class="evidence-bar" aria-label="Evidence" data-testid="evidence-bar">
      <div class="evidence-notes">
        {verdict && <Verdict verdict={verdict} />}
        {roundFacts(state.evidence).map((fact) => (
          <EvidenceText key={fact.text} line={fact} />
        ))}
        <Notes notes={notes} />
      </div>
      <Buttons state={state} />
      {problem !== undefined && (
        <p class="evidence-problem" role="alert">
          <Icon name="warning" class="warning" />
          {problem}
        </p>
      )}
      <div class="hidden-text" role="status">
        {evidenceNews(state.evidence)}
      </div>
    </section>
  );
}

/** The answer to which candidate to pick, before everything that led to it. */
function Verdict({ verdict }: { readonly verdict: EvidenceLine }): JSX.Element {
  const { text, tone, detail } = verdict;
  return (
    <span class={`verdict tone-${tone}`} title={[text, detail].filter(Boolean).join(': ')} data-testid="verdict">
      {tone === 'good' && <Icon name="star-full" />}
      {tone === 'bad' && <Icon name="error" />}
      <b class="one-line">{text}</b>
    </span>
  );
}

function Buttons({ state }: { readonly state: CompareState }): JSX.Element {
  const host = useCompareHost();
  const { run, canCancelChecks, canReview, canCancelReview, canCopy } = evidenceButtons(state);
  // One button that begins and cancels, so that it keeps the focus.
  const runChecks = { icon: 'beaker', label: run ?? '', testId: 'run-checks', onClick: () => ask(host.runChecks({})) };
  const cancelChecks = {
    icon: 'debug-stop',
    label: 'Cancel Checks',
    testId: 'cancel-checks',
    onClick: () => ask(host.cancelChecks()),
  };
  const review = {
    icon: 'comment-discussion',
    label: 'Review…',
    title: 'Have models review the candidates, without knowing whose they are',
    testId: 'review-candidates',
    onClick: () => ask(host.reviewCandidates()),
  };
  const cancelReview = {
    icon: 'debug-stop',
    label: 'Cancel Review',
    testId: 'cancel-review',
    onClick: () => ask(host.cancelReview()),
  };
  return (
    <div class="evidence-buttons">
      {(run !== undefined || canCancelChecks) && <BarButton {...(canCancelChecks ? cancelChecks : runChecks)} />}
      {(canReview || canCancelReview) && <BarButton {...(canCancelReview ? cancelReview : review)} />}
      {canCopy && (
        <BarButton
          icon="copy"
          label="Copy as Markdown"
          title="Copy the evidence as a Markdown table"
          testId="copy-evidence"
          onClick={() => ask(host.copyEvidence())}
        />
      )}
    </div>
  );
}

function BarButton(props: {
  readonly icon: string;
  readonly label: string;
  readonly title?: string;
  readonly testId: string;
  readonly onClick: () => void;
}): JSX.Element {
  const { icon, label, title, testId, onClick } = props;
  return (
    <button type="button" class="button ghost" title={title} data-testid={testId} onClick={onClick}>
      <Icon name={icon} />
      {label}
    </button>
  );
}
