import type { CandidateId } from '../domain.ts';
import type { RepositoryName } from '../pullRequest.ts';
import type { EngineHost } from './engineHost.ts';
import type { GitHubClients } from './gitHubClients.ts';
import type { TaskBook } from './taskBook.ts';

/** A remote of a folder that leads to GitHub. */
export interface GitHubRemote {
  /** Its local name. */
  readonly remote: string;
  readonly repository: RepositoryName;
}

/** What a folder's own repository tells of where a pull request could go. */
export interface LocalDestination {
  /** Each repository once, the likeliest first. */
  readonly remotes: readonly GitHubRemote[];
  /** The one whose branch the checked-out one follows, else the only one; absent where the user has to say. */
  readonly remote?: string;
  /** The branch that the checked-out one follows there. */
  readonly upstream?: string;
}

/** Where pull requests can go. Nothing here writes. */
export class PullRequestDestinations {
  readonly #host: Pick<EngineHost, 'settings'>;
  readonly #book: TaskBook;
  readonly #clients: Pick<GitHubClients, 'for'>;

  constructor(host: Pick<EngineHost, 'settings'>, book: TaskBook, clients: Pick<GitHubClients, 'for'>) {
    this.#host = host;
    this.#book = book;
    this.#clients = clients;
  }

  /** What a folder tells by itself: asks nobody, and nothing of the network. */
  async of(folder: string, signal?: AbortSignal): Promise<LocalDestination> {
    const [{ gitHubRemotes }, { readRepositoryFacts }] = await Promise.all([
      import('../github/remote.ts'),
      import('../workspace/repository.ts'),
    ]);
    const facts = await readRepositoryFacts(folder, signal);
    const found = facts ? gitHubRemotes(facts, this.#host.settings().gitHubApiUrl) : [];
    const [first, ...others] = found;
    const upstream = facts?.upstream;
    const isFollowed = first !== undefined && first.remote === upstream?.remote;
    return {
      remotes: found.map(({ remote, owner, name }) => ({ remote, repository: { owner, name } })),
      ...(first && (isFollowed || others.length === 0) && { remote: first.remote }),
      ...(isFollowed && { upstream: upstream.branch }),
    };
  }

  /**
   * The branches that a candidate's pull request could ask to be merged into, the default one first: at most a hundred. `remote` is one of
   * its folder's. May ask to sign in. Throws `UserError`.
   */
  async branches(id: CandidateId, remote: string, signal: AbortSignal): Promise<readonly string[]> {
    const { task } = this.#book.candidate(id);
    const [{ readRepositoryFacts }, { readDestination }, { listBranches }, { chooseRepository }] = await Promise.all([
      import('../workspace/repository.ts'),
      import('../github/destination.ts'),
      import('../github/base.ts'),
      import('./pullRequestPlace.ts'),
    ]);
    const facts = await readRepositoryFacts(task.folder, signal);
    // With a remote that is there nothing is asked.
    const talk = { report() {}, ask: async () => undefined, signal };
    const repository = await chooseRepository(facts, this.#host.settings().gitHubApiUrl, talk, remote);
    const octokit = await this.#clients.for(repository, { signal });
    return listBranches(octokit, await readDestination(octokit, repository, signal), signal);
  }
}
