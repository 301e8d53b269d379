import type { ComponentChildren, JSX } from 'preact';
import type { AgreementState, Column, CompareState, FilesState } from '../../src/protocol/comparePanel.ts';
import { Icon } from '../shared/icon.tsx';
import { ProgressRing } from '../shared/progressRing.tsx';
import { agreementSentence, barText } from './agreement.ts';
import { usePanel } from './panelContext.ts';

/** How far candidates agree, in a bar and a sentence, and the way to the places where they don't. */
export function AgreementLine(props: {
  readonly state: CompareState;
  readonly files: FilesState | undefined;
  readonly visible: readonly Column[];
  readonly children: ComponentChildren;
}): JSX.Element {
  const { state, files, visible, children } = props;
  return (
    <section class="agreement-line" aria-label="Agreement">
      <div class="agreement" data-testid="agreement">
        <AgreementBar agreement={files?.agreement} />
        <p role="status">
          {agreementSentence(visible, files).map(({ text, isStrong }, index) =>
            isStrong ? <b key={index}>{text}</b> : <span key={index}>{text}</span>,
          )}
        </p>
        <span class="progress" title={state.isComparing ? 'Comparing…' : undefined}>
          {state.isComparing && (
            <>
              <ProgressRing />
              <span class="hidden-text">Comparing…</span>
            </>
          )}
        </span>
      </div>
      <PlaceButtons places={files?.places ?? []} />
      {children}
    </section>
  );
}

function AgreementBar(props: { readonly agreement: AgreementState | undefined }): JSX.Element {
  const { agreement } = props;
  if (!agreement) return <span class="agreement-bar" aria-hidden="true" />;
  const { agreed, majority, disputed } = agreement;
  const text = barText(agreement);
  return (
    <span class="agreement-bar" role="img" aria-label={text} title={text}>
      <i class="all" style={{ flexGrow: agreed }} />
      <i class="most" style={{ flexGrow: majority }} />
      <i class="disputed" style={{ flexGrow: disputed }} />
    </span>
  );
}

function PlaceButtons({ places }: Pick<FilesState, 'places'>): JSX.Element {
  const panel = usePanel();
  const isNone = places.length === 0;
  const index = places.findIndex((place) => panel.isCurrent(place));
  return (
    <div class="place-buttons">
      {index >= 0 && (
        <span class="place-count quiet number" data-testid="place-count">
          {index + 1} of {places.length}
        </span>
      )}
      <button
        type="button"
        class="button secondary"
        title="Previous place (p)"
        aria-label="Previous place"
        aria-keyshortcuts="p"
        disabled={isNone}
        data-testid="previous-place"
        onClick={() => panel.goFurther(-1)}
      >
        <Icon name="arrow-up" />
        <kbd>p</kbd>
      </button>
      <button
        type="button"
        class="button secondary"
        title="Next place (n)"
        aria-keyshortcuts="n"
        disabled={isNone}
        data-testid="next-place"
        onClick={() => panel.goFurther(1)}
      >
        <Icon name="arrow-down" />
        Next Place
        <kbd>n</kbd>
      </button>
    </div>
  );
}
