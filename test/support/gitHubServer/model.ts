import type { BareRepository } from './bareRepository.ts';

export type Level = 'read' | 'write';

/** What an App may do, as GitHub names it: `contents`, `pull_requests`, `workflows` … */
export type Permissions = Readonly<Record<string, Level>>;

export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  readonly name?: string;
  /** An organization that wants a single sign-on of every token. */
  readonly wantsSignOn?: boolean;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly publicKey: string;
  permissions: Permissions;
  readonly installations: Installation[];
}

export interface Installation {
  readonly id: number;
  readonly account: string;
  /** Names of repositories of the account. */
  repositories: 'all' | readonly string[];
  /** What the account's owner accepted; the App's own where not given. */
  permissions?: Permissions;
  isSuspended?: boolean;
}

export type Token =
  | { readonly type: 'user'; readonly login: string; scopes: readonly string[]; expiresAt: number }
  | {
      readonly type: 'installation';
      readonly app: App;
      readonly installation: Installation;
      readonly permissions: Permissions;
      readonly repositories: 'all' | readonly string[];
      expiresAt: number;
    };

export interface Reaction {
  readonly id: number;
  readonly user: string;
  readonly content: string;
  readonly createdAt: number;
}

export interface Comment {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly reactions: Reaction[];
}

export interface ReviewComment extends Comment {
  readonly path: string;
  readonly line?: number;
  readonly commit: string;
  readonly replyTo?: number;
  readonly review: number;
}

export interface Thread {
  /** GitHub's name of it in GraphQL. */
  readonly id: string;
  readonly path: string;
  readonly line?: number;
  isResolved: boolean;
  isOutdated: boolean;
  readonly comments: ReviewComment[];
}

export interface Review extends Comment {
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly commit: string;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly author: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly createdAt: number;
  updatedAt: number;
  readonly labels: string[];
  readonly assignees: string[];
  readonly comments: Comment[];
  /** Present in a pull request. */
  readonly pull?: PullPart;
}

export interface PullPart {
  base: string;
  readonly head: { readonly repository: Repository; readonly branch: string };
  draft: boolean;
  merged: boolean;
  /** The newest commit that was seen of its branch. */
  lastHead: string;
  readonly reviewers: string[];
  readonly teams: string[];
  readonly reviews: Review[];
  readonly threads: Thread[];
}

export type Pull = Issue & { readonly pull: PullPart };

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly commit: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required' | null;
  readonly title?: string;
  readonly summary?: string;
  /** Of the job on GitHub Actions that it is; other checks have none. */
  readonly log?: string;
}

export interface CommitStatus {
  readonly id: number;
  readonly commit: string;
  readonly context: string;
  readonly state: 'success' | 'failure' | 'pending' | 'error';
  readonly description?: string;
}

/** A rule of a ruleset, as `GET /repos/{owner}/{repo}/rules/branches/{branch}` shows it. */
export interface BranchRule {
  readonly type: string;
  readonly parameters?: object;
}

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly bare: BareRepository;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  isArchived: boolean;
  allowsForks: boolean;
  readonly parent?: Repository;
  /** A fork that isn't there yet answers 404 until then. In milliseconds since 1970. */
  readonly readyAt: number;
  readonly collaborators: Map<string, Role>;
  /** By a pattern of branch names with `*`. Those of a pattern refuse what GitHub would refuse. */
  rules: Readonly<Record<string, readonly BranchRule[]>>;
  readonly issues: Issue[];
  readonly checkRuns: CheckRun[];
  readonly statuses: CommitStatus[];
  readonly labels: Set<string>;
}
