import type { ComposedFile, Composition } from '../composition.ts';
import type { RoundId, Timestamp } from '../domain.ts';

/** A choice that can be taken back. */
interface Choice {
  /** What the composition was before it; undefined where the choice began the composition. */
  readonly before: readonly ComposedFile[] | undefined;
  /** When the composition was written that the choice led to: one that was written since has choices of another window in it. */
  readonly writtenAt: Timestamp;
}

const keptChoices = 100;
const keptRounds = 8;

/** The latest choices of this window, by round. */
export class ChoiceHistory {
  /** The latest round last. */
  readonly #choices = new Map<RoundId, readonly Choice[]>();

  /** The choice that led to this composition as it is; undefined where none of this window did. */
  last({ roundId, updatedAt }: Composition): Choice | undefined {
    const choice = this.#choices.get(roundId)?.at(-1);
    return choice?.writtenAt === updatedAt ? choice : undefined;
  }

  /** Remembers what a choice made of `before`. */
  add({ roundId, updatedAt }: Composition, before: Composition | undefined): void {
    const earlier = before && this.last(before) ? (this.#choices.get(roundId) ?? []) : [];
    const choices = [...earlier, { before: before?.files, writtenAt: updatedAt }].slice(-keptChoices);
    this.forget(roundId);
    this.#choices.set(roundId, choices);
    const [oldest] = this.#choices.keys();
    if (oldest !== undefined && this.#choices.size > keptRounds) this.#choices.delete(oldest);
  }

  /** The last choice was taken back, which led to this. */
  takenBack({ roundId, updatedAt }: Composition): void {
    const left = this.#choices.get(roundId)?.slice(0, -1) ?? [];
    this.#choices.set(
      roundId,
      left.map((choice, index) => (index === left.length - 1 ? { ...choice, writtenAt: updatedAt } : choice)),
    );
  }

  forget(id: RoundId): void {
    this.#choices.delete(id);
  }
}
