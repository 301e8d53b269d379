import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { BareRepository } from './bareRepository.ts';
import type {
  Account,
  App,
  Comment,
  Installation,
  Issue,
  Permissions,
  Pull,
  Repository,
  Role,
  Token,
} from './model.ts';
import type { AppOptions, RepositoryOptions, UserOptions } from './options.ts';

/** Everything that the server knows, apart from what is in the bare repositories. */
export class World {
  readonly accounts = new Map<string, Account>();
  readonly repositories = new Map<string, Repository>();
  readonly apps: App[] = [];
  readonly tokens = new Map<string, Token>();
  /** Milliseconds that pass between asking for a fork and its being there. */
  forkDelay = 0;
  /** Milliseconds that a new token of an installation lasts. */
  tokenLifetime = 3_600_000;
  /** Requests that are left before the primary rate limit refuses. */
  remaining = 5000;
  /** Entries that one answer with a tree has at most. GitHub's figure. */
  maxTreeEntries = 100_000;
  /** Private repositories on free plans have no drafts. */
  hasDrafts = true;
  /** Whether a merge is possible, by `base...head`, once it was asked for. */
  readonly mergeable = new Map<string, boolean>();
  /** Teams that there are, as `organization/team`. */
  readonly teams = new Set<string>();
  readonly #root: string;
  #lastId = 1000;

  constructor(root: string) {
    this.#root = root;
  }

  id(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  addUser({ login, name, isOrganization, wantsSignOn, token, scopes = ['repo', 'user'] }: UserOptions): void {
    const type = isOrganization ? 'Organization' : 'User';
    this.accounts.set(login.toLowerCase(), {
      ...{ id: this.id(), login, type },
      ...(name !== undefined && { name }),
      ...(wantsSignOn && { wantsSignOn }),
    });
    if (token !== undefined) this.addUserToken(login, token, scopes);
  }

  addUserToken(login: string, token: string, scopes: readonly string[] = ['repo', 'user']): void {
    this.tokens.set(token, { type: 'user', login, scopes, expiresAt: Number.POSITIVE_INFINITY });
  }

  addApp(options: AppOptions, publicKey: string): App {
    const { id, slug, name = slug, permissions, installations } = options;
    const app = { id, slug, name, publicKey, permissions, installations: installations.map((each) => ({ ...each })) };
    this.apps.push(app);
    const login = `${slug}[bot]`;
    this.accounts.set(login, { id: this.id(), login, type: 'Bot' });
    return app;
  }

  addInstallationToken(
    app: App,
    installation: Installation,
    permissions: Permissions,
    repositories: 'all' | readonly string[],
  ): readonly [name: string, token: Token] {
    const name = `ghs_${randomBytes(18).toString('hex')}`;
    const expiresAt = Date.now() + this.tokenLifetime;
    const token: Token = { type: 'installation', app, installation, permissions, repositories, expiresAt };
    this.tokens.set(name, token);
    return [name, token];
  }

  addRepository(options: RepositoryOptions, parent?: Repository): Repository {
    const { owner, name, defaultBranch = 'main', from, collaborators = {} } = options;
    const bare = new BareRepository(join(this.#root, owner, `${name}.git`), defaultBranch, parent?.bare);
    const repository: Repository = {
      ...{ id: this.id(), owner, name, bare, defaultBranch },
      isPrivate: options.isPrivate === true,
      isArchived: options.isArchived === true,
      allowsForks: options.allowsForks !== false,
      ...(parent && { parent }),
      readyAt: parent ? Date.now() + this.forkDelay : 0,
      collaborators: new Map(Object.entries(collaborators)),
      rules: options.rules ?? {},
      issues: [],
      checkRuns: [],
      statuses: [],
      labels: new Set(['bug', 'enhancement']),
    };
    if (options.copyOf !== undefined) bare.copy(options.copyOf);
    if (from !== undefined) bare.take(from, 'HEAD', defaultBranch);
    if (parent) for (const [ref, sha] of parent.bare.refs('heads/')) bare.setRef(ref, sha);
    this.repositories.set(keyOf(owner, name), repository);
    return repository;
  }

  /** A repository that is there and that nobody has to wait for. */
  repository(owner: string, name: string): Repository | undefined {
    const found = this.repositories.get(keyOf(owner, name));
    return found && found.readyAt <= Date.now() ? found : undefined;
  }

  account(login: string): Account | undefined {
    return this.accounts.get(login.toLowerCase());
  }

  roleOf(login: string, repository: Repository): Role {
    if (login === repository.owner) return 'admin';
    return repository.collaborators.get(login) ?? (repository.isPrivate ? 'none' : 'read');
  }

  mayPush(login: string, repository: Repository): boolean {
    return ['write', 'maintain', 'admin'].includes(this.roleOf(login, repository));
  }

  forksOf(repository: Repository): readonly Repository[] {
    return [...this.repositories.values()].filter(({ parent }) => parent === repository);
  }

  issue(repository: Repository, number: number): Issue | undefined {
    if (repository.issues.find((issue) => issue.number === number)?.pull) this.pulls(repository);
    return repository.issues.find((issue) => issue.number === number);
  }

  /** Pull requests as they are now: what was pushed to their branches is theirs, and without a branch they are closed. */
  pulls(repository: Repository): readonly Pull[] {
    const pulls = repository.issues.filter((issue): issue is Pull => issue.pull !== undefined);
    for (const pull of pulls) {
      if (pull.state === 'closed') continue;
      const head = pull.pull.head.repository.bare.ref(`heads/${pull.pull.head.branch}`);
      const base = repository.bare.ref(`heads/${pull.pull.base}`);
      if (head === undefined || base === undefined) pull.state = 'closed';
      if (head !== undefined && head !== pull.pull.lastHead) {
        pull.pull.lastHead = head;
        pull.updatedAt = Date.now();
      }
    }
    return pulls;
  }

  comment(author: string, body: string): Comment {
    const now = Date.now();
    return { id: this.id(), author, body, createdAt: now, updatedAt: now, reactions: [] };
  }
}

function keyOf(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}
