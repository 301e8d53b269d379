import { isDeepStrictEqual } from 'node:util';
import { type ComposedFile, type Composition, isComposition, labelOf } from '../composition.ts';
import type { CandidateId, CompositionId, Patch, PatchSecret, RoundId, Task, TaskId } from '../domain.ts';
import { UserError } from '../problem.ts';
import { Limit } from '../workspace/limit.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { ChoiceHistory } from './choiceHistory.ts';
import { loadCompare } from './compareModules.ts';
import { type Comparisons, decodeText } from './comparisons.ts';
import { chosenFiles, editedFiles, type Scene, type TakenPart, treeFileOf } from './composing.ts';
import type { CompositionBook } from './compositionBook.ts';
import type { EngineHost } from './engineHost.ts';
import { gone } from './gone.ts';
import { assertPatchAllowed } from './patchGate.ts';
import type { TaskBook } from './taskBook.ts';
import { policyOf } from './taskPolicy.ts';

export interface CompositionParts {
  readonly host: EngineHost;
  readonly book: Pick<TaskBook, 'round' | 'candidate' | 'refresh'>;
  readonly shelf: CompositionBook;
  readonly comparisons: Comparisons;
  readonly storage: (taskId: TaskId) => TaskStorage;
  /** Whether the pull request of a candidate is just being opened. */
  readonly isShipping: (id: CandidateId) => boolean;
}

/** Composed files as a patch that is allowed, and that is kept. */
interface Built extends Patch {
  readonly secretsInPatch: readonly PatchSecret[];
}

/** The files that a change makes of the composition in the scene. */
type Change = (scene: Scene, ending: AbortSignal) => readonly ComposedFile[] | Promise<readonly ComposedFile[]>;

/**
 * What the user puts together from the candidates of rounds. A round has at most one composition that is open; the others are
 * frozen: one with a pull request, and one that a round starts from, stays as it is. Changes are made one after another, each
 * wholly or not at all.
 */
export class Compositions {
  readonly #parts: CompositionParts;
  readonly #history = new ChoiceHistory();
  readonly #turn = new Limit(1);
  readonly #end = new AbortController();

  constructor(parts: CompositionParts) {
    this.#parts = parts;
  }

  /** The composition that choices go into. */
  open(id: RoundId): Composition | undefined {
    const { task, round } = this.#parts.book.round(id);
    return round.compositions.findLast((composition) => !isFrozen(task, composition));
  }

