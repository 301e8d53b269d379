import type { FileRow as ComparedFile, FileDiff } from '../core/comparison.ts';
import type { PullRequest, Round, RoundId, Run, RunId } from '../core/domain.ts';

export type { DiffRow, FileCell, FileDiff } from '../core/comparison.ts';

/** Names one file of a comparison; made by the host, so that no path crosses from the webview. */
export type FileId = string;

/** A run as a column. */
export interface Candidate {
  readonly run: Run;
  readonly isChosen: boolean;
  readonly pullRequest?: PullRequest;
}

/** A row of the table, with the name the webview uses for the file. */
export interface FileRow extends ComparedFile {
  readonly id: FileId;
}

export interface SelectedFile {
  readonly id: FileId;
  readonly path: string;
  /** One entry per candidate, in their order; absent while it is being read. */
  readonly diffs?: readonly FileDiff[];
  /** Why the diffs could not be read. */
  readonly failure?: string;
}

/** All that the compare panel shows. */
export interface CompareState {
  readonly taskTitle: string;
  readonly roundId: RoundId;
  readonly message: string;
  readonly start: Round['start']['from'];
  readonly candidates: readonly Candidate[];
  readonly files: readonly FileRow[];
  readonly selected?: SelectedFile;
}

/** What the compare panel may ask of the host. */
export interface CompareHost {
  /** The panel is loaded, for the first time or after it was hidden: send the state now. */
  ready(): void;
  selectFile(argument: { fileId: FileId }): void;
  /** Opens VS Code's own diff editor: base against the candidate's version. */
  openDiff(argument: { runId: RunId; fileId: FileId }): void;
  previewPatch(argument: { runId: RunId }): void;
  chooseRun(argument: { runId: RunId }): void;
  applyRun(argument: { runId: RunId }): void;
  createPullRequest(argument: { runId: RunId }): void;
  openPullRequest(argument: { runId: RunId }): void;
  cancelRun(argument: { runId: RunId }): void;
}

/** What the host tells the compare panel while it is visible. */
export interface CompareNotifications {
  state(argument: CompareState): void;
}
