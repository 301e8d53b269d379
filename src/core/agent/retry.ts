import type { RunEvent } from '../domain.ts';
import type { ProblemCode } from '../problem.ts';
import type { ModelRequest, Provider, ProviderFailure } from '../providers/provider.ts';
import { type Answer, type Reading, readAnswer } from './answer.ts';
import { sleep } from './clock.ts';

const maxRetries = 4;
/** All waits for one answer together, in milliseconds. Rate limits are counted per minute by every provider. */
const maxTotalWait = 5 * 60_000;
const firstWait = 2_000;
/** Added to a wait the provider asked for, so that parallel runs don't all come back in the same moment. */
const spread = 1_000;

/** Asks until there is an answer, or a failure that another try won't mend. Each try's usage is emitted, as it is billed. */
export async function askWithRetries(
  provider: Provider,
  request: ModelRequest,
  reading: Reading,
  emit: (event: RunEvent) => void,
): Promise<Answer> {
  const { clock, signal } = reading;
  let waited = 0;
  for (let retries = 0; ; retries++) {
    const answer = await readAnswer(provider, request, reading);
    if (answer.usage.input > 0 || answer.usage.output > 0) emit({ type: 'usage', usage: answer.usage });
    if (answer.end.reason !== 'error' || signal.aborted) return answer;
    const { failure } = answer.end;
    const wait = waitBefore(failure, retries, clock.random());
    if (!failure.retryable || retries >= maxRetries || waited + wait > maxTotalWait) return answer;
    emit({ type: 'waiting', reason: reasonFor(failure.problem.code), until: clock.now() + wait });
    if (!(await sleep(clock, wait, signal))) return answer;
    waited += wait;
  }
}

/** Exponential with jitter, or what the provider asked for and a little more. Milliseconds. */
function waitBefore(failure: ProviderFailure, retries: number, random: number): number {
  if (failure.retryAfterMs !== undefined) return Math.round(failure.retryAfterMs + random * spread);
  return Math.round(firstWait * 2 ** retries * (0.5 + random / 2));
}

function reasonFor(code: ProblemCode): string {
  switch (code) {
    case 'rate-limited':
      return 'rate limited';
    case 'overloaded':
      return 'overloaded';
    case 'network':
      return 'no network';
    case 'timeout':
      return 'no answer';
    default:
      return 'provider error';
  }
}
