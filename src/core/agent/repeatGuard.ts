import type { ToolCall } from '../providers/provider.ts';

const warnAt = 3;

/** Notices a model that makes the same failing call in one step after another. */
export class RepeatGuard {
  #key = '';
  #step = 0;
  #times = 0;

  /** 'warn' at the third failure in a row: the model should be told. 'stop' when it fails once more after that. */
  record(step: number, call: ToolCall, failed: boolean): 'fine' | 'warn' | 'stop' {
    const key = failed ? `${call.name} ${call.arguments}` : '';
    if (key === '' || key !== this.#key) {
      this.#key = key;
      this.#step = step;
      this.#times = 1;
      return 'fine';
    }
    // Calls of one step are written before the model sees any result, so they count once.
    if (step === this.#step) return 'fine';
    this.#step = step;
    this.#times += 1;
    if (this.#times < warnAt) return 'fine';
    return this.#times === warnAt ? 'warn' : 'stop';
  }
}
