import type { JSX } from 'preact';
import type { FileMode, PatchSecret } from '../../src/core/domain.ts';
import type { FileCell } from '../../src/protocol/comparePanel.ts';
import { CandidateDot } from '../shared/candidateDot.tsx';
import { Icon } from '../shared/icon.tsx';
import { LineCount } from '../shared/lineCount.tsx';
import { secretPlaces } from '../shared/secretTexts.ts';
import type { CandidateMark } from './compareContext.ts';
import type { ShownCell } from './shownRows.ts';

/** What one candidate did to one file: "+9 −2", "new", "same as …". */
export function FileCellContent(props: {
  readonly shown: ShownCell | null;
  /** Those that the candidate's patch adds to this file. */
  readonly secrets: readonly PatchSecret[];
  /** Who has the same, further left. */
  readonly same?: CandidateMark | undefined;
}): JSX.Element {
  const { shown, secrets, same } = props;
  if (!shown) {
    return (
      <span class="quiet">
        –<span class="hidden-text"> unchanged</span>
      </span>
    );
  }
  const { cell } = shown;
  const marks = [kindMark(cell), modeMark(cell.mode)].filter(Boolean).join(', ');
  return (
    <>
      {cell.lines ? <LineCount {...cell.lines} /> : <span>binary</span>}
      {marks && <span class="quiet">{marks}</span>}
      {cell.from !== undefined && <span class="hidden-text"> from {cell.from}</span>}
      {secrets.length > 0 && (
        <span class="secret-mark warning" title={secretPlaces(secrets)} data-testid="secret-in-file">
          <Icon name="warning" />
          <span class="hidden-text">secret in the patch: {secretPlaces(secrets)}</span>
        </span>
      )}
      {same && (
        <span class={`same quiet ${same.className}`}>
          <span class="same-words">same as </span>
          <CandidateDot />
          <span class="one-line">{same.label}</span>
        </span>
      )}
    </>
  );
}

function kindMark({ kind }: FileCell): string {
  return kind === 'modified' ? '' : kind === 'added' ? 'new' : kind;
}

function modeMark(mode: FileMode | undefined): string {
  switch (mode) {
    case undefined:
      return '';
    case '100755':
      return 'executable';
    case '100644':
      return 'plain file';
    case '120000':
      return 'link';
    case '160000':
      return 'submodule';
    default:
      return mode satisfies never;
  }
}
