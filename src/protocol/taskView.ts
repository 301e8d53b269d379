import type {
  CandidateId,
  ModelProfile,
  ProfileId,
  RoundId,
  Run,
  RunId,
  Task,
  TaskId,
  TaskSummary,
} from '../core/domain.ts';
import type { Cost } from '../core/modelFacts/price.ts';
import type { Problem } from '../core/problem.ts';

/** A model in the composer. */
export interface ProfileChip {
  readonly profile: ModelProfile;
  /** Whether the next message runs on it. */
  readonly isSelected: boolean;
}

/** Names the branch of a pull request as a start: the pull request's own candidate, behind a word. */
export type PullStart = `pull-request:${string}`;

/** Where the next round may start: the open folder, what a run or a composition of the last round left, or a pull request's branch. */
export interface StartChoice {
  readonly id: 'workspace' | CandidateId | PullStart;
  /** For example "from workspace", "from Claude's result" or "from pull request #12". */
  readonly label: string;
}

export interface ComposerState {
  readonly profiles: readonly ProfileChip[];
  readonly startChoices: readonly StartChoice[];
  readonly start: StartChoice['id'];
  /** The sub-folder the next new task may change; absent for the whole folder. A task that exists has its own. */
  readonly scope?: string;
  /** Whether a round is being set up right now, so that sending twice is not possible. */
  readonly isSending: boolean;
}

/** All that the task view shows. The host owns it; the view is a function of it. */
export interface TaskViewState {
  /** Why nothing can be run here (no folder, folder not trusted, Git missing); shown instead of the composer. */
  readonly blocked?: Problem;
  readonly tasks: readonly TaskSummary[];
  /** Tasks of which a round ended while nobody looked. */
  readonly unseen: readonly TaskId[];
  /** The open task; absent for the empty composer of a new one. */
  readonly task?: Task;
  /** What the open task's runs have cost; without those whose price nobody knows. */
  readonly costs: Readonly<Record<RunId, Cost>>;
  /** What went wrong with the last message, for example a snapshot that failed. */
  readonly problem?: Problem;
  readonly composer: ComposerState;
  /** Whether GitHub's own extension for pull requests is there to open them in. */
  readonly canOpenInExtension: boolean;
}

/** What the open task's runs have done since the last message. */
export interface Progress {
  /** Runs that changed other than by text, with all of their text so far. */
  readonly runs: readonly Run[];
  /** What these have cost; without those whose price nobody knows. */
  readonly costs: TaskViewState['costs'];
  /** Text that other runs streamed, to be put behind their last text step. */
  readonly texts: readonly { readonly runId: RunId; readonly text: string }[];
}

/** What the task view may ask of the host. Only ids cross, never paths or commands. */
export interface TaskViewHost {
  /** The view is loaded, for the first time or after it was hidden: send the state now. */
  ready(): void;
  newTask(): void;
  openTask(argument: { taskId: TaskId }): void;
  renameTask(argument: { taskId: TaskId }): void;
  deleteTask(argument: { taskId: TaskId }): void;
  toggleProfile(argument: { profileId: ProfileId }): void;
  addModel(): void;
  setStart(argument: { taskId: TaskId; start: StartChoice['id'] }): void;
  /** The user took away the whole text of a task's next message. */
  emptied(argument: { taskId: TaskId }): void;
  /** Lets the next new task change its whole folder. */
  clearScope(): void;
  /**
   * Starts a round with the selected models in the task that is shown, or in a new one when `taskId` is absent.
   * False when it could not start; the problem is then in the state.
   */
  send(argument: { taskId?: TaskId; text: string }): boolean;
  cancelRun(argument: { runId: RunId }): void;
  cancelRound(argument: { roundId: RoundId }): void;
  retryRun(argument: { runId: RunId }): void;
  /** Lets a run that a limit stopped go on from what it has. */
  continueRun(argument: { runId: RunId }): void;
  chooseRun(argument: { roundId: RoundId; runId: CandidateId }): void;
  openCompare(argument: { roundId: RoundId }): void;
  previewPatch(argument: { runId: RunId }): void;
  applyRun(argument: { runId: RunId }): void;
  /** Opens the run's files as a folder in a new window. */
  openRunFolder(argument: { runId: RunId }): void;
  createPullRequest(argument: { runId: RunId }): void;
  /** Opens the pull request of a run or a composition in the browser. */
  openPullRequest(argument: { runId: CandidateId }): void;
  /** Opens a pull request, named by its candidate as are those below, in GitHub's own extension. */
  openInExtension(argument: { pull: CandidateId }): void;
  /** Looks at GitHub now. */
  refreshPullRequest(argument: { pull: CandidateId }): void;
  /** Lets the user choose of the feedback, and writes the message for it. */
  addressFeedback(argument: { pull: CandidateId }): void;
  /** Puts a candidate onto the pull request that its round goes on from. */
  updatePullRequest(argument: { id: CandidateId }): void;
  /** Lets comments start rounds, after asking, or no longer. */
  toggleWatch(argument: { pull: CandidateId }): void;
  /** Opens what the run did as a document. */
  showTranscript(argument: { runId: RunId }): void;
  /** Writes the run to a file that the user chooses. */
  exportRun(argument: { runId: RunId }): void;
  /** Carries out the action of a problem: of a run, or of the view itself when `runId` is absent. */
  act(argument: { runId?: RunId }): void;
}

/** What the host tells the task view while it is visible. */
export interface TaskViewNotifications {
  state(argument: TaskViewState): void;
  /** Replaces a part of the last state; nothing but runs has changed. */
  progress(argument: Progress): void;
  /** Put a text into the composer of a task, behind what is written there. */
  write(argument: { readonly taskId: TaskId; readonly text: string }): void;
  /** Put the cursor into the instruction. */
  focus(): void;
}
