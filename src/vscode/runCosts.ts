import type { Run, RunId } from '../core/domain.ts';
import { type ModelPlace, modelFacts } from '../core/modelFacts/modelFacts.ts';
import { type Cost, costOf, type Price } from '../core/modelFacts/price.ts';
import type { Settings } from './settings.ts';

/** What runs have cost, as far as prices are known. */
export class RunCosts {
  readonly #settings: Pick<Settings, 'engine'>;
  readonly #onFound: () => void;
  /** By model and place; undefined for a price that nobody knows. */
  readonly #prices = new Map<string, Price | 'local' | undefined>();

  /** Prices are read when they are first asked for; `onFound` is called when there is one more to show. */
  constructor(settings: Pick<Settings, 'engine'>, onFound: () => void) {
    this.#settings = settings;
    this.#onFound = onFound;
  }

  /** By run; a run whose price or usage nobody knows is not in it. */
  of(runs: readonly Run[]): Readonly<Record<RunId, Cost>> {
    return Object.fromEntries(
      runs.flatMap((run) => {
        const cost = this.#costOf(run);
        return cost === undefined ? [] : [[run.id, cost]];
      }),
    );
  }

  #costOf({ profile, usage }: Run): Cost | undefined {
    if (usage.input + usage.output === 0) return undefined;
    const { provider, model } = profile;
    const baseUrl = profile.baseUrl ?? this.#settings.engine.baseUrls[provider];
    const price = this.#priceOf({ provider, model, ...(baseUrl && { baseUrl }) });
    return price && costOf(usage, price);
  }

  #priceOf(place: ModelPlace): Price | 'local' | undefined {
    const key = JSON.stringify(place);
    if (this.#prices.has(key)) return this.#prices.get(key);
    this.#prices.set(key, undefined);
    void modelFacts(place).then((facts) => {
      if (!facts?.price) return;
      this.#prices.set(key, facts.price);
      this.#onFound();
    });
    return undefined;
  }
}
