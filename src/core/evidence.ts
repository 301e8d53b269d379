/** What is known about a candidate besides its patch, as types that can be stored as JSON. */

import type { CandidateId, ProfileId, Timestamp, TokenUsage } from './domain.ts';
import type { Cost } from './modelFacts/price.ts';

/** A command of the user's that tells whether a tree is sound. */
export interface Check {
  readonly name: string;
  /** As written in a shell, run by `/bin/sh -c` (`cmd /c` on Windows). */
  readonly command: string;
  /** Where it runs, relative to the task's folder with forward slashes; absent for the folder itself. */
  readonly folder?: string;
  readonly timeoutSeconds: number;
  /** A file that the command writes, relative to where it runs (a glob for several); JUnit XML or TAP by its content. */
  readonly report?: string;
  /** Whether it may reach the network. */
  readonly network?: boolean;
}

/** What keeps a command to its copy. */
export type Isolation = 'docker' | 'podman' | 'bubblewrap' | 'seatbelt' | 'none';

/** How a command ended. */
export type CommandEnd =
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'signal'; readonly signal: string }
  | { readonly type: 'timeout'; readonly seconds: number }
  | { readonly type: 'canceled' }
  /** It never ran, or could not go on: no shell, no sandbox, no such folder, no room on the disk. */
  | { readonly type: 'not-started'; readonly reason: string };

/** Both ends of what a command printed, standard output and error in the order they came. */
export interface CommandOutput {
  readonly head: string;
  readonly tail: string;
  /** Bytes between the two that were not kept. */
  readonly omittedBytes: number;
}

/** One test of a report. `name` holds its suites: `upload › retries once`. */
export interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Where it is, relative to the task's folder, where the report says so. */
  readonly file?: string;
  readonly line?: number;
  readonly message?: string;
}

/** One run of a check on one tree. */
export interface CheckRun {
  readonly check: Check;
  readonly isolation: Isolation;
  readonly startedAt: Timestamp;
  readonly endedAt: Timestamp;
  readonly end: CommandEnd;
  readonly output: CommandOutput;
  /** Absent where no report could be read. */
  readonly tests?: readonly TestResult[];
  /** Tests that failed in one run of the check and passed in another; the check's own name where no report tells its tests apart. */
  readonly flaky?: readonly string[];
  /** Why a report that was named could not be read. */
  readonly reportProblem?: string;
}

/** Whether a check ran through and found nothing wrong. */
export type CheckState =
  | { readonly status: 'waiting' }
  | { readonly status: 'running'; readonly startedAt: Timestamp }
  | { readonly status: 'ended'; readonly run: CheckRun };

/**
 * A candidate's check against the baseline's. `passed`: nothing that the base passes is broken. `broken`: something is. `fixed`: it
 * failed on the base and passes now. `still-failing`: it failed on the base too, and isn't held against the candidate. `unknown`: one of
 * the two could not be run.
 */
export interface CheckVerdict {
  readonly check: string;
  readonly verdict: 'passed' | 'broken' | 'fixed' | 'still-failing' | 'unknown';
  /** By name, where both reports could be read. */
  readonly tests?: {
    readonly passed: number;
    readonly broken: readonly string[];
    readonly fixed: readonly string[];
    readonly stillFailing: readonly string[];
    readonly flaky: readonly string[];
    /** Tests that the base has and the candidate doesn't. */
    readonly missing: readonly string[];
    /** Tests that only the candidate has, and that pass. */
    readonly added: number;
  };
}

/** What can be told of a patch without running it. `gate` marks keep a candidate from being picked; others are for the user to look at. */
export interface Mark {
  readonly kind:
    | 'does-not-apply'
    | 'does-not-parse'
    | 'conflict-marker'
    | 'tests-only'
    | 'deletes-tests'
    | 'weakens-tests'
    | 'changes-expectations'
    | 'debug-leftover'
    | 'changes-nothing';
  readonly isGate: boolean;
  readonly path?: string;
  /** In the candidate's file, counted from 1. */
  readonly line?: number;
  /** For people, in one sentence. */
  readonly text: string;
}

/** The test files of one candidate run on another's code. */
export interface CrossTest {
  readonly testsOf: CandidateId;
  readonly codeOf: CandidateId;
  readonly check: string;
  readonly passed: number;
  readonly failed: readonly string[];
  /** Whether the command itself ended well, where no report could be read. */
  readonly ok: boolean;
}

/** One thing that a reviewer found, at a place of the candidate's files. */
export interface Finding {
  readonly path: string;
  /** In the candidate's file, counted from 1. */
  readonly line: number;
  readonly severity: 'blocker' | 'major' | 'minor';
  readonly reason: string;
}

