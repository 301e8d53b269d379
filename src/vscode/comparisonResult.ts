import type { RoundComparison } from '../core/comparison.ts';
import { isEnded, type Round, type RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { Problems } from './problems.ts';

/** What a comparison is asked of, and who is told. */
export interface ResultParts {
  readonly engine: Pick<Engine, 'comparisons'>;
  readonly problems: Problems;
  readonly roundId: RoundId;
  onDidChange(): void;
}

/** The newest comparison of a round's ended candidates: made again when one of them, or the setting, changes. */
export class ComparisonResult {
  readonly #parts: ResultParts;
  /** What the comparison that was begun last is of. */
  #key: string | undefined;
  #abort = new AbortController();
  #current: RoundComparison | undefined;
  #failure: string | undefined;
  #isBusy = false;

  constructor(parts: ResultParts) {
    this.#parts = parts;
  }

  /** Perhaps from before a candidate changed; absent until there is one. */
  get current(): RoundComparison | undefined {
    return this.#current;
  }

  /** Whether a newer one is on its way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Why there is no newer one. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Begins a new comparison unless the last one was of just this. */
  update(round: Round, ignoreFormatting: boolean): void {
    const key = keyOfCandidates(round, ignoreFormatting);
    if (key === this.#key) return;
    this.#key = key;
    this.#abort.abort();
    this.#abort = new AbortController();
    void this.#compare(this.#abort.signal);
  }

  dispose(): void {
    this.#abort.abort();
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { engine, problems, roundId, onDidChange } = this.#parts;
    this.#isBusy = true;
    this.#failure = undefined;
    try {
      const comparison = await engine.comparisons.of(roundId, signal);
      if (signal.aborted) return;
      this.#current = comparison;
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = problems.show(error);
    }
    this.#isBusy = false;
    onDidChange();
  }
}

/** All candidates of a round share a base, so that their trees tell what they have. */
function keyOfCandidates({ runs, compositions }: Round, ignoreFormatting: boolean): string {
  const results = [
    ...runs.filter(isEnded).map((run) => [run.id, run.tree]),
    ...compositions.map(({ id, tree, updatedAt }) => [id, tree, updatedAt]),
  ];
  return JSON.stringify([ignoreFormatting, results]);
}
