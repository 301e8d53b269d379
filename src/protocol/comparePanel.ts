import type { Alternative, DisputedPlace, FileCell } from '../core/comparison.ts';
import type {
  CandidateId,
  CompositionId,
  FileChange,
  FileMode,
  PatchSecret,
  Round,
  RoundId,
  Run,
  RunId,
} from '../core/domain.ts';
import type { Cost } from '../core/modelFacts/price.ts';
import type { PullRequest } from '../core/pullRequest.ts';
import type { EvidenceFacts, EvidenceState, FindingView } from './compareEvidence.ts';
import type { FileId } from './fileId.ts';

export type { Alternative, FileCell } from '../core/comparison.ts';

export type { FileId } from './fileId.ts';

/** A run without what only the task view shows. */
export type RunFacts = Omit<Run, 'steps' | 'changes' | 'resumes'>;

/** How much a candidate changes. */
export interface PatchSize {
  readonly files: number;
  readonly added: number;
  readonly removed: number;
}

interface CandidateFacts {
  /** Absent for a run that is still going. */
  readonly evidence?: EvidenceFacts;
  readonly size: PatchSize;
  readonly isChosen: boolean;
  /** The one that it opened, or whose branch it went onto. */
  readonly pullRequest?: PullRequest;
  /** The number of the one that it can be put onto. */
  readonly updates?: number;
}

/** A run as a column; it may still be going. */
export interface RunColumn extends CandidateFacts {
  readonly type: 'run';
  readonly id: RunId;
  readonly label: string;
  readonly run: RunFacts;
  /** Absent where nobody knows it. */
  readonly cost?: Cost;
}

/** What the user put together, as a column. */
export interface CompositionColumn extends CandidateFacts {
  readonly type: 'composition';
  readonly id: CompositionId;
  readonly label: string;
  /** What it is made of: "Claude's, with 1 place from GPT". */
  readonly name: string;
  /** Whether choices go into it. One with a pull request, or that a round goes on from, stays as it is. */
  readonly isOpen: boolean;
  readonly secretsInPatch: readonly PatchSecret[];
}

export type Column = RunColumn | CompositionColumn;

/** What the compare panel shows besides files. Sent at every change, so it is small. */
export interface CompareState {
  readonly taskTitle: string;
  readonly roundId: RoundId;
  readonly message: string;
  readonly start: Round['start']['from'];
  /** Runs in the round's order, then compositions in theirs. */
  readonly columns: readonly Column[];
  /** Whether formatting-only differences count as the same (a setting). */
  readonly ignoresFormatting: boolean;
  /** Whether candidates are being compared right now, and what is shown of files may be from before. */
  readonly isComparing: boolean;
  /** Why they could not be compared. */
  readonly failure?: string;
  /** A choice is being worked into the composition. */
  readonly isComposing: boolean;
  /** Whether `undoTake` has a choice to take back. */
  readonly canUndoTake: boolean;
  readonly evidence: EvidenceState;
}

/** A row of the files × candidates table. */
export interface FileRow {
  readonly id: FileId;
  readonly path: string;
  /** One per column of `FilesState.columns`; null where it left the file alone. */
  readonly cells: readonly (FileCell | null)[];
  /** Whether all visible runs have it alike; so too where there is but one. */
  readonly isAgreed: boolean;
}

/** A place where candidates differ, and what to call it. */
export interface Place extends Omit<DisputedPlace, 'key'> {
  readonly fileId: FileId;
  readonly path: string;
  /** The function or class around it, where one was found: `send()`. */
  readonly inside?: string;
}

/** What of `Agreement` is shown; in changed lines. */
export interface AgreementState {
  /** How many candidates were looked at: the ended, visible runs. */
  readonly candidates: number;
  readonly agreed: number;
  readonly majority: number;
  readonly disputed: number;
}

/** The files of all candidates. Sent when what a candidate has, or what is visible, changed. */
export interface FilesState {
  /** What the columns of rows and groups are. Runs that are still going are among them, with cells alone. */
  readonly columns: readonly CandidateId[];
  readonly rows: readonly FileRow[];
  /** Absent for fewer than two candidates. */
  readonly agreement?: AgreementState;
  /** Most disputed first; at most so many as a person would look through. */
  readonly places: readonly Place[];
  /** How many there are in all. */
  readonly placeCount: number;
}

/** A region as it is shown. */
export interface RegionView {
  /** Names the region in its file, as long as no further run ends. */
  readonly id: string;
  /** The first of the base's lines, counted from 0. */
  readonly start: number;
  /** How many of the base's lines. */
  readonly length: number;
  /** The first is always the base's own text. `columns` are those of `OpenFile.columns`. */
  readonly alternatives: readonly Alternative[];
  /** The function or class around it. */
  readonly inside?: string;
}

/** Where a file is, or which version of it there is, as one choice for the file as a whole. */
export interface PlaceView {
  /** Absent where the file is not there. */
  readonly path?: string;
  readonly mode?: FileMode;
  readonly columns: readonly number[];
}

