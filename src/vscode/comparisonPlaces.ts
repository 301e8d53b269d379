import type { DisputedPlace, RoundComparison } from '../core/comparison.ts';
import type { RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';

/** What disputed places are inside of. Found out after they are shown, as base files are read for it, and remembered. */
export class PlaceNames {
  readonly #engine: Pick<Engine, 'comparisons'>;
  readonly #roundId: RoundId;
  readonly #known = new Map<string, string | undefined>();
  #reading: Promise<boolean> | undefined;

  constructor(engine: Pick<Engine, 'comparisons'>, roundId: RoundId) {
    this.#engine = engine;
    this.#roundId = roundId;
  }

  /** Undefined where nothing is around it, and where nobody has looked yet. */
  of(key: string, line: number): string | undefined {
    return this.#known.get(nameOf(key, line));
  }

  /** Finds what is missing, a file after the other; answers whether anything was found. One at a time: later calls get the first's. */
  fill(comparison: RoundComparison, places: readonly DisputedPlace[], signal: AbortSignal): Promise<boolean> {
    this.#reading ??= this.#fill(comparison, places, signal).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #fill(comparison: RoundComparison, places: readonly DisputedPlace[], signal: AbortSignal): Promise<boolean> {
    const missing = new Map<string, number[]>();
    for (const { key, line } of places) {
      if (line === undefined || this.#known.has(nameOf(key, line))) continue;
      missing.set(key, [...(missing.get(key) ?? []), line]);
    }
    let found = false;
    for (const [key, lines] of missing) {
      const file = comparison.files.find((candidate) => candidate.key === key);
      const names = file?.base ? await this.#insides(file, lines, signal) : [];
      lines.forEach((line, index) => {
        this.#known.set(nameOf(key, line), names[index]);
        found ||= names[index] !== undefined;
      });
    }
    return found;
  }

  async #insides({ key, path }: { key: string; path: string }, lines: readonly number[], signal: AbortSignal) {
    const { comparisons } = this.#engine;
    const text = await comparisons.baseText(this.#roundId, key, signal);
    return comparisons.insides(
      text,
      path,
      lines.map((line) => line - 1),
    );
  }
}

function nameOf(key: string, line: number): string {
  return `${line}:${key}`;
}