  /**
   * Takes a part from a candidate or the base into the open composition; begins one when there is none. Throws `UserError` when that is
   * not possible or not allowed, and then nothing has changed. Rejects with the signal's reason.
   */
  take(id: RoundId, part: TakenPart, from: 'base' | CandidateId, signal?: AbortSignal): Promise<Composition> {
    return this.#inTurn(signal, async (ending) => {
      const { made, before } = await this.#change(id, (scene) => chosenFiles(scene, part, from), ending);
      if (made !== before) this.#history.add(made, before);
      return made;
    });
  }

  /** Whether the open composition is what a choice of this window made it. */
  canUndo(id: RoundId): boolean {
    const open = this.open(id);
    return open !== undefined && this.#history.last(open) !== undefined;
  }

  /** Takes the last choice of this window back; a composition that it began goes away. Nothing happens when there is none. */
  undo(id: RoundId, signal?: AbortSignal): Promise<void> {
    return this.#inTurn(signal, async (ending) => {
      this.#parts.book.refresh();
      const open = this.open(id);
      const choice = open && this.#history.last(open);
      if (!choice) return;
      if (!choice.before) return this.discard(open.id);
      const files = choice.before;
      // Another window may write to it in between: then this choice is no longer the last one.
      const back: Change = ({ before }) => (before?.updatedAt === open.updatedAt ? files : (before?.files ?? []));
      const { made } = await this.#change(id, back, ending);
      if (made.id === open.id) this.#history.takenBack(made);
    });
  }

  /** What a file of a composition is, as UTF-8 and with its byte order mark; empty where it has no such file. */
  async text(id: CompositionId, key: string, signal?: AbortSignal): Promise<string> {
    const { task, round, composition } = this.#find(id);
    const { comparisons, storage } = this.#parts;
    const composed = composition.files.find((file) => file.key === key);
    if (!composed) return comparisons.baseText(round.id, key, signal);
    const { result } = composed;
    if (result.type === 'whole') {
      return result.version ? decodeText(await storage(task.id).readBlob(result.version.blob, signal)) : '';
    }
    if (!result.place) return '';
    const [base, { composedText }] = await Promise.all([comparisons.baseText(round.id, key, signal), loadCompare()]);
    return composedText(base, result.edits);
  }

  /** Makes a file of the open composition what a person typed. Throws `UserError`; then nothing has changed. */
  edit(id: CompositionId, key: string, text: string, signal?: AbortSignal): Promise<Composition> {
    return this.#inTurn(signal, async (ending) => {
      const { round } = this.#find(id);
      const change: Change = async (scene) => {
        if (scene.before?.id !== id) throw frozen();
        const base = scene.comparison.files.find((file) => file.key === key)?.base;
        const { taskId } = scene.before;
        const bytes = base && (await this.#parts.storage(taskId).readBlob(base.blob, ending));
        return editedFiles(scene, key, text, bytes);
      };
      const { made, before } = await this.#change(round.id, change, ending);
      if (made !== before) this.#history.add(made, before);
      return made;
    });
  }

  /** Removes a composition. Throws `UserError` for one that is frozen. */
  discard(id: CompositionId): void {
    this.#parts.book.refresh();
    const { task, round, composition } = this.#find(id);
    this.#assertNotShipping(composition);
    if (isFrozen(task, composition)) throw frozen();
    this.#parts.shelf.delete(composition);
    this.#history.forget(round.id);
  }

  /** Ends what is being composed. To be called before the store is closed. */
  async dispose(): Promise<void> {
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    await this.#turn.run(async () => {});
  }

  /** Answers with the composition afterwards, and what it was made of: the same where nothing was to change. */
  async #change(id: RoundId, change: Change, ending: AbortSignal) {
    const { book, comparisons } = this.#parts;
    for (;;) {
      ending.throwIfAborted();
      book.refresh();
      const before = this.open(id);
      if (before) this.#assertNotShipping(before);
      const [comparison, modules] = await Promise.all([comparisons.of(id, ending), loadCompare()]);
      // Regions are those of the composition as the comparison has it.
      if (this.open(id)?.updatedAt !== before?.updatedAt) continue;
      const scene: Scene = { modules, comparison, round: book.round(id).round, before };
      const files = await change(scene, ending);
      if (before && isDeepStrictEqual(files, before.files)) return { made: before, before };
      const built = await this.#build(scene, files, ending);
      const made = this.#write(scene, files, built);
      // Otherwise another window was faster, and this choice is made again in what it wrote.
      if (made) return { made, before };
    }
  }

  async #build({ modules, round, before }: Scene, files: readonly ComposedFile[], ending: AbortSignal): Promise<Built> {
    const { host, book, storage } = this.#parts;
    const { task } = book.round(round.id);
    if (!round.snapshot) throw gone();
    const objects = storage(task.id);
    const readBlob = (blob: Parameters<TaskStorage['readBlob']>[0]) => objects.readBlob(blob, ending);
    const treeFiles = files.map((file) => treeFileOf(file, modules));
    const patch = await objects.compose(round.snapshot, treeFiles, ending);
    await assertPatchAllowed(patch.changes, await policyOf(task, host), readBlob);
    await objects.keep(patch.changes, ending);
    const { secretsAddedSince } = await import('./patchSecrets.ts');
    return { ...patch, secretsInPatch: await secretsAddedSince(before, patch.changes, readBlob) };
  }

  /** Undefined when what it was made of is no longer so. */
  #write(scene: Scene, files: readonly ComposedFile[], { text, ...built }: Built): Composition | undefined {
    const { book, shelf } = this.#parts;
    const { before, comparison, modules, round } = scene;
    this.#end.signal.throwIfAborted();
    book.refresh();
    if (before) this.#assertNotShipping(before);
    if (this.open(round.id)?.id !== before?.id) return undefined;
    const labels = comparison.columns.flatMap((id) => round.runs.filter((run) => run.id === id).map(labelOf));
    const now = Date.now();
    const made: Composition = {
      id: before?.id ?? (crypto.randomUUID() as string as CompositionId),
      taskId: round.taskId,
      roundId: round.id,
      createdAt: before?.createdAt ?? now,
      updatedAt: Math.max(now, (before?.updatedAt ?? 0) + 1),
      files,
      name: modules.nameOf(comparison, files, labels),
      ...built,
    };
    return shelf.save(made, text, before) ? made : undefined;
  }

  #find(id: CompositionId) {
    const { candidate: composition, ...place } = this.#parts.book.candidate(id);
    if (!isComposition(composition)) throw gone();
    return { ...place, composition };
  }

  #inTurn<T>(signal: AbortSignal | undefined, work: (ending: AbortSignal) => Promise<T>): Promise<T> {
    const ending = signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal;
    return this.#turn.run(() => work(ending), ending);
  }

  #assertNotShipping({ id }: Composition): void {
    if (!this.#parts.isShipping(id)) return;
    throw new UserError({
      code: 'bad-request',
      message:
        'The pull request of this composition is being opened, so it has to stay as it is. Wait until that is done, then choose again.',
    });
  }
}

function isFrozen({ pullRequests, rounds }: Task, { id }: Composition): boolean {
  const isStart = rounds.some(({ start }) => start.from === 'run' && start.runId === id);
  return isStart || pullRequests.some(({ runId }) => runId === id);
}

function frozen(): UserError {
  return new UserError({
    code: 'bad-request',
    message:
      'This composition has a pull request, or a later message goes on from it, so it stays as it is. Take a place from any candidate to begin a new one.',
  });
}
