/** The words of dursor as types. Nothing here does I/O; everything here can be stored as JSON. */

import type { Composition } from './composition.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { ProviderId } from './providerId.ts';
import type { PullRequest } from './pullRequest.ts';

declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

export type TaskId = Brand<'TaskId'>;
export type RoundId = Brand<'RoundId'>;
export type RunId = Brand<'RunId'>;
export type CompositionId = Brand<'CompositionId'>;
/** Names what can be compared and shipped. */
export type CandidateId = RunId | CompositionId;
export type ProfileId = Brand<'ProfileId'>;
/** A git object name in hexadecimal: 40 characters for SHA-1, 64 for SHA-256. */
export type ObjectName = Brand<'ObjectName'>;

/** Milliseconds since the Unix epoch. */
export type Timestamp = number;

/** A configured model. Its API key is in SecretStorage, never in here. */
export interface ModelProfile {
  readonly id: ProfileId;
  readonly provider: ProviderId;
  /** The provider's own name of the model, for example `gpt-5.1-codex`. */
  readonly model: string;
  readonly label: string;
  /** Where an OpenAI-compatible service is, as its SDK takes it (mostly ending in `/v1`). Only in the user's own settings. */
  readonly baseUrl?: string;
  readonly options: ModelOptions;
}

export interface ModelOptions {
  /** Upper bound of one answer, in tokens. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly reasoningEffort?: 'low' | 'medium' | 'high';
  /** How the model calls tools: as its API has it, or written into its text for models without that. The API's own when absent. */
  readonly toolCalls?: 'native' | 'text';
}

/**
 * Token counts of one answer, or the sum over a run. `input` includes `cachedInput` (read from the provider's cache) and
 * `cacheWrite` (written to it, where that is counted); `output` includes `reasoning`.
 */
export interface TokenUsage {
  readonly input: number;
  readonly cachedInput: number;
  /** Absent in runs from before it was counted, and where a provider doesn't tell. */
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning: number;
}

export const noUsage: TokenUsage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

/** The file modes git knows that can stand in a snapshot: file, executable, symbolic link, submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** One side of a changed file. */
export interface FileVersion {
  readonly path: string;
  readonly mode: FileMode;
  readonly blob: ObjectName;
}

/** One file of a patch. `base` is missing for an added file, `after` for a deleted one; paths differ for a renamed one. */
export interface FileChange {
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly base?: FileVersion;
  readonly after?: FileVersion;
  /** Lines added and removed; absent for a binary file. */
  readonly lines?: { readonly added: number; readonly removed: number };
}

/** The path a change is listed under: where the file is afterwards, or where it was when it is gone. */
export function pathOf(change: FileChange): string {
  return (change.after ?? change.base)?.path ?? '';
}

/** What a run changed: a unified diff (full-index, binary, with renames) against the round's base tree. */
export interface Patch {
  readonly text: string;
  readonly changes: readonly FileChange[];
  /** The tree of the copy with the patch in it. */
  readonly tree: ObjectName;
}

/** The folder as it was when a round began. All of it lives in the task's own object store. */
export interface Snapshot {
  /** The tree that patches are differences against. */
  readonly tree: ObjectName;
  /** The opened folder, as an absolute path. */
  readonly folder: string;
  /** Where the folder is inside its repository, with a trailing slash; empty at the top or without Git. */
  readonly prefix: string;
  /** HEAD when the snapshot was taken; absent without Git or without commits. */
  readonly head?: ObjectName;
  /** The repository's git directory; absent when the folder isn't in one. */
  readonly gitDir?: string;
  /** Files whose unsaved editor text went in. */
  readonly unsaved: readonly string[];
  /** Files that policy kept out or that could not be read, so no model can read them. */
  readonly leftOut: readonly string[];
  /** Files that are changed or untracked, and over the size limit: left out too. Absent in snapshots from before there was a limit. */
  readonly tooLarge?: readonly string[];
  /** Files of a partial clone whose content is not on this machine: left out too. */
  readonly notHere?: readonly string[];
  readonly takenAt: Timestamp;
}

/** Something a run did, as it is stored and shown. */
export type Step =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool';
      readonly callId: string;
      readonly tool: string;
      /** What the tool worked on, for people: a path, a pattern. */
      readonly target: string;
      readonly outcome: 'running' | 'ok' | 'refused' | 'failed';
      /** The result in a line: "212 lines", "+9 −2", "forbidden path". */
      readonly detail: string;
    }
  | { readonly type: 'waiting'; readonly reason: string; readonly until: Timestamp };

/** What the agent loop emits while it works. `text` is a delta; `usage` is added to the run's sum; `changes` replaces the list. */
export type RunEvent =
  | { readonly type: 'step-started'; readonly step: number }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-started'; readonly callId: string; readonly tool: string; readonly target: string }
  | {
      readonly type: 'tool-ended';
      readonly callId: string;
      readonly outcome: 'ok' | 'refused' | 'failed';
      readonly detail: string;
    }
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | { readonly type: 'waiting'; readonly reason: string; readonly until: Timestamp }
  | { readonly type: 'changes'; readonly changes: readonly FileChange[] }
  /** How many different secrets were kept from the model up to now; replaces the count. */
  | { readonly type: 'secrets-withheld'; readonly count: number };

