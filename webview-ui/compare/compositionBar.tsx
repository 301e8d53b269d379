import type { JSX } from 'preact';
import type { CompareState, CompositionColumn } from '../../src/protocol/comparePanel.ts';
import { ask } from '../host.ts';
import { CandidateDot } from '../shared/candidateDot.tsx';
import { countText } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { LineCount } from '../shared/lineCount.tsx';
import { ProgressRing } from '../shared/progressRing.tsx';
import { SecretsInPatch } from '../shared/secretsInPatch.tsx';
import { useCompareHost } from './compareContext.ts';
import { canCheck } from './evidence/evidenceButtons.ts';
import { EvidenceText } from './evidence/evidenceLine.tsx';
import { checksSummary } from './evidence/evidenceTexts.ts';

/** What the user has put together so far, and what can be done with it. */
export function CompositionBar(props: {
  readonly state: CompareState;
  readonly composition: CompositionColumn;
}): JSX.Element {
  const { state, composition } = props;
  const { isComposing, canUndoTake, evidence } = state;
  const { id, label, name, size } = composition;
  const host = useCompareHost();
  const isEmpty = size.files === 0;
  return (
    <section class="composition composition-bar" aria-label={`${label} so far`} data-testid="composition-bar">
      <span class="what">
        {isComposing ? <ProgressRing /> : <CandidateDot />}
        <b>{label}</b>
        <span class="quiet one-line" title={name}>
          {name}
        </span>
      </span>
      <span class="size number">
        {isEmpty ? (
          <span class="quiet">the same as the base</span>
        ) : (
          <>
            <LineCount {...size} /> <span class="quiet">in {countText(size.files, 'file')}</span>
          </>
        )}
        {isComposing && <span class="hidden-text">, working your choice in</span>}
      </span>
      <SecretsInPatch candidate={composition} />
      {!isEmpty && evidence.checks + evidence.notAgreed > 0 && <ChecksLine composition={composition} />}
      <span class="actions">
        <button
          type="button"
          class="button ghost"
          disabled={!canUndoTake}
          data-testid="undo-take"
          onClick={() => ask(host.undoTake())}
        >
          <Icon name="discard" />
          Undo
        </button>
        <button
          type="button"
          class="button ghost"
          data-testid="discard-composition"
          onClick={() => ask(host.discardComposition({ id }))}
        >
          Discard
        </button>
        {canCheck(composition, evidence) && (
          <button
            type="button"
            class="button secondary"
            data-testid="check-composition"
            onClick={() => ask(host.runChecks({ id }))}
          >
            Run Checks
          </button>
        )}
        <button
          type="button"
          class="button secondary"
          disabled={isEmpty}
          data-testid="preview-composition"
          onClick={() => ask(host.previewPatch({ id }))}
        >
          Preview
        </button>
        <button
          type="button"
          class="button secondary"
          disabled={isEmpty}
          data-testid="apply-composition"
          onClick={() => ask(host.apply({ id }))}
        >
          Apply to Workspace
        </button>
        <button
          type="button"
          class="button"
          disabled={isEmpty}
          data-testid="create-composition-pull-request"
          onClick={() => ask(host.createPullRequest({ id }))}
        >
          Create Pull Request
        </button>
      </span>
    </section>
  );
}

/** What checks say about it. */
function ChecksLine({ composition }: { readonly composition: CompositionColumn }): JSX.Element {
  const host = useCompareHost();
  const { id, label, evidence } = composition;
  const summary = checksSummary(evidence?.checks ?? []);
  const [only, ...others] = evidence?.checks ?? [];
  const output = only?.hasOutput && others.length === 0 ? only.check : undefined;
  return (
    <span class="composition-checks" data-testid="composition-checks">
      {summary ? (
        <EvidenceText
          line={summary}
          does={`Show what ${output} printed for ${label}`}
          onOpen={output === undefined ? undefined : () => ask(host.showCheckOutput({ id, check: output }))}
        />
      ) : (
        <span class="quiet">checks not run on it yet</span>
      )}
    </span>
  );
}
