import type { ObjectName, TaskId } from '../domain.ts';
import type { KeptResults } from '../evidence/checks/treeJob.ts';
import { unlessAborted } from '../evidence/checks/unlessAborted.ts';
import type { EvidenceRows } from '../store/evidence.ts';

/** Results on untouched snapshots: each is found out once, also where several rounds have the same snapshot at the same time. */
export class EvidenceBaselines {
  readonly #rows: EvidenceRows;
  /** Those that somebody of this window is finding out. */
  readonly #open = new Map<string, PromiseWithResolvers<void>>();

  constructor(rows: EvidenceRows) {
    this.#rows = rows;
  }

  /** The results on a snapshot's tree for the checks of one round. */
  of(taskId: TaskId, tree: ObjectName): KeptResults {
    const nameOf = (key: string) => `${taskId} ${key}`;
    const own = new Set<string>();
    return {
      read: async (key, signal) => {
        const name = nameOf(key);
        while (!signal.aborted) {
          const run = this.#rows.checkRun(taskId, key);
          if (run) return run;
          const other = this.#open.get(name);
          if (!other) {
            own.add(name);
            this.#open.set(name, Promise.withResolvers());
            return undefined;
          }
          await unlessAborted(other.promise, signal);
        }
        return undefined;
      },
      write: async (key, run) => this.#rows.saveCheckRun(taskId, tree, key, run),
      release: (key) => {
        const name = nameOf(key);
        if (!own.delete(name)) return;
        this.#open.get(name)?.resolve();
        this.#open.delete(name);
      },
    };
  }

  /** The same for a round that finds out everything anew. */
  anew(taskId: TaskId, tree: ObjectName): KeptResults {
    return { ...this.of(taskId, tree), read: async () => undefined };
  }
}
