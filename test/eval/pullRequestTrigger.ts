import type { CandidateId, RoundId } from '../../src/core/domain.ts';
import { UserError } from '../../src/core/problem.ts';
import { type Act, draft, type Lane, moreThanOne, onlyPull, taskOf } from './pullRequestLanes.ts';
import type { PullRequestWorld } from './pullRequestWorld.ts';

/** Milliseconds in which a look at GitHub and a small round are over, also where the machine is busy; else it is looked at again. */
const oneLook = 60_000;

/** A comment on a watched pull request starts a round, and is told what came of it. */
export class Triggering implements Lane {
  readonly world: PullRequestWorld;
  #pull: CandidateId | undefined;
  #following: { dispose(): void } | undefined;
  /** Where the log of this comment begins, and that of the last look. */
  #said = 0;
  #tried = 0;

  constructor(world: PullRequestWorld) {
    this.world = world;
  }

  async prepare(): Promise<Act> {
    const { world } = this;
    const { engine } = world.box;
    await this.#unwatch();
    const github = await world.startGitHub();
    const id = await world.candidate();
    const signal = AbortSignal.timeout(60_000);
    await engine.createPullRequest(id, draft, world.talk(signal));
    this.#pull = id;
    this.#said = world.box.log.length;
    this.#following = engine.following.follow(world.box.folder);
    await engine.following.setWatched(id, true, signal);
    // GitHub tells times in seconds, and what was said before the watch began counts for nothing.
    await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
    github.addComment(world.owner, 'hello-world', onlyPull(world).number, 'ann', '/dursor name the lines');
    return async (until) => {
      this.#tried = world.box.log.length;
      // With no threads it does nothing but let the pull request be looked at once more.
      await engine.following.answer(id, [], { signal: until });
      for (let waited = 0; waited < oneLook; waited += 50) {
        if (this.#isDone()) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (this.#hasFailed() && waited > 1000) break;
      }
      throw new UserError({ code: 'github-failed', message: world.box.log.slice(-3).join(' | ') });
    };
  }

  async dispose(): Promise<void> {
    await this.#unwatch();
    await this.world.dispose();
  }

  /** A round that was started goes on; what it has to say is said later. */
  leftovers(): readonly string[] {
    return [];
  }

  duplicates(): readonly string[] {
    const replies = this.#replies().length;
    const rounds = this.#rounds().length;
    const reactions = this.#comment()?.reactions.length ?? 0;
    return [
      ...moreThanOne(this.world),
      ...(replies > 1 ? [`${replies} replies`] : []),
      ...(rounds > 1 ? [`${rounds} rounds`] : []),
      ...(reactions > 1 ? [`${reactions} reactions`] : []),
    ];
  }

  wrong(): readonly string[] {
    const isAnswered = this.#replies().length > 0 || this.#stays();
    if (this.#isLeftAlone()) return isAnswered ? ['a comment that was left alone has a reply'] : [];
    return [
      ...(this.#rounds().length === 0 ? ['no round was started'] : []),
      ...(isAnswered ? [] : ['the comment has no reply']),
    ];
  }

  #isDone(): boolean {
    if (this.#isLeftAlone()) return true;
    return this.#rounds().length > 0 && (this.#replies().length > 0 || this.#stays());
  }

  /** Where it goes on that it can't be found out whether its author may write, nothing starts, and that is for good. */
  #isLeftAlone(): boolean {
    return this.world.box.log.slice(this.#said).some((line) => line.includes('was left alone'));
  }

  /** What GitHub goes on refusing isn't tried again. */
  #stays(): boolean {
    return this.world.box.log.slice(this.#said).some((line) => line.includes('stays without an answer'));
  }

  #hasFailed(): boolean {
    const failure = /could not be looked at|was not answered|has to wait/;
    return this.world.box.log.slice(this.#tried).some((line) => failure.test(line));
  }

  #replies() {
    return onlyPull(this.world).comments.filter(({ author }) => author !== 'ann');
  }

  #comment() {
    return onlyPull(this.world).comments.find(({ author }) => author === 'ann');
  }

  #rounds(): readonly RoundId[] {
    const { world } = this;
    if (this.#pull === undefined) return [];
    const rounds = world.box.engine.task(taskOf(world, this.#pull))?.rounds ?? [];
    const pull = this.#pull;
    return rounds.filter(({ start }) => start.from === 'pull-request' && start.pull === pull).map(({ id }) => id);
  }

  /** The one before is no longer looked at: its GitHub ends. */
  async #unwatch(): Promise<void> {
    this.#following?.dispose();
    this.#following = undefined;
    if (this.#pull === undefined) return;
    await this.world.box.engine.following.setWatched(this.#pull, false, AbortSignal.timeout(1000));
  }
}
