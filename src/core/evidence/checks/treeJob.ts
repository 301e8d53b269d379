import { realpath } from 'node:fs/promises';
import type { ObjectName } from '../../domain.ts';
import type { Check, CheckRun, CheckState, CommandEnd } from '../../evidence.ts';
import { stackOf, UserError } from '../../problem.ts';
import type { CheckConsents } from './checkConsents.ts';
import type { CheckFolders } from './checkFolders.ts';
import { isSameCheck, resultKeyOf } from './checkIdentity.ts';
import { isResult, isWorthAnother, mergeRuns } from './runAgain.ts';
import { type CheckSurroundings, runCheck, withoutRun } from './runCheck.ts';
import { unlessAborted } from './unlessAborted.ts';

/** Results on untouched snapshots as data, so that they are not found out again. */
export interface KeptResults {
  /** May wait for another who is just finding it out; undefined where whoever asks has to, or when the signal aborts. */
  read(key: string, signal: AbortSignal): Promise<CheckRun | undefined>;
  write(key: string, run: CheckRun): Promise<void>;
  /** Whoever read it finds out nothing more about it. Others may wait for that. Must not throw. */
  release?(key: string): void;
}

export interface TreeJobParts extends CheckSurroundings {
  /** The task's folder as the user agreed to its checks. */
  readonly taskFolder: string;
  readonly consents: Pick<CheckConsents, 'assertAgreed'>;
  readonly folders: Pick<CheckFolders, 'make'>;
  /** Writes a tree with what is to be brought along, copied rather than linked, to where nothing is yet. */
  readonly materialise: (tree: ObjectName, destination: string, signal: AbortSignal) => Promise<unknown>;
  /** How many copies are at work at once; the others wait in the order they came. */
  readonly turns: { run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> };
}

/**
 * Whether what fails is run once more: the base always, a candidate unless the base fails, too. There is no answer of a base that may be
 * waiting for the turn which the candidate has; then it counts as one that passes.
 */
export type Again =
  | { readonly of: 'base'; readonly kept: KeptResults }
  | { readonly of: 'candidate'; readonly baseOf: (check: Check) => Promise<CheckRun> | undefined }
  | { readonly of: 'other' };

/**
 * The checks of one tree: one after another in one copy, as a person would run them, so that a build is there for the tests after it.
 * Ends each check, whatever happens, and leaves no folder.
 */
export class TreeJob {
  readonly tree: ObjectName;
  /** All runs, in the order of the checks. Never rejects. */
  readonly ended: Promise<readonly CheckRun[]>;
  readonly #parts: TreeJobParts;
  readonly #again: Again;
  readonly #onState: (check: Check, state: CheckState) => void;
  readonly #end = new AbortController();
  #hasTurn = false;
  readonly #states: Map<Check, CheckState>;
  readonly #runs: ReadonlyMap<Check, PromiseWithResolvers<CheckRun>>;

  constructor(
    parts: TreeJobParts,
    tree: ObjectName,
    checks: readonly Check[],
    again: Again,
    onState: (check: Check, state: CheckState) => void,
  ) {
    this.#parts = parts;
    this.tree = tree;
    this.#again = again;
    this.#onState = onState;
    this.#states = new Map(checks.map((check) => [check, { status: 'waiting' }]));
    this.#runs = new Map(checks.map((check) => [check, Promise.withResolvers<CheckRun>()]));
    this.ended = this.#work().then(() => Promise.all([...this.#runs.values()].map(({ promise }) => promise)));
  }

  get states(): ReadonlyMap<Check, CheckState> {
    return this.#states;
  }

  /** False while it waits for others. */
  get hasTurn(): boolean {
    return this.#hasTurn;
  }

  get isCanceled(): boolean {
    return this.#end.signal.aborted;
  }

