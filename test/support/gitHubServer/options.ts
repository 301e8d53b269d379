import type { BranchRule, Installation, Permissions, Role } from './model.ts';

export interface UserOptions {
  readonly login: string;
  readonly name?: string;
  readonly isOrganization?: boolean;
  /** An organization that refuses tokens without a single sign-on, as a 403 with `x-github-sso`. */
  readonly wantsSignOn?: boolean;
  /** A token of the user's, known from the start. */
  readonly token?: string;
  /** Of the token; `repo` and `user` when not given. */
  readonly scopes?: readonly string[];
}

export interface RepositoryOptions {
  readonly owner: string;
  readonly name: string;
  /** A local repository whose HEAD becomes the default branch, with its history. Empty when not given. */
  readonly from?: string;
  /** A bare repository that an earlier server had, to begin with what it has; that takes no process. */
  readonly copyOf?: string;
  /** `main` when not given. */
  readonly defaultBranch?: string;
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
  readonly allowsForks?: boolean;
  /** What people other than the owner may do, by login name. Anybody may read what is public. */
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** Rules by a pattern of branch names with `*`. */
  readonly rules?: Readonly<Record<string, readonly BranchRule[]>>;
}

export interface AppOptions {
  readonly id: number;
  readonly slug: string;
  readonly name?: string;
  readonly permissions: Permissions;
  readonly installations: readonly Installation[];
}
