import type { Task, TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { Disposable } from '../core/ports.ts';

/** Lets the engine look at the pull requests of the task that is on screen, and of no other. */
export class ShownPulls {
  readonly #engine: Pick<Engine, 'following'>;
  #shown: { readonly id: TaskId; readonly end: Disposable } | undefined;

  constructor(engine: Pick<Engine, 'following'>) {
    this.#engine = engine;
  }

  /** To be called whenever another task may be open, or come on screen. */
  show(task: Task | undefined, isVisible: boolean): void {
    const hasPulls = task !== undefined && task.pullRequests.length > 0;
    const id = hasPulls && isVisible ? task.id : undefined;
    if (this.#shown?.id === id) return;
    this.#shown?.end.dispose();
    this.#shown = id && { id, end: this.#engine.following.show(id) };
  }
}