/** What one reviewer said of one candidate. */
export interface CandidateReview {
  readonly candidate: CandidateId;
  readonly findings: readonly Finding[];
  readonly doesWhatWasAsked: boolean;
  readonly isComplete: boolean;
  readonly staysInScope: boolean;
  readonly wouldMerge: boolean;
}

/** What one reviewer preferred in one order of the candidates. */
export interface Preference {
  readonly better: CandidateId;
  readonly worse: CandidateId;
}

/** One reviewer's answer to one order of the candidates. */
export interface Review {
  readonly reviewer: ProfileId;
  readonly reviewerLabel: string;
  /** The order in which it saw them. */
  readonly order: readonly CandidateId[];
  readonly candidates: readonly CandidateReview[];
  readonly preferences: readonly Preference[];
  readonly noneIsMergeable: boolean;
}

/** All that ranking looks at, for one candidate. */
export interface CandidateEvidence {
  readonly candidate: CandidateId;
  readonly marks: readonly Mark[];
  /** One for each check that ran on both the base and the candidate. */
  readonly checks: readonly CheckVerdict[];
  readonly crossTests: readonly CrossTest[];
  readonly reviews: readonly Review[];
  /** Lines added and removed. */
  readonly size: number;
}

/** A candidate's place. Candidates of one place are tied. */
export interface Ranked {
  readonly candidate: CandidateId;
  /** Counted from 1. */
  readonly place: number;
  readonly isTied: boolean;
  /** False where a gate, a check or the reviewers say that it should not be merged. */
  readonly isMergeable: boolean;
  /** In one sentence: "passes all 214 tests the base passes, and 3 it didn't; reviewers prefer it 3 : 1; smallest patch". */
  readonly reason: string;
}

export interface Ranking {
  /** Best first. */
  readonly candidates: readonly Ranked[];
  /** The one to pick; absent where none is mergeable, or nothing is known that tells them apart. */
  readonly recommended?: CandidateId;
  /** Why there is no recommendation, or that it is a tie. */
  readonly note?: string;
}

/** A check of one candidate, or of the base: how far it is and, once both ended, what it says. */
export interface CheckProgress {
  readonly check: string;
  readonly state: CheckState;
  /** Absent for the base, and until both runs ended. */
  readonly verdict?: CheckVerdict;
}

/** A candidate's evidence as far as it is known. */
export interface CandidateProgress {
  readonly candidate: CandidateId;
  readonly checks: readonly CheckProgress[];
  /** Undefined until the patch was looked through. */
  readonly marks?: readonly Mark[];
  readonly crossTests: readonly CrossTest[];
}

/** Why a reviewer's answer is missing, in words. */
export interface ReviewProblem {
  readonly reviewerLabel: string;
  readonly problem: string;
}

/** What one review by a model used, with all its tries. */
export interface ReviewCost {
  readonly reviewer: ProfileId;
  readonly reviewerLabel: string;
  readonly usage: TokenUsage;
  /** Absent where no price is known. */
  readonly cost?: Cost;
}

/** How far a review is: answers that came or won't come, of all. */
export interface ReviewProgress {
  readonly done: number;
  readonly total: number;
  /** A reviewer that has to wait for its provider, until it goes on. */
  readonly waiting?: { readonly reviewer: ProfileId; readonly reason: string; readonly until: Timestamp };
}

/** All that is known about a round's candidates at a moment. */
export interface RoundEvidence {
  /** The checks of the setting that the user agreed to in this folder. */
  readonly checks: readonly Check[];
  /** Those of the setting that are to be agreed to first. */
  readonly notAgreed: readonly Check[];
  /** What keeps checks to their copies; absent until it was found out. */
  readonly isolation?: Isolation;
  /** Why no check can run: no sandbox, no such setting. */
  readonly problem?: string;
  readonly base: readonly CheckProgress[];
  readonly candidates: readonly CandidateProgress[];
  readonly reviews: readonly Review[];
  readonly reviewProblems: readonly ReviewProblem[];
  /** Absent where nobody was asked. */
  readonly reviewCosts?: readonly ReviewCost[];
  readonly isChecking: boolean;
  readonly isReviewing: boolean;
  /** Only while there is a review. */
  readonly reviewProgress?: ReviewProgress;
  /** Absent until there is something to rank by. */
  readonly ranking?: Ranking;
}

/** What the user picked, with what was known then. Kept on this computer. */
export interface Pick {
  readonly candidate: CandidateId;
  readonly pickedAt: Timestamp;
  readonly ranking?: Ranking;
  readonly evidence: readonly CandidateEvidence[];
}
