import type { CandidateId, ObjectName, Round, RoundId, TaskId } from '../domain.ts';
import type { CheckConsents } from '../evidence/checks/checkConsents.ts';
import type { CheckFolders } from '../evidence/checks/checkFolders.ts';
import { isSameCheck, resultKeyOf } from '../evidence/checks/checkIdentity.ts';
import { type CheckProgress, type CheckSubject, usualParallelChecks } from '../evidence/checks/checkRunner.ts';
import { crossTests } from '../evidence/checks/crossTests.ts';
import { isResult } from '../evidence/checks/runAgain.ts';
import type { Sandbox } from '../evidence/sandbox/sandbox.ts';
import type { Check, CheckRun, CheckState } from '../evidence.ts';
import type { EvidenceRows } from '../store/evidence.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import type { EngineHost } from './engineHost.ts';
import { EvidenceBaselines } from './evidenceBaselines.ts';
import { type CheckedSnapshot, type Runners, runnersOf } from './evidenceRunners.ts';
import type { EvidenceSandbox } from './evidenceSandbox.ts';
import type { EndedCandidate } from './evidenceView.ts';
import { Slots } from './slots.ts';

export interface CheckingParts {
  readonly host: EngineHost;
  readonly rows: EvidenceRows;
  readonly storage: (taskId: TaskId) => TaskStorage;
  readonly consents: CheckConsents;
  readonly folders: CheckFolders;
  readonly sandbox: EvidenceSandbox;
  /** A check of the round is further than before. */
  readonly changed: (taskId: TaskId) => void;
}

/** What is checked, and by what. */
export interface CheckScene extends CheckedSnapshot {
  readonly round: Round;
}

/** A candidate with the results of its checks. */
export interface CheckedCandidate extends EndedCandidate {
  readonly runs: readonly CheckRun[];
}

/** The checks of one round that run, or ran in this window. */
interface Checking extends Runners {
  /** Says the same for the same checks in the same sandbox. */
  readonly source: string;
  readonly taskId: TaskId;
  readonly taskFolder: string;
  /** What was begun on each subject. */
  readonly trees: Map<CheckSubject, ObjectName>;
  /** Ends what isn't a subject's own: cross-tests. */
  abort: AbortController;
  /** Work on subjects and on their tests. */
  open: number;
  /** Checks of trees that are nobody's. */
  guests: number;
}

/** What is to be checked once there is a sandbox for it. */
interface Starting {
  readonly id: RoundId;
  readonly taskId: TaskId;
  readonly taskFolder: string;
  isWanted: boolean;
}

/**
 * What becomes of what is known: `join` goes on with what was begun; `renew` runs again what could not be run, unless some of it is just
 * at work; `again` finds out everything anew, on the snapshot too.
 */
export type Beginning = 'join' | 'renew' | 'again';

/** Rounds whose ended checks stay in memory as they were; results are in the store. */
const keptRounds = 12;

/** The checks of all rounds: their processes, their folders, and the results as they come. */
export class EvidenceChecks {
  readonly #parts: CheckingParts;
  /** The latest last. */
  readonly #rounds = new Map<RoundId, Checking>();
  readonly #ending = new Set<Promise<void>>();
  readonly #slots: Slots;
  readonly #baselines: EvidenceBaselines;
  /** Those that wait for their sandbox. */
  readonly #starting = new Set<Starting>();
  #isDisposed = false;

  constructor(parts: CheckingParts) {
    this.#parts = parts;
    this.#baselines = new EvidenceBaselines(parts.rows);
    this.#slots = new Slots(() => parts.host.settings().evidence.parallelChecks || usualParallelChecks());
  }

  /** To be called when the limit may have been raised. */
  admit(): void {
    this.#slots.admit();
  }

