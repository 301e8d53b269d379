import type { CandidateId, TaskId } from '../../src/core/domain.ts';
import { Engine } from '../../src/core/engine.ts';
import { UserError } from '../../src/core/problem.ts';
import type { Pull } from '../support/gitHubServer/model.ts';
import type { PullRequestWorld } from './pullRequestWorld.ts';

/** What is to be done. Rejects where it came to nothing, with what the user is told. */
export type Act = (signal: AbortSignal) => Promise<unknown>;

export interface Lane {
  readonly world: PullRequestWorld;
  /** Ends the world too. */
  dispose(): Promise<void>;
  /** Gets everything ready, and answers with what is to be done; that may be done twice. */
  prepare(): Promise<Act>;
  /** What is there that should not be, once it failed and before it is tried again. */
  leftovers(): readonly string[];
  /** What is there twice. */
  duplicates(): readonly string[];
  /** What isn't there, or isn't right, once it succeeded. */
  wrong(): readonly string[];
}

/** What the user says of each. */
export const draft = { title: 'Name line three', body: 'Because it has a name.' };

/** A candidate becomes a pull request. */
export class Opening implements Lane {
  readonly world: PullRequestWorld;
  readonly #commits: 'patch-only' | 'stacked' | undefined;

  constructor(world: PullRequestWorld, commits?: 'patch-only' | 'stacked') {
    this.world = world;
    this.#commits = commits;
  }

  async prepare(): Promise<Act> {
    const { world } = this;
    await world.startGitHub();
    const id = await world.candidate();
    return (signal) => world.box.engine.createPullRequest(id, draft, world.talk(signal, this.#commits));
  }

  dispose(): Promise<void> {
    return this.world.dispose();
  }

  leftovers(): readonly string[] {
    const { pulls, branches } = this.world.look();
    return [...branches, ...pulls.map(({ number }) => `#${number}`)];
  }

  duplicates(): readonly string[] {
    return moreThanOne(this.world);
  }

  wrong(): readonly string[] {
    const [pull] = this.world.look().pulls;
    if (!pull) return ['there is no pull request'];
    if (pull.title !== draft.title || !pull.body.includes(draft.body)) return ['its text is another'];
    const wrong = this.world.wrongTree(pull, 'first');
    return wrong === undefined ? [] : [wrong];
  }
}

/** Two windows open the pull request of one candidate at the same time. */
export class OpeningTwice extends Opening {
  #other: Engine | undefined;

  override async prepare(): Promise<Act> {
    const { world } = this;
    await world.startGitHub();
    const id = await world.candidate();
    this.#other ??= new Engine(world.box.host);
    const engines = [world.box.engine, this.#other];
    return async (signal) => {
      const opening = engines.map((engine) => engine.createPullRequest(id, draft, world.talk(signal)));
      const results = await Promise.allSettled(opening);
      const failed = results.find((result) => result.status === 'rejected');
      // Where one failed the other may go on from there; then both have it once somebody tries again.
      if (failed) throw failed.reason;
    };
  }

  /** What one left the other may have gone on with. */
  override leftovers(): readonly string[] {
    return this.world.look().pulls.length === 1 && this.wrong().length === 0 ? [] : super.leftovers();
  }

  override async dispose(): Promise<void> {
    await this.#other?.dispose();
    await super.dispose();
  }
}

/** A later candidate, made without knowing of the pull request, goes onto its branch. */
export class Updating implements Lane {
  readonly world: PullRequestWorld;
  #first = '';

  constructor(world: PullRequestWorld) {
    this.world = world;
  }

  async prepare(): Promise<Act> {
    const { world } = this;
    await world.startGitHub();
    const pull = await world.candidate();
    const later = await world.candidates('second', undefined, { taskId: taskOf(world, pull) });
    await world.box.engine.createPullRequest(pull, draft, world.talk(AbortSignal.timeout(60_000)));
    this.#first = onlyPull(world).pull.lastHead;
    return (signal) => world.box.engine.following.update(later[0] as CandidateId, pull, world.talk(signal));
  }

  dispose(): Promise<void> {
    return this.world.dispose();
  }

  /** Nothing has moved, or it is done although nobody heard of it. */
  leftovers(): readonly string[] {
    const [pull] = this.world.look().pulls;
    if (pull?.pull.lastHead === this.#first || this.wrong().length === 0) return this.duplicates();
    return [`the branch is at ${pull?.pull.lastHead}`];
  }

  duplicates(): readonly string[] {
    const [pull] = this.world.look().pulls;
    const { objects } = this.world.github.bare(this.world.owner, 'hello-world');
    const below = objects.commit(pull?.pull.lastHead ?? '')?.parents[0];
    const isOnce = below === this.#first || pull?.pull.lastHead === this.#first;
    return [...moreThanOne(this.world), ...(isOnce ? [] : ['there are more commits than one on the branch'])];
  }

  wrong(): readonly string[] {
    const [pull] = this.world.look().pulls;
    if (!pull) return ['there is no pull request'];
    const wrong = this.world.wrongTree(pull, 'second', [this.#first]);
    return wrong === undefined ? [] : [wrong];
  }
}

/** Two threads of review comments are answered and resolved, once a round that was about them went onto the branch. */
export class Answering implements Lane {
  readonly world: PullRequestWorld;

  constructor(world: PullRequestWorld) {
    this.world = world;
  }

  async prepare(): Promise<Act> {
    const { world } = this;
    const { engine } = world.box;
    const github = await world.startGitHub();
    const id = await world.candidate();
    const signal = AbortSignal.timeout(60_000);
    await engine.createPullRequest(id, draft, world.talk(signal));
    const { number } = onlyPull(world);
    const threads = [3, 5].map((line) => {
      const about = { author: 'ann', path: 'src/queue.ts', line, body: 'Why?' };
      return github.addThread(world.owner, 'hello-world', number, about).id;
    });
    const start = { from: 'pull-request', pull: id, threads } as const;
    const [later] = await world.candidates('second', undefined, { taskId: taskOf(world, id), start });
    await engine.following.update(later as CandidateId, id, world.talk(signal));
    return async (until) => {
      const refused = await engine.following.answer(id, threads, { signal: until });
      if (refused.length > 0) throw new UserError({ code: 'github-failed', message: refused.join(' ') });
    };
  }

  dispose(): Promise<void> {
    return this.world.dispose();
  }

  /** A thread that was answered stays answered. */
  leftovers(): readonly string[] {
    return [];
  }

  duplicates(): readonly string[] {
    const twice = onlyPull(this.world).pull.threads.filter(({ comments }) => comments.length > 2);
    return [...moreThanOne(this.world), ...twice.map(({ line }) => `the answer at line ${line}`)];
  }

  wrong(): readonly string[] {
    const open = onlyPull(this.world).pull.threads.filter(
      ({ comments, isResolved }) => !isResolved || comments.length < 2,
    );
    return open.map(({ line }) => `the thread at line ${line} is not answered and resolved`);
  }
}

export function onlyPull(world: PullRequestWorld): Pull {
  const [pull] = world.look().pulls;
  if (!pull) throw new Error('there is no pull request');
  return pull;
}

export function taskOf(world: PullRequestWorld, id: CandidateId): TaskId {
  return world.box.engine.candidate(id).task.id;
}

/** Branches and pull requests besides the first. */
export function moreThanOne(world: PullRequestWorld): readonly string[] {
  const { pulls, branches } = world.look();
  return [...branches.slice(1), ...pulls.slice(1).map(({ number }) => `#${number}`)];
}
