import { setTimeout as sleep } from 'node:timers/promises';
import type { Applies, Apply } from '../core/engine/applies.ts';
import type { UndoPlan, UndoStep } from '../core/engine/applyUndo.ts';
import { type FileState, isSameState } from '../core/engine/fileState.ts';
import { stackOf, UserError } from '../core/problem.ts';
import { readState } from './applyFiles.ts';
import { removeEmptyFolders, restoreFiles } from './applyRestore.ts';

const maxAttempts = 5;
const quietMs = 500;
const quietWithinMs = 30_000;
const maxNamed = 10;

/** What is left to do, and the states of the files that it was planned from. */
interface Look extends UndoPlan {
  readonly states: ReadonlyMap<string, FileState | undefined>;
}

/**
 * One taking back of an apply. It looks whether every file is as before, and goes on where one isn't: VS Code may undo or redo the same files at
 * this moment, one after the other, and tells nobody that it does.
 */
export class TakingBack {
  readonly #applies: Pick<Applies, 'planUndo'>;
  readonly #apply: Apply;
  readonly #signal: AbortSignal;
  /** A merge is done once: its result can't be told from the user's own changes. */
  readonly #merged = new Set<string>();
  readonly #changed = new Set<string>();
  #isContested = false;

  constructor(applies: Pick<Applies, 'planUndo'>, apply: Apply, signal: AbortSignal) {
    this.#applies = applies;
    this.#apply = apply;
    this.#signal = signal;
  }

  /**
   * Answers how many files it changed. Throws `UserError` (`patch-conflict`): without a change where the user's later work is in the way, else
   * with the files that are not as before, and then it can be tried again.
   */
  async run(): Promise<number> {
    let left = await this.#look();
    // Something has begun with them.
    this.#isContested = left.steps.length > 0 && left.steps.length < this.#apply.files.length;
    if (this.#isContested) left = await this.#lookWhenQuiet();
    if (left.conflicts.length > 0) throw inTheWay(left.conflicts);
    const first = left;
    for (let attempt = 1; left.steps.length > 0; attempt++) {
      this.#signal.throwIfAborted();
      const failure = await this.#attempt(left.steps);
      const next = await this.#lookWhenQuiet().catch((error: unknown) => {
        this.#signal.throwIfAborted();
        throw notBack(left, error);
      });
      const isOver = attempt === maxAttempts || next.conflicts.length > 0 || isSameLook(left, next);
      if (isOver && isOpen(next)) throw isSameLook(first, next) ? nothingBack(failure) : notBack(next, failure);
      left = next;
    }
    await removeEmptyFolders(this.#apply.folder, this.#apply.newFolders);
    return this.#changed.size;
  }

  /** Answers with what went wrong, if anything. */
  async #attempt(steps: readonly UndoStep[]): Promise<unknown> {
    const { folder, newFolders } = this.#apply;
    for (const { path } of steps) this.#changed.add(path);
    try {
      await restoreFiles({ folder, steps, newFolders });
      for (const { type, path } of steps) if (type === 'merge') this.#merged.add(path);
      return undefined;
    } catch (error) {
      this.#isContested = true;
      return error;
    }
  }

  async #look(): Promise<Look> {
    const states = new Map<string, FileState | undefined>();
    const read = async (path: string) => {
      const state = await readState(this.#apply.folder, path);
      states.set(path, state);
      return state;
    };
    const files = this.#apply.files.filter(({ path }) => !this.#merged.has(path));
    return { ...(await this.#applies.planUndo({ ...this.#apply, files }, read, this.#signal)), states };
  }

  /** Where something else is at the files too, when that seems to have ended. */
  async #lookWhenQuiet(): Promise<Look> {
    let last = await this.#look();
    const end = Date.now() + quietWithinMs;
    while (this.#isContested && Date.now() < end) {
      await sleep(quietMs, undefined, { signal: this.#signal });
      const next = await this.#look();
      if (isSameLook(last, next)) return next;
      last = next;
    }
    return last;
  }
}

function isOpen({ steps, conflicts }: Look): boolean {
  return steps.length + conflicts.length > 0;
}

function isSameLook(a: Look, b: Look): boolean {
  return (
    a.states.size === b.states.size && [...a.states].every(([path, state]) => isSameState(state, b.states.get(path)))
  );
}

function inTheWay(paths: readonly string[]): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `The apply can't be taken back: ${listOf(paths)} changed since in the same place. Nothing was changed. Undo your changes there, then try again.`,
  });
}

function nothingBack(failure: unknown): UserError {
  if (failure instanceof UserError && failure.problem.code !== 'patch-conflict') return failure;
  return new UserError({
    code: 'patch-conflict',
    message: `The apply could not be taken back, and nothing was changed. ${reasonOf(failure)}Use Undo Apply again.`,
    ...(failure !== undefined && { detail: stackOf(failure) }),
  });
}

function notBack({ steps, conflicts }: UndoPlan, failure: unknown): UserError {
  const paths = [...steps.map(({ path }) => path), ...conflicts].sort();
  const verb = paths.length === 1 ? 'is' : 'are';
  return new UserError({
    code: 'patch-conflict',
    message: `Not everything was taken back: ${listOf(paths)} ${verb} not as before. ${reasonOf(failure)}Use Undo Apply again for the rest.`,
    detail: `${paths.join('\n')}\n${failure === undefined ? '' : stackOf(failure)}`,
  });
}

function reasonOf(failure: unknown): string {
  return failure instanceof UserError ? `${failure.message} ` : '';
}

function listOf(paths: readonly string[]): string {
  const named = paths.slice(0, maxNamed);
  const more = paths.length > maxNamed ? [`${paths.length - maxNamed} more`] : [];
  const all = [...named, ...more];
  return all.length === 1 ? String(all[0]) : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
