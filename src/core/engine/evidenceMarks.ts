import type { FileChange, ObjectName, TaskId } from '../domain.ts';
import { marksOf } from '../evidence/marks/patchMarks.ts';
import type { Mark } from '../evidence.ts';
import type { Log } from '../ports.ts';
import { stackOf } from '../problem.ts';
import type { TaskStorage } from '../workspace/workspace.ts';

export interface MarkParts {
  readonly storage: (taskId: TaskId) => Pick<TaskStorage, 'readBlob'>;
  readonly log: Log;
  /** There are marks that were not there before. */
  readonly changed: (taskId: TaskId) => void;
}

/** A patch to be looked through. */
export interface MarkedPatch {
  readonly taskId: TaskId;
  readonly base: ObjectName;
  readonly tree: ObjectName;
  readonly changes: readonly FileChange[];
}

interface Looking {
  readonly work: Promise<readonly Mark[]>;
  found?: readonly Mark[];
}

/** How many patches' marks stay in memory. */
const keptPatches = 200;

/** The marks of patches, each looked through once, when it is first asked for. */
export class EvidenceMarks {
  readonly #parts: MarkParts;
  readonly #patches = new Map<string, Looking>();
  readonly #end = new AbortController();

  constructor(parts: MarkParts) {
    this.#parts = parts;
  }

  /** Undefined until it was looked through. */
  known(patch: MarkedPatch): readonly Mark[] | undefined {
    return this.#looking(patch).found;
  }

  /** Never rejects: what can't be read has no marks. */
  find(patch: MarkedPatch): Promise<readonly Mark[]> {
    return this.#looking(patch).work;
  }

  async dispose(): Promise<void> {
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    await Promise.all(Array.from(this.#patches.values(), ({ work }) => work));
  }

  #looking(patch: MarkedPatch): Looking {
    const key = `${patch.base} ${patch.tree}`;
    const known = this.#patches.get(key);
    if (known) return known;
    const looking: Looking = { work: this.#look(patch).then((marks) => this.#found(looking, patch, marks)) };
    this.#patches.set(key, looking);
    const [oldest] = this.#patches.keys();
    if (oldest !== undefined && this.#patches.size > keptPatches) this.#patches.delete(oldest);
    return looking;
  }

  #found(looking: Looking, { taskId }: MarkedPatch, marks: readonly Mark[]): readonly Mark[] {
    looking.found = marks;
    this.#parts.changed(taskId);
    return marks;
  }

  async #look({ taskId, changes }: MarkedPatch): Promise<readonly Mark[]> {
    const { signal } = this.#end;
    try {
      const storage = this.#parts.storage(taskId);
      return await marksOf(changes, (blob, ending) => storage.readBlob(blob, ending), signal);
    } catch (error) {
      if (!signal.aborted) this.#parts.log.warn(`A patch could not be looked through: ${stackOf(error)}`);
      return [];
    }
  }
}