  /** Resolves when the check has ended; undefined for one that isn't of this job. */
  runOf(check: Check): Promise<CheckRun> | undefined {
    return [...this.#runs].find(([own]) => isSameCheck(own, check))?.[1].promise;
  }

  cancel(): void {
    this.#end.abort(new DOMException('The checks were canceled.', 'AbortError'));
  }

  async #work(): Promise<void> {
    const { signal } = this.#end;
    try {
      // Before anything is awaited, so that turns are had in the order in which jobs were made.
      await this.#parts.turns.run(() => this.#runInTurn(signal), signal);
    } catch (error) {
      if (signal.aborted) return this.#endAll({ type: 'canceled' });
      if (!(error instanceof UserError)) this.#parts.log.error(stackOf(error));
      this.#endAll({ type: 'not-started', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  async #takeKept(signal: AbortSignal): Promise<void> {
    if (this.#again.of !== 'base') return;
    // In one order for all, so that no two wait for each other.
    const open = this.#open().map((check) => ({ check, key: this.#keyOf(check) }));
    for (const { check, key } of open.toSorted((one, other) => (one.key < other.key ? -1 : 1))) {
      const kept = await this.#again.kept.read(key, signal).catch(this.#warn);
      if (kept) this.#ended(check, { ...kept, check });
    }
  }

  async #runInTurn(signal: AbortSignal): Promise<void> {
    this.#hasTurn = true;
    await this.#takeKept(signal);
    const { folders, materialise, taskFolder } = this.#parts;
    // Without any that may run there is no need of a copy.
    if (!this.#open().some((check) => this.#isAgreed(check))) return;
    const folder = await folders.make(taskFolder);
    try {
      await materialise(this.tree, folder.path, signal);
      const root = await realpath(folder.path);
      for (const check of this.#open()) {
        signal.throwIfAborted();
        if (this.#isAgreed(check)) await this.#run(check, root, signal);
      }
    } finally {
      await folder.remove();
    }
  }

  async #run(check: Check, root: string, signal: AbortSignal): Promise<void> {
    this.#set(check, { status: 'running', startedAt: Date.now() });
    const first = await runCheck(check, root, this.#parts, signal);
    const run = (await this.#isToRunAgain(check, first))
      ? mergeRuns(first, await runCheck(check, root, this.#parts, signal))
      : first;
    // What was canceled before it ran once more is neither broken nor flaky.
    signal.throwIfAborted();
    if (this.#again.of === 'base' && isResult(run)) {
      await this.#again.kept.write(this.#keyOf(check), run).catch(this.#warn);
    }
    this.#ended(check, run);
  }

  async #isToRunAgain(check: Check, run: CheckRun): Promise<boolean> {
    if (this.#again.of === 'other' || !isWorthAnother(run, undefined)) return false;
    if (this.#again.of === 'base') return true;
    const pending = this.#again.baseOf(check);
    const base = pending && (await unlessAborted(pending, this.#end.signal));
    return !this.isCanceled && isWorthAnother(run, base);
  }

  /** The one gate that every command passes. False, and the check has ended, where the user has not agreed to it. */
  #isAgreed(check: Check): boolean {
    try {
      this.#parts.consents.assertAgreed(this.#parts.taskFolder, check);
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#ended(check, withoutRun(check, this.#parts, { type: 'not-started', reason: error.message }));
      return false;
    }
  }

  readonly #warn = (error: unknown): void => {
    this.#parts.log.warn(`The results of checks could not be kept or read: ${stackOf(error)}`);
  };

  #keyOf(check: Check): string {
    return resultKeyOf(this.tree, check, this.#parts.sandbox);
  }

  #open(): readonly Check[] {
    return [...this.#states].filter(([, { status }]) => status !== 'ended').map(([check]) => check);
  }

  #endAll(end: CommandEnd): void {
    for (const check of this.#open()) this.#ended(check, withoutRun(check, this.#parts, end));
  }

  #ended(check: Check, run: CheckRun): void {
    if (this.#again.of === 'base') this.#again.kept.release?.(this.#keyOf(check));
    this.#runs.get(check)?.resolve(run);
    this.#set(check, { status: 'ended', run });
  }

  #set(check: Check, state: CheckState): void {
    this.#states.set(check, state);
    this.#onState(check, state);
  }
}