/** A file in the aligned view, without its base text. */
export interface OpenFile {
  readonly id: FileId;
  readonly path: string;
  /** What the columns of alternatives and places are: those of runs that ended, and of compositions. */
  readonly columns: readonly CandidateId[];
  /** The kind of each column's change; null where it left the file alone. */
  readonly kinds: readonly (FileChange['kind'] | null)[];
  /** `whole`: nothing to align; `places` are its versions, the base's first. */
  readonly type: 'lines' | 'whole';
  readonly regions: readonly RegionView[];
  /** The first is the base's own. More than one where candidates moved, added or deleted it, or changed its mode. */
  readonly places: readonly PlaceView[];
  /** What reviewers found in it. */
  readonly findings: readonly FindingView[];
  /** VS Code's name of the language, to colour it. */
  readonly language?: string;
}

/** How the aligned view got on with the file that was asked for last. */
export type FileNews =
  | { readonly type: 'reading'; readonly id: FileId; readonly path: string }
  | { readonly type: 'open'; readonly file: OpenFile }
  | { readonly type: 'failed'; readonly id: FileId; readonly path: string; readonly message: string };

/** The colours of the user's theme, as VS Code's themes have them. */
export interface SyntaxTheme {
  readonly kind: 'light' | 'dark';
  readonly foreground: string;
  readonly rules: readonly { readonly scope: readonly string[]; readonly settings: SyntaxStyle }[];
}

export interface SyntaxStyle {
  readonly foreground?: string;
  readonly fontStyle?: string;
}

/** A side of VS Code's diff editor. `workspace` is the file as the user has it now. */
export type Side = 'base' | 'workspace' | CandidateId;

/** What is taken into the composition: a region of a file, a whole file, or everything. */
export type TakenPart =
  | { readonly type: 'region'; readonly fileId: FileId; readonly regionId: string }
  | { readonly type: 'file'; readonly fileId: FileId }
  | { readonly type: 'all' };

/** What the panel has chosen to look at; the webview keeps it, and tells it when it is loaded and when it changes. */
export interface Looking {
  readonly hidden: readonly CandidateId[];
  readonly fileId?: FileId;
}

/** What the compare panel may ask of the host. */
export interface CompareHost {
  /** The panel is loaded, for the first time or after it was hidden: send everything now. */
  ready(argument: Looking): void;
  /** Other candidates are hidden, or another file is looked at. */
  look(argument: Looking): void;
  /** Opens VS Code's diff editor for a file, at a line of the right side (counted from 1). */
  openDiff(argument: { left: Side; right: Side; fileId: FileId; line?: number }): void;
  /** Opens all of a candidate's files in the multi-diff editor. */
  previewPatch(argument: { id: CandidateId }): void;
  chooseCandidate(argument: { id: CandidateId }): void;
  /** All files, or those of `fileIds`. */
  apply(argument: { id: CandidateId; fileIds?: readonly FileId[] }): void;
  createPullRequest(argument: { id: CandidateId }): void;
  openPullRequest(argument: { id: CandidateId }): void;
  /** Puts a candidate onto the pull request that its round goes on from. */
  updatePullRequest(argument: { id: CandidateId }): void;
  cancelRun(argument: { id: RunId }): void;
  /** Takes a part from a candidate, or from the base, into the open composition; makes one when there is none. */
  take(argument: { part: TakenPart; from: 'base' | CandidateId }): void;
  /** Takes the last choice back. */
  undoTake(): void;
  /** Opens the composed file in an editor, at the region, to change it by hand. */
  editByHand(argument: { fileId: FileId; regionId?: string }): void;
  /** Runs the checks on the base and on all candidates (or one), after asking where they are not agreed to yet. */
  runChecks(argument: { id?: CandidateId }): void;
  cancelChecks(): void;
  /** Asks reviewers, after letting the user choose them. */
  reviewCandidates(): void;
  cancelReview(): void;
  /** Opens what a check printed, of a candidate or the base. */
  showCheckOutput(argument: { id: CandidateId | 'base'; check: string }): void;
  /** Sends a finding to its run as a follow-up message. */
  sendFinding(argument: { findingId: string }): void;
  /** Copies the evidence table as Markdown. */
  copyEvidence(): void;
  /** Removes a composition, after asking. */
  discardComposition(argument: { id: CompositionId }): void;
}

/** What the host tells the compare panel while it is visible. */
export interface CompareNotifications {
  state(argument: CompareState): void;
  files(argument: FilesState): void;
  /** The base text of a file; sent before the first `open` of it, and not again while it stays the same. */
  baseText(argument: { readonly id: FileId; readonly text: string }): void;
  file(argument: FileNews): void;
  theme(argument: SyntaxTheme): void;
  /** Look at a place: of a file, at a line of its base (counted from 1) where one is given. */
  reveal(argument: { readonly fileId: FileId; readonly line?: number }): void;
}
