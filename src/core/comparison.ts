import type { FileChange, RunId } from './domain.ts';

/** What one candidate did to one file. */
export interface FileCell {
  readonly kind: FileChange['kind'];
  /** Lines added and removed; absent for a binary file. */
  readonly lines?: { readonly added: number; readonly removed: number };
  /** The first candidate to the left whose result for this file is exactly the same. */
  readonly sameAs?: RunId;
}

/** A line of the files × candidates table. */
export interface FileRow {
  readonly path: string;
  /** One entry per candidate, in their order; null where it left the file alone. */
  readonly cells: readonly (FileCell | null)[];
}

/** A line of a diff. Line numbers count from 1. `fold` stands for unchanged lines that are left out. */
export type DiffRow =
  | { readonly type: 'context'; readonly oldLine: number; readonly newLine: number; readonly text: string }
  | { readonly type: 'added'; readonly newLine: number; readonly text: string }
  | { readonly type: 'removed'; readonly oldLine: number; readonly text: string }
  | { readonly type: 'fold'; readonly lines: number };

/** One file in one candidate's column. */
export type FileDiff =
  | { readonly type: 'unchanged' }
  | { readonly type: 'same'; readonly as: RunId }
  | { readonly type: 'binary' }
  | { readonly type: 'too-large'; readonly lines: number }
  | { readonly type: 'diff'; readonly rows: readonly DiffRow[] };
