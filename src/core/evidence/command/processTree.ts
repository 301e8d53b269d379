import { setTimeout as sleep } from 'node:timers/promises';
import { hasVariable, inPortions, listProcesses, type ProcessEntry } from './processTable.ts';

/** A process whose parents have ended is known by having been seen before that. */
const lookEveryMs = 250;
/** How often what is left is killed; one that is still there after that can't be killed at all. */
const mostRounds = 200;
const roundMs = 25;

/**
 * All processes that come from one, where the system has no better way to hold on to them: found by parent, group and session while
 * it runs, and in the end also by a variable in their environment. What escapes: a process without that variable whose parents all
 * ended between two looks.
 */
export class ProcessTree {
  readonly #leader: number;
  /** `NAME=value`, different for each tree. */
  readonly #mark: string;
  /** Starts of the processes that were seen, by number. */
  readonly #seen = new Map<number, string>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<unknown> | undefined;

  /** `leader` leads a group and a session of its own, and has `mark` in its environment. */
  constructor(leader: number, mark: string) {
    this.#leader = leader;
    this.#mark = mark;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look()
        .catch(() => {})
        .finally(() => {
          this.#looking = undefined;
        });
    }, lookEveryMs);
    this.#timer.unref();
  }

  /** Kills what is left until nothing is. Must not throw; gives up on what can't be killed. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    // Stopped first: what is stopped starts no others while the rest is looked for.
    signal(-this.#leader, 'SIGSTOP');
    for (let round = 0; round < mostRounds; round++) {
      // What can't be told now, on a machine that is short of something, may be told a moment later.
      const found = await this.#find().catch(() => undefined);
      if (found?.length === 0) return;
      if (found) this.#kill(found);
      else signal(-this.#leader, 'SIGKILL');
      await sleep(roundMs);
    }
  }

  #kill(found: readonly ProcessEntry[]): void {
    const leaders = new Set([this.#leader, ...found.map(({ pid }) => pid)]);
    for (const { pid } of found) signal(pid, 'SIGSTOP');
    for (const { pid, group } of found) {
      if (leaders.has(group)) signal(-group, 'SIGKILL');
      signal(pid, 'SIGKILL');
    }
  }

  /** The processes of the tree that run now, known by more than a variable. */
  async #look(): Promise<{ ours: readonly ProcessEntry[]; others: readonly ProcessEntry[] }> {
    const all = (await listProcesses()).filter(({ pid }) => pid !== process.pid);
    const ours = new Map<number, ProcessEntry>();
    const groups = new Set([this.#leader]);
    const add = (entry: ProcessEntry) => {
      ours.set(entry.pid, entry);
      groups.add(entry.group);
      this.#seen.set(entry.pid, entry.start);
    };
    const belongs = ({ pid, parent, group, session, start }: ProcessEntry) =>
      this.#seen.get(pid) === start || ours.has(parent) || groups.has(group) || session === this.#leader;
    for (let size = -1; size < ours.size; ) {
      size = ours.size;
      for (const entry of all) if (!ours.has(entry.pid) && belongs(entry)) add(entry);
    }
    return { ours: [...ours.values()], others: all.filter(({ pid }) => !ours.has(pid)) };
  }

  async #find(): Promise<readonly ProcessEntry[]> {
    const { ours, others } = await this.#look();
    const marked = await inPortions(others, ({ pid }) => hasVariable(pid, this.#mark));
    const hidden = others.filter((_, index) => marked[index]);
    for (const { pid, start } of hidden) this.#seen.set(pid, start);
    return [...ours, ...hidden];
  }
}

/** Sends a signal to a process, or with a negative number to a group; one that has ended meanwhile is fine. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended, or it isn't ours to end.
  }
}
