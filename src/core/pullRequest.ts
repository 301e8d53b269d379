/** What a pull request needs to be told and asked, and how it looks once it is there: as types that can be stored as JSON. */

import type { CandidateId, ObjectName, Timestamp } from './domain.ts';

/** A repository on GitHub. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** A candidate's pull request. Its candidate names it in its task. */
export interface PullRequest {
  readonly runId: CandidateId;
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly createdAt: Timestamp;
  /** Where it is; this and the next are absent in those from before they were kept. */
  readonly repository?: RepositoryName;
  /** Where its branch is: the same repository, or a fork. */
  readonly head?: RepositoryName;
  /** The API that it was opened through. */
  readonly apiUrl?: string;
  /** GitHub's own number of it, which no other ever has: a repository of the same name may be somebody else's one day. */
  readonly gitHubId?: number;
  /** Later candidates whose changes went onto its branch, oldest first. */
  readonly updates?: readonly PullRequestUpdate[];
  /** As it was seen last on GitHub. */
  readonly status?: PullRequestStatus;
  /** Whether comments on it may start rounds while VS Code is open. Absent: no. */
  readonly isWatched?: boolean;
  /** Since when, by GitHub's clock: comments of before count for nothing. */
  readonly watchedSince?: Timestamp;
}

export interface PullRequestUpdate {
  readonly candidate: CandidateId;
  readonly commit: ObjectName;
  readonly at: Timestamp;
}

/** A pull request as GitHub shows it. */
export interface PullRequestStatus {
  readonly state: 'open' | 'closed' | 'merged';
  readonly isDraft: boolean;
  /** The newest commit of its branch. */
  readonly head: ObjectName;
  /** Absent until GitHub has found it out. */
  readonly hasConflicts?: boolean;
  readonly checks: {
    readonly passed: number;
    readonly pending: number;
    /** Their names, each once. */
    readonly failed: readonly string[];
  };
  readonly review: 'none' | 'required' | 'approved' | 'changes-requested';
  /** Threads of review comments that nobody resolved. */
  readonly openThreads: number;
  readonly seenAt: Timestamp;
}

/** What the user may say of a pull request before it is opened. */
export interface PullRequestDraft {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** The user was told of the secrets in the patch and wants them pushed all the same. */
  readonly acceptSecrets?: boolean;
  /** The next five are the settings' where absent. */
  readonly isDraft?: boolean;
  readonly reviewers?: readonly string[];
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  /** A name for the branch. */
  readonly branch?: string;
  /** The local name of the remote it goes to; found or asked where absent, or where there is none of this name. */
  readonly remote?: string;
  /** The branch that it asks to be merged into; found or asked where absent. */
  readonly base?: string;
}

/** A file that was changed on both sides. A side is absent where it has no such file. */
export interface ConflictedFile {
  /** Relative to the top of the repository. */
  readonly path: string;
  /** As both sides began. */
  readonly base?: Uint8Array;
  /** As it is on GitHub. */
  readonly theirs?: Uint8Array;
  /** As the candidate has it. */
  readonly ours?: Uint8Array;
}

/**
 * What only the user can say, and the answers. Each is asked before anything is written to GitHub.
 * `remote`: which of the folder's remotes the pull request goes to; the answer is its local name.
 * `base`: which branch it asks to be merged into. Only asked where nothing tells.
 * `commits`: HEAD has commits that `base` lacks, pushed or not: leave them out and put only the patch on the newest commit that GitHub
 * has of `base` (`patch-only`), or let them be part of the pull request (`stacked`).
 * `fork`: the user can't push there; true to make a fork (or use the one that is there) and go on from it.
 * `conflicts`: each file's bytes as they shall be, by path (undefined for: not there).
 * `push`: GitHub's API doesn't take the patch, for these reasons (sentences); true to write its commit, on this new branch, into the
 * repository of the folder, and to push that with Git. Nothing is checked out. Only asked where there is a Git to push with.
 */
export interface PullRequestQuestions {
  readonly remote: {
    readonly ask: { readonly remotes: readonly { readonly remote: string; readonly repository: RepositoryName }[] };
    readonly answer: string;
  };
  readonly base: {
    readonly ask: { readonly repository: RepositoryName; readonly branches: readonly string[] };
    readonly answer: string;
  };
  readonly commits: {
    readonly ask: {
      readonly repository: RepositoryName;
      readonly base: string;
      readonly subjects: readonly string[];
      /** Why they can't be pushed along, in sentences; absent where they can. */
      readonly onlyPatch?: string;
    };
    readonly answer: 'patch-only' | 'stacked';
  };
  readonly fork: {
    readonly ask: { readonly repository: RepositoryName; readonly into: RepositoryName; readonly isThere: boolean };
    readonly answer: boolean;
  };
  readonly conflicts: {
    readonly ask: { readonly files: readonly ConflictedFile[]; readonly base: string };
    readonly answer: ReadonlyMap<string, Uint8Array | undefined>;
  };
  readonly push: {
    readonly ask: {
      readonly reasons: readonly string[];
      /** Its local name. */
      readonly remote: string;
      readonly branch: string;
      /** Where that remote leads. */
      readonly repository: RepositoryName;
    };
    readonly answer: boolean;
  };
}

export type PullRequestQuestion = keyof PullRequestQuestions;

/** How the engine talks with whoever opens a pull request. */
export interface PullRequestTalk {
  /** Is told each stage, in words for people. */
  report(stage: string): void;
  /** Is told what did not go as wanted though the pull request is open, in sentences. */
  warn?(warning: string): void;
  /** Resolves with undefined where the user left it; then nothing was written, and the call ends with an abort. May take as long as it takes. */
  ask<Question extends PullRequestQuestion>(
    question: Question,
    about: PullRequestQuestions[Question]['ask'],
  ): Promise<PullRequestQuestions[Question]['answer'] | undefined>;
  readonly signal: AbortSignal;
}

/** What a sign-in has to be good for besides reading and writing code and pull requests. */
export type SignInNeed = 'workflow';

/** One comment on GitHub. What it says is untrusted. */
export interface GitHubComment {
  /** GitHub's number of it. */
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly url: string;
}

/** A thread of review comments, at a place of the pull request's files. */
export interface ReviewThread {
  /** GitHub's name of it in GraphQL. */
  readonly id: string;
  readonly path: string;
  /** Counted from 1, in the file as the branch has it; absent for a thread about the file. */
  readonly line?: number;
  readonly isOutdated: boolean;
  readonly comments: readonly GitHubComment[];
}

/** A check on GitHub that failed. Its log is untrusted. */
export interface FailedCheck {
  readonly name: string;
  readonly url?: string;
  /** What it says of itself, and the end of its log where that can be read. */
  readonly text: string;
}

/** What there is to be addressed on a pull request. */
export interface PullRequestFeedback {
  /** Not resolved. */
  readonly threads: readonly ReviewThread[];
  /** Of the conversation and of reviews, by people other than dursor, newest last. */
  readonly comments: readonly GitHubComment[];
  readonly failedChecks: readonly FailedCheck[];
}

/** A part of the feedback that goes into a message. */
export interface FeedbackChoice {
  readonly threads: readonly string[];
  readonly comments: readonly number[];
  readonly failedChecks: readonly string[];
}
