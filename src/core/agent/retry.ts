import type { ProblemCode } from '../problem.ts';
import type { ModelRequest, Provider, ProviderFailure } from '../providers/provider.ts';
import type { AccountGate, Waiter } from './accountGate.ts';
import { type Answer, type Reading, readAnswer } from './answer.ts';
import { sleep } from './clock.ts';

const maxRetries = 4;
/** All waits after a run's own failures for one answer, in milliseconds. Rate limits are counted per minute by every provider. */
const maxTotalWait = 5 * 60_000;
const firstWait = 2_000;

/** Whom to ask, and what every run of that account passes first. */
export interface Asking {
  readonly provider: Provider;
  readonly gate: AccountGate;
  readonly reading: Reading;
  readonly emit: Waiter['emit'];
}

/** Asks until there is an answer, or a failure that another try won't mend. Each try's usage is emitted, as it is billed. */
export async function askWithRetries(request: ModelRequest, asking: Asking): Promise<Answer> {
  const { provider, gate, reading, emit } = asking;
  const { clock, signal } = reading;
  let waited = 0;
  for (let retries = 0; ; retries++) {
    await gate.pass({ clock, signal, emit });
    signal.throwIfAborted();
    const answer = await readAnswer(provider, request, reading);
    if (answer.usage.input > 0 || answer.usage.output > 0) emit({ type: 'usage', usage: answer.usage });
    if (answer.end.reason !== 'error' || signal.aborted) return answer;
    const { failure } = answer.end;
    const wait = waitFor(failure, retries, clock.random());
    if (!failure.retryable || retries >= maxRetries || waited + wait > maxTotalWait) return answer;
    waited += wait;
    const reason = reasonFor(failure.problem.code);
    if (isForAll(failure)) {
      gate.close(clock.now() + wait, reason);
      continue;
    }
    emit({ type: 'waiting', reason, until: clock.now() + wait });
    if (!(await sleep(clock, wait, signal))) return answer;
  }
}

/** As long as the provider asked; when that was not enough, longer each time: some always ask for no wait at all. In milliseconds. */
function waitFor({ retryAfterMs }: ProviderFailure, retries: number, random: number): number {
  const own = backOff(retries, random);
  if (retryAfterMs === undefined) return own;
  return retries === 0 ? retryAfterMs : Math.max(retryAfterMs, own);
}

/** Exponential, with jitter, in milliseconds. */
function backOff(retries: number, random: number): number {
  return Math.round(firstWait * 2 ** retries * (0.5 + random / 2));
}

/** Whether the provider means the account, and not this one request. */
function isForAll({ problem, retryAfterMs }: ProviderFailure): boolean {
  return problem.code === 'rate-limited' || (problem.code === 'overloaded' && retryAfterMs !== undefined);
}

function reasonFor(code: ProblemCode): string {
  switch (code) {
    case 'rate-limited':
      return 'rate limited';
    case 'overloaded':
      return 'overloaded';
    case 'network':
      return 'no connection';
    case 'timeout':
      return 'no answer';
    default:
      return 'provider error';
  }
}