export type RunState =
  | { readonly status: 'queued' }
  | { readonly status: 'running'; readonly startedAt: Timestamp; readonly step: number }
  | {
      readonly status: 'succeeded';
      readonly startedAt: Timestamp;
      readonly endedAt: Timestamp;
      /** The model's own account of what it did, as Markdown. */
      readonly summary: string;
    }
  | {
      readonly status: 'failed';
      readonly startedAt?: Timestamp;
      readonly endedAt: Timestamp;
      readonly problem: Problem;
    }
  | {
      readonly status: 'canceled';
      readonly startedAt?: Timestamp;
      readonly endedAt: Timestamp;
      /** Why, in a sentence, where it wasn't the user who canceled it. */
      readonly reason?: string;
    };

/** One model's work on one message. A failed or canceled run keeps the patch it had made so far. */
export interface Run {
  readonly id: RunId;
  readonly taskId: TaskId;
  readonly roundId: RoundId;
  /** The profile as it was when the run began. */
  readonly profile: ModelProfile;
  readonly state: RunState;
  readonly steps: readonly Step[];
  readonly usage: TokenUsage;
  readonly changes: readonly FileChange[];
  /** The tree with the run's patch in it, once it ended. */
  readonly tree?: ObjectName;
  /** How many different secrets were found in what would have been sent to the model, and replaced by markers. Absent for none. */
  readonly secretsWithheld?: number;
  /** Secrets that the patch adds; absent for a run that hasn't ended, or ended before patches were looked through. */
  readonly secretsInPatch?: readonly PatchSecret[];
  /** Paths that the summary claims to have changed, and that the patch leaves alone. Absent for none. */
  readonly unfounded?: readonly string[];
  /** What a run that was continued had before; it is what it has again when the continuation leaves no patch. */
  readonly resumes?: RunResult;
}

/** What an ended run left behind. */
export interface RunResult extends Pick<Run, 'changes' | 'secretsInPatch'> {
  readonly tree: ObjectName;
}

/** Where a patch adds a secret, and of what kind, in words for people; never the secret itself. `line` counts from 1. */
export interface PatchSecret {
  readonly path: string;
  readonly line: number;
  readonly kind: string;
}

/** For people: `src/config.ts:3 (GitHub token)`. */
export function placeOf({ path, line, kind }: PatchSecret): string {
  return `${path}:${line} (${kind})`;
}

/** An interrupted run has a result to go on from only when it was continued before. */
const limitProblems: readonly ProblemCode[] = [
  'step-limit',
  'time-limit',
  'cut-off',
  'context-too-long',
  'interrupted',
];

/** Whether a run was stopped by a limit and can go on from what it has. */
export function canContinue({ state, tree }: Pick<Run, 'state' | 'tree'>): boolean {
  return state.status === 'failed' && tree !== undefined && limitProblems.includes(state.problem.code);
}

export function isEnded(run: Pick<Run, 'state'>): boolean {
  return run.state.status !== 'queued' && run.state.status !== 'running';
}

/**
 * Where the runs of a round start: from the open folder as it is, from what an earlier run or a composition left, or from the newest
 * commit of a pull request's branch on GitHub.
 */
export type RoundStart =
  | { readonly from: 'workspace' }
  | { readonly from: 'run'; readonly runId: CandidateId }
  | {
      readonly from: 'pull-request';
      /** The candidate that names the pull request. */
      readonly pull: CandidateId;
      /** The threads of review comments that the message is about, to be answered once the branch is updated. */
      readonly threads?: readonly string[];
      /** The comment on GitHub that started it. */
      readonly comment?: { readonly id: number; readonly author: string };
    };

/** One user message together with the runs it started. */
export interface Round {
  readonly id: RoundId;
  readonly taskId: TaskId;
  readonly message: string;
  readonly createdAt: Timestamp;
  readonly start: RoundStart;
  /** Absent until the snapshot is taken, or when it could not be taken. */
  readonly snapshot?: Snapshot;
  readonly runs: readonly Run[];
  readonly compositions: readonly Composition[];
  /** The candidate the user chose as the round's result. */
  readonly chosenRunId?: CandidateId;
}

export interface Task {
  readonly id: TaskId;
  readonly title: string;
  /** The workspace folder, as an absolute path. */
  readonly folder: string;
  /** The only sub-folder runs may change, relative with forward slashes; absent for the whole folder. */
  readonly scope?: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly rounds: readonly Round[];
  readonly pullRequests: readonly PullRequest[];
}

/** A task as a line of a list. */
export interface TaskSummary {
  readonly id: TaskId;
  readonly title: string;
  readonly scope?: string;
  readonly updatedAt: Timestamp;
  readonly running: number;
  readonly rounds: number;
  readonly pullRequests: number;
}

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    ...((a.cacheWrite ?? b.cacheWrite) !== undefined && { cacheWrite: (a.cacheWrite ?? 0) + (b.cacheWrite ?? 0) }),
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}
