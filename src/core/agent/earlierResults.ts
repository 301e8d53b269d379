import type { Turn } from '../providers/provider.ts';
import type { DoneCall } from './toolCalls.ts';

/** What is shorter is not worth a pointer. */
const leastCharacters = 400;

interface Shown {
  readonly step: number;
  readonly turn: Turn;
}

/** Remembers what a model has been shown, so that the same again can be answered with a pointer to it. */
export class EarlierResults {
  readonly #shown = new Map<string, Shown>();
  readonly #isWhole: (turn: Turn) => boolean;

  /** `isWhole` tells whether a turn is still in the conversation as it was. */
  constructor(isWhole: (turn: Turn) => boolean) {
    this.#isWhole = isWhole;
  }

  /** The call with a pointer for its content, when the model has the very same before it. */
  shortened(done: DoneCall): DoneCall {
    const shown = this.#shown.get(keyOf(done));
    if (!shown || !this.#isWhole(shown.turn)) return done;
    const content = `Unchanged: the same as the result of ${done.call.name} ${done.target} in step ${shown.step}, which still stands above.`;
    return { ...done, outcome: { ...done.outcome, content } };
  }

  /** Takes down what a turn showed in full. */
  add(calls: readonly DoneCall[], step: number, turn: Turn): void {
    for (const done of calls) {
      const { content, outcome, mutated } = done.outcome;
      if (outcome === 'ok' && !mutated && content.length >= leastCharacters)
        this.#shown.set(keyOf(done), { step, turn });
    }
  }
}

function keyOf({ call, target, outcome }: DoneCall): string {
  return JSON.stringify([call.name, target, outcome.content]);
}
