import type { FileResult } from './comparison.ts';
import type {
  CompositionId,
  FileChange,
  ObjectName,
  PatchSecret,
  Round,
  RoundId,
  Run,
  TaskId,
  Timestamp,
} from './domain.ts';

/**
 * What a composition has of one file, by the file's key in the comparison (its path in the base, or the new one). `lines`: edits of the
 * base's lines, and where the file is (absent: not there). `whole`: taken as it is from a candidate.
 */
export interface ComposedFile {
  readonly key: string;
  readonly result: FileResult;
}

/**
 * A patch put together from regions of several candidates of a round. It is a candidate like a run: with its own tree and patch, which can be
 * previewed, applied, and made into a pull request.
 */
export interface Composition {
  readonly id: CompositionId;
  readonly taskId: TaskId;
  readonly roundId: RoundId;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  /** Only files that differ from the base. */
  readonly files: readonly ComposedFile[];
  /** What it was made of, for people: "Claude's, with 1 place from GPT". */
  readonly name: string;
  readonly changes: readonly FileChange[];
  readonly tree: ObjectName;
  readonly secretsInPatch: readonly PatchSecret[];
}

/** A result as one choice among several. */
export type Candidate = Run | Composition;

export function isComposition(candidate: Candidate): candidate is Composition {
  return 'files' in candidate;
}

/** What can be chosen among in a round: its runs, then its compositions. */
export function candidatesOf({ runs, compositions }: Pick<Round, 'runs' | 'compositions'>): readonly Candidate[] {
  return [...runs, ...compositions];
}

/** What a candidate is called beside others. */
export function labelOf(candidate: Candidate): string {
  return isComposition(candidate) ? 'Your composition' : candidate.profile.label;
}
