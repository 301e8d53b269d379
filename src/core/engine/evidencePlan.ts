import type { Run, RunId } from '../domain.ts';

/** How the runs of a round follow one another, as the settings were when it began. */
export interface PlanOptions {
  /** The first that is verified ends the others. */
  readonly stopsWhenVerified: boolean;
  /** Runs that start together, in this order; the next only when none of those before it is verified. Must not reject. */
  readonly stages: Promise<readonly (readonly RunId[])[]>;
  /** Must not throw; it is called for runs that have ended, too. */
  readonly cancel: (id: RunId, reason: string) => void;
}

/** Lets the runs of a round start in turn, and cancels what is not needed any more. */
export class RoundPlan {
  readonly #options: PlanOptions;
  readonly #turns: ReadonlyMap<RunId, PromiseWithResolvers<void>>;
  readonly #labels: ReadonlyMap<RunId, string>;
  /** Runs that ended, with their checks. */
  readonly #settled = new Set<RunId>();
  #verified: RunId | undefined;
  #stages: readonly (readonly RunId[])[] = [];

  constructor(runs: readonly Run[], options: PlanOptions) {
    this.#options = options;
    this.#turns = new Map(runs.map(({ id }) => [id, Promise.withResolvers<void>()]));
    this.#labels = new Map(runs.map(({ id, profile }) => [id, profile.label]));
    void options.stages.then((stages) => {
      this.#stages = stages;
      this.#advance();
    });
  }

  /** Resolves when the run may start; never, when it is canceled before. */
  async turnOf(id: RunId): Promise<void> {
    await this.#turns.get(id)?.promise;
  }

  /** A run and its checks have ended. */
  settled(id: RunId, isVerified: boolean): void {
    if (!this.#turns.has(id)) return;
    this.#settled.add(id);
    if (isVerified) this.#verified ??= id;
    if (this.#verified !== undefined && this.#options.stopsWhenVerified) {
      this.#cancelOthers(
        this.#turns.keys(),
        (label) => `Stopped, as ${label} is verified: it passes all checks, and something that failed before.`,
      );
    }
    this.#advance();
  }

  get isOver(): boolean {
    return this.#settled.size === this.#turns.size;
  }

  #advance(): void {
    for (const [index, stage] of this.#stages.entries()) {
      for (const id of stage) this.#turns.get(id)?.resolve();
      if (stage.some((id) => !this.#settled.has(id))) return;
      if (this.#verified === undefined) continue;
      this.#cancelOthers(
        this.#stages.slice(index + 1).flat(),
        (label) => `Not started, as ${label}, which costs less, is verified: it passes all checks.`,
      );
      return;
    }
  }

  #cancelOthers(ids: Iterable<RunId>, reasonFor: (label: string) => string): void {
    const verified = this.#verified;
    if (verified === undefined) return;
    const reason = reasonFor(this.#labels.get(verified) ?? 'another run');
    for (const id of ids) if (id !== verified && !this.#settled.has(id)) this.#options.cancel(id, reason);
  }
}

/** The runs by what their models cost, the cheapest first and those of unknown price last. Runs of one price are together. */
export function stagesByPrice(
  runs: readonly { readonly id: RunId; readonly price: number | undefined }[],
): readonly (readonly RunId[])[] {
  const byPrice = Map.groupBy(runs, ({ price }) => price ?? Infinity);
  return [...byPrice].toSorted(([a], [b]) => (a === b ? 0 : a - b)).map(([, stage]) => stage.map(({ id }) => id));
}
