import type { CandidateId } from '../../../src/core/domain.ts';
import type { Column, CompositionColumn, OpenFile, SyntaxTheme } from '../../../src/protocol/comparePanel.ts';

/** What the aligned view is a function of. */
export interface AlignedProps {
  readonly file: OpenFile;
  readonly baseText: string;
  /** Those that are shown, left to right. The composition is among them when it is shown as a column. */
  readonly columns: readonly Column[];
  /** The composition that takes choices, if there is one; it may not be shown as a column. */
  readonly composition?: CompositionColumn;
  /** What the left-most column holds and changes are marked against; absent: no such column, and marks are against the base. */
  readonly lead?: 'base' | CandidateId;
  /** Shows all unchanged lines instead of folding them. */
  readonly isUnfolded: boolean;
  readonly theme?: SyntaxTheme;
  /** The one scroller, both ways. The aligned view is inside it, below heads of `headsHeight` pixels that stick to its top. */
  readonly scroller: HTMLElement;
  readonly headsHeight: number;
  /** A place to bring into view and to focus; another `nonce` asks again. `line` is of the base, counted from 1. */
  readonly target?: { readonly line?: number; readonly regionId?: string; readonly nonce: number };
}