  isBusy(id: RoundId): boolean {
    return (this.#rounds.get(id)?.open ?? 0) > 0;
  }

  /** How far a check is that was begun on this tree in this window. */
  state(id: RoundId, subject: CheckSubject, tree: ObjectName, check: Check): CheckState | undefined {
    const round = this.#rounds.get(id);
    if (round?.trees.get(subject) !== tree) return undefined;
    return round.runner.states(subject).find(([known]) => isSameCheck(known, check))?.[1];
  }

  /**
   * Runs the checks on the snapshot and then on these candidates. Resolves when they are on their way; `done`, when they have ended, and
   * never rejects. Throws `UserError` (`no-sandbox`).
   */
  async start(
    scene: CheckScene,
    candidates: readonly EndedCandidate[],
    beginning: Beginning = 'join',
  ): Promise<{ readonly done: Promise<void> }> {
    const round = await this.#open(scene, beginning);
    if (!round) return { done: Promise.resolve() };
    if (round.abort.signal.aborted) round.abort = new AbortController();
    round.trees.set('base', scene.snapshot.tree);
    const ends = [
      round.runner.startBase(),
      ...candidates.map(({ id, tree }) => {
        round.trees.set(id, tree);
        return round.runner.start(id, tree);
      }),
    ];
    return { done: this.#follow(round, Promise.all(ends)) };
  }

  /** Runs a check for an agent, on a tree that is nobody's. Throws `UserError` (`no-sandbox`), or an `AbortError` when its round goes meanwhile. */
  async runOnTree(scene: CheckScene, tree: ObjectName, check: Check, signal: AbortSignal): Promise<CheckRun> {
    const round = await this.#open(scene, 'join');
    if (!round) throw new DOMException('The checks were canceled.', 'AbortError');
    round.guests++;
    try {
      return await round.agentRunner.runOnTree(tree, check, { signal });
    } finally {
      round.guests--;
    }
  }

  /** Runs the tests of these candidates on each other's code. Undefined when it was canceled, or nothing is known of the round. */
  async cross(scene: CheckScene, candidates: readonly CheckedCandidate[], base: readonly CheckRun[]) {
    const round = this.#rounds.get(scene.round.id);
    if (!round || round.abort.signal.aborted) return undefined;
    const { signal } = round.abort;
    const storage = this.#parts.storage(scene.task.id);
    const treeWith: TaskStorage['treeWith'] = (tree, files, ending) => storage.treeWith(tree, files, ending);
    const work = crossTests({ runner: round.runner, treeWith }, candidates, base, signal);
    await this.#follow(round, work);
    const found = await work;
    return signal.aborted ? undefined : found;
  }

  /** Cancels what runs and what waits. */
  cancel(id: RoundId): void {
    this.#giveUp((starting) => starting.id === id);
    this.#cancel(id);
  }

  #cancel(id: RoundId): void {
    const round = this.#rounds.get(id);
    round?.abort.abort(new DOMException('The checks were canceled.', 'AbortError'));
    round?.runner.cancelAll();
    round?.agentRunner.cancelAll();
  }

  /** Cancels what runs and what waits in a folder, or everywhere. */
  cancelIn(taskFolder?: string): void {
    this.#giveUp((starting) => taskFolder === undefined || starting.taskFolder === taskFolder);
    for (const [id, round] of this.#rounds) {
      if (taskFolder === undefined || round.taskFolder === taskFolder) this.cancel(id);
    }
  }

  /** Whether the checks of a round were canceled, and not begun again since. */
  isCanceled(id: RoundId): boolean {
    return this.#rounds.get(id)?.abort.signal.aborted ?? false;
  }

  /** Ends what belongs to a task; resolves when no process and no folder of it is left. */
  async removeTask(taskId: TaskId): Promise<void> {
    this.#giveUp((starting) => starting.taskId === taskId);
    const own = [...this.#rounds].filter(([, round]) => round.taskId === taskId);
    await Promise.all(own.map(([id]) => this.#drop(id)));
  }

  /** Resolves when no process and no folder is left. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    for (const id of [...this.#rounds.keys()]) void this.#drop(id);
    await Promise.all(this.#ending);
  }

  /** The checks of a round; undefined where they are given up before there is a sandbox for them. */
  async #open(scene: CheckScene, beginning: Beginning): Promise<Checking | undefined> {
    const { task, round } = scene;
    const starting: Starting = { id: round.id, taskId: task.id, taskFolder: task.folder, isWanted: true };
    this.#starting.add(starting);
    try {
      const sandbox = await this.#parts.sandbox.choose();
      return starting.isWanted && !this.#isDisposed ? this.#checking(scene, sandbox, beginning) : undefined;
    } finally {
      this.#starting.delete(starting);
    }
  }

  #giveUp(which: (starting: Starting) => boolean): void {
    for (const starting of this.#starting) if (which(starting)) starting.isWanted = false;
  }

  #checking(scene: CheckScene, sandbox: Sandbox, beginning: Beginning): Checking {
    const { id } = scene.round;
    const source = JSON.stringify([scene.checks, sandbox, scene.snapshot.tree]);
    const known = this.#rounds.get(id);
    const isAtWork = known !== undefined && known.open + known.guests > 0;
    if (known?.source === source && (beginning === 'join' || isAtWork)) return known;
    const open = known ? openSubjects(known) : [];
    if (known) void this.#drop(id);
    const made = this.#make(scene, sandbox, { source, isAgain: beginning === 'again' });
    this.#rounds.set(id, made);
    // Other checks, or another sandbox: what was at work begins again with them.
    for (const [subject, tree] of open) {
      made.trees.set(subject, tree);
      void this.#follow(made, made.runner.start(subject, tree));
    }
    this.#forgetOldest();
    return made;
  }

  #make(
    scene: CheckScene,
    sandbox: Sandbox,
    { source, isAgain }: { readonly source: string; readonly isAgain: boolean },
  ): Checking {
    const { changed } = this.#parts;
    const kept = this.#baselines[isAgain ? 'anew' : 'of'](scene.task.id, scene.snapshot.tree);
    const round: Checking = {
      ...runnersOf({ ...this.#parts, slots: this.#slots, kept, sandbox }, scene),
      source,
      taskId: scene.task.id,
      taskFolder: scene.task.folder,
      trees: new Map(),
      abort: new AbortController(),
      open: 0,
      guests: 0,
    };
    round.runner.onDidChange((progress) => {
      this.#save(round, progress, sandbox);
      changed(round.taskId);
    });
    return round;
  }

  /** What a candidate's check came to; the base's are written by the runner itself, and what did not run to its end is no result. */
  #save({ taskId, trees }: Checking, { subject, state }: CheckProgress, sandbox: Sandbox): void {
    const tree = trees.get(subject);
    if (state.status !== 'ended' || subject === 'base' || tree === undefined || !isResult(state.run)) return;
    this.#parts.rows.saveCheckRun(taskId, tree, resultKeyOf(tree, state.run.check, sandbox), state.run);
  }

  async #follow(round: Checking, work: Promise<unknown>): Promise<void> {
    round.open++;
    this.#parts.changed(round.taskId);
    await work.catch(() => {});
    round.open--;
    this.#parts.changed(round.taskId);
  }

  #forgetOldest(): void {
    for (const [id, { open, guests, trees }] of this.#rounds) {
      if (this.#rounds.size <= keptRounds) return;
      if (open + guests === 0 && trees.size > 0) void this.#drop(id);
    }
  }

  #drop(id: RoundId): Promise<void> {
    this.#cancel(id);
    const round = this.#rounds.get(id);
    this.#rounds.delete(id);
    const ending = Promise.all([round?.runner.dispose(), round?.agentRunner.dispose()])
      .then(() => {})
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    return ending;
  }
}

/** Candidates whose checks haven't ended, with what is checked. */
function openSubjects({ runner, trees }: Checking): readonly (readonly [CandidateId, ObjectName])[] {
  return [...trees].flatMap(([subject, tree]) =>
    subject !== 'base' && runner.states(subject).some(([, { status }]) => status !== 'ended')
      ? [[subject, tree] as const]
      : [],
  );
}
