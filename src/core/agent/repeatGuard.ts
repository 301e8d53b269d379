import type { ToolCall } from '../providers/provider.ts';

const warnAt = 3;

interface Failure {
  readonly step: number;
  readonly times: number;
}

/** Notices a model that makes the same failing call in several steps, alone or beside others, with nothing new in between. */
export class RepeatGuard {
  readonly #failures = new Map<string, Failure>();

  /** 'warn' at the third failure: the model should be told. 'stop' when it fails once more after that. */
  record(step: number, call: ToolCall, failed: boolean): 'fine' | 'warn' | 'stop' {
    const key = `${call.name} ${call.arguments}`;
    const before = this.#failures.get(key);
    if (!failed) this.#failures.delete(key);
    // Calls of one step are written before the model sees any result, so they count once.
    if (!failed || before?.step === step) return 'fine';
    const times = (before?.times ?? 0) + 1;
    this.#failures.set(key, { step, times });
    if (times < warnAt) return 'fine';
    return times === warnAt ? 'warn' : 'stop';
  }

  /** Something changed or was learned: what failed before may be worth another try. */
  forget(): void {
    this.#failures.clear();
  }
}
