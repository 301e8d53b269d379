import type { CandidateId, Timestamp } from '../domain.ts';
import type { Disposable } from '../ports.ts';

/** The time, and a way to wait for it. */
export interface PollClock {
  now(): Timestamp;
  /** Calls `run` once after these milliseconds unless disposed of. Keeps no process alive. */
  after(milliseconds: number, run: () => void): Disposable;
}

export const systemClock: PollClock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds).unref();
    return { dispose: () => clearTimeout(timer) };
  },
};

/** What a look at a pull request came to. `rest`: it is not to be looked at again before these milliseconds are over. */
export type PollResult =
  | { readonly type: 'changed' }
  | { readonly type: 'same' }
  | { readonly type: 'rest'; readonly milliseconds: number };

/** Looks at a pull request. Must not reject. `interval` is how long ago, in milliseconds, another window's look has to be to be repeated. */
export type Poll = (id: CandidateId, interval: number, signal: AbortSignal) => Promise<PollResult>;

interface Subject {
  dueAt: Timestamp;
  interval: number;
}

const shortest = 60_000;
const longest = 5 * 60_000;
/** How much longer it takes until the next look when nothing has changed. */
const growth = 1.5;

/** Looks at pull requests one after the other: each in a minute, and more and more seldom while nothing changes. */
export class PollSchedule {
  readonly #clock: PollClock;
  readonly #poll: Poll;
  readonly #subjects = new Map<CandidateId, Subject>();
  readonly #end = new AbortController();
  #timer: Disposable | undefined;
  #looking: Promise<void> | undefined;

  constructor(clock: PollClock, poll: Poll) {
    this.#clock = clock;
    this.#poll = poll;
  }

  /** Says which are to be looked at from now on. A new one is looked at at once. */
  set(ids: ReadonlySet<CandidateId>): void {
    for (const id of this.#subjects.keys()) if (!ids.has(id)) this.#subjects.delete(id);
    for (const id of ids) {
      if (!this.#subjects.has(id)) this.#subjects.set(id, { dueAt: this.#clock.now(), interval: shortest });
    }
    this.#plan();
  }

  /** Something of ours has changed it: looks at once, also where another window has just looked, and often for a while. */
  nudge(id: CandidateId): void {
    const subject = this.#subjects.get(id);
    if (!subject) return;
    subject.dueAt = this.#clock.now();
    subject.interval = 0;
    this.#plan();
  }

  /** Resolves when nothing is looked at any more. */
  async dispose(): Promise<void> {
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    this.#timer?.dispose();
    this.#subjects.clear();
    await this.#looking;
  }

  #plan(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#looking || this.#end.signal.aborted || this.#subjects.size === 0) return;
    const next = Math.min(...[...this.#subjects.values()].map(({ dueAt }) => dueAt));
    this.#timer = this.#clock.after(Math.max(0, next - this.#clock.now()), () => this.#look());
  }

  #look(): void {
    this.#looking ??= this.#lookAtDue().finally(() => {
      this.#looking = undefined;
      this.#plan();
    });
  }

  async #lookAtDue(): Promise<void> {
    const now = this.#clock.now();
    const due = [...this.#subjects].filter(([, { dueAt }]) => dueAt <= now);
    for (const [id, subject] of due) {
      // It may be out of sight by now.
      if (this.#end.signal.aborted || this.#subjects.get(id) !== subject) continue;
      const { interval } = subject;
      // What is nudged from here on is due once more.
      subject.dueAt = Number.POSITIVE_INFINITY;
      const result = await this.#poll(id, interval, this.#end.signal);
      const isNudged = subject.dueAt !== Number.POSITIVE_INFINITY;
      if (!isNudged) this.#settle(subject, interval, result);
    }
  }

  #settle(subject: Subject, before: number, result: PollResult): void {
    const grown = Math.min(longest, Math.max(shortest, before * growth));
    subject.interval = result.type === 'changed' ? shortest : grown;
    const wait = result.type === 'rest' ? Math.max(result.milliseconds, subject.interval) : subject.interval;
    subject.dueAt = this.#clock.now() + wait;
  }
}
