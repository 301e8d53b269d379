import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Agreement, RoundComparison } from '../comparison.ts';
import { type Candidate, candidatesOf, isComposition } from '../composition.ts';
import { isEnded, type Round, type RoundId, type TaskId } from '../domain.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import { type CompareModules, loadCompare } from './compareModules.ts';
import type { EngineHost } from './engineHost.ts';
import { gone } from './gone.ts';
import { SharedWork } from './sharedWork.ts';
import type { TaskBook } from './taskBook.ts';

export interface ComparisonParts {
  readonly host: Pick<EngineHost, 'settings'>;
  readonly book: Pick<TaskBook, 'round' | 'patch'>;
  readonly storage: (taskId: TaskId) => Pick<TaskStorage, 'readBlob'>;
}

/** A comparison, and what it is made from: as long as that is the same, so is the comparison. */
interface Compared {
  readonly source: string;
  readonly work: SharedWork<RoundComparison>;
}

/** How many rounds' comparisons stay in memory; a person looks at one, and goes back and forth between few. */
const keptRounds = 3;

/** What the candidates of rounds changed, side by side. */
export class Comparisons {
  readonly #parts: ComparisonParts;
  /** By round, the latest last. */
  readonly #compared = new Map<RoundId, Compared>();
  readonly #end = new AbortController();
  #modules: CompareModules | undefined;

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
  }

  /**
   * The candidates of a round: its ended runs, then its compositions. A run whose patch was lost is left out. Made once for all who ask,
   * and again when a candidate or the setting has changed. Rejects with the signal's reason.
   */
  async of(id: RoundId, signal?: AbortSignal): Promise<RoundComparison> {
    signal?.throwIfAborted();
    const { round } = this.#parts.book.round(id);
    const { ignoreFormatting } = this.#parts.host.settings().compare;
    const source = sourceOf(round, ignoreFormatting);
    const known = this.#compared.get(id);
    const isUsable = known?.source === source && known.work.isUsable;
    const work = isUsable
      ? known.work
      : new SharedWork((ending) => this.#compare(round, ignoreFormatting, ending), this.#end.signal);
    this.#keep(id, { source, work });
    return work.join(signal);
  }

  /** How far these columns of a comparison agree; none of them is to be a composition. */
  agreement(comparison: RoundComparison, columns: readonly number[]): Agreement {
    return this.#loaded().agreementOf(comparison, columns);
  }

  /** The base text of a file, as UTF-8 and with its byte order mark; empty for a new file. Throws `UserError` (`not-found`). */
  async baseText(id: RoundId, key: string, signal?: AbortSignal): Promise<string> {
    const comparison = await this.of(id, signal);
    const file = comparison.files.find((candidate) => candidate.key === key);
    if (!file) throw gone();
    if (!file.base) return '';
    const { task } = this.#parts.book.round(id);
    return decodeText(await this.#parts.storage(task.id).readBlob(file.base.blob, signal));
  }

  /** The function or class around each of these lines (counted from 0) of a text; the path tells its language. */
  insides(text: string, path: string, lines: readonly number[]): readonly (string | undefined)[] {
    const { insideOf, linesOfText } = this.#loaded();
    const all = linesOfText(text);
    return lines.map((line) => insideOf(all, line, path));
  }

  /** Ends what is still being compared. */
  async dispose(): Promise<void> {
    this.#end.abort(new DOMException('The window is closing.', 'AbortError'));
    await Promise.all(Array.from(this.#compared.values(), ({ work }) => work.settled()));
  }

  #keep(id: RoundId, compared: Compared): void {
    this.#compared.delete(id);
    this.#compared.set(id, compared);
    const [oldest] = this.#compared.keys();
    if (oldest !== undefined && this.#compared.size > keptRounds) this.#compared.delete(oldest);
  }

  async #compare(round: Round, ignoreFormatting: boolean, signal: AbortSignal): Promise<RoundComparison> {
    this.#modules ??= await loadCompare();
    signal.throwIfAborted();
    const { compareInTurns } = this.#modules;
    const candidates = endedOf(round).flatMap((candidate) => {
      const { id, changes } = candidate;
      if (isComposition(candidate)) return { type: 'composition' as const, id, changes, files: candidate.files };
      const patch = this.#parts.book.patch(id);
      return changes.length > 0 && patch === '' ? [] : { type: 'run' as const, id, changes, patch };
    });
    return compareInTurns(candidates, { ignoreFormatting }, async () => {
      await nextTurn();
      signal.throwIfAborted();
    });
  }

  /** Whoever has a comparison got it from here, after the code was loaded. */
  #loaded(): CompareModules {
    if (!this.#modules) throw new Error('Nothing was compared yet.');
    return this.#modules;
  }
}

function endedOf(round: Round): readonly Candidate[] {
  return candidatesOf(round).filter((candidate) => isComposition(candidate) || isEnded(candidate));
}

/** Says the same as long as a round's candidates are the same. */
function sourceOf(round: Round, ignoreFormatting: boolean): string {
  const versions = endedOf(round).map((candidate) => {
    if (isComposition(candidate)) return [candidate.id, candidate.updatedAt];
    const { id, state, tree } = candidate;
    return [id, 'endedAt' in state ? state.endedAt : 0, tree];
  });
  return JSON.stringify([ignoreFormatting, versions]);
}

/** Bytes as text, with the mark that some files begin with. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
