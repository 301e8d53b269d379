import type { ModelProfile, RunEvent } from '../domain.ts';
import { type Problem, UserError } from '../problem.ts';
import type { Provider } from '../providers/provider.ts';
import type { Copy } from '../workspace/copy.ts';
import type { AccountGate } from './accountGate.ts';
import { type Clock, sleep, systemClock } from './clock.ts';
import { Conversing } from './conversing.ts';
import { EventGate } from './eventGate.ts';
import type { ConversationEntry, SoFar } from './prompt.ts';
import * as problems from './runProblems.ts';
import type { AgentChecks } from './tools/runCheck.ts';

/** Where a run must stop whatever the model wants. */
export interface AgentLimits {
  /** Answers of the model. */
  readonly maxSteps: number;
  readonly maxSeconds: number;
  /** Characters of one tool result. */
  readonly maxToolOutput: number;
  /** How long a model may send nothing before the try counts as failed. */
  readonly stallSeconds: number;
}

/** Everything one run works with. */
export interface AgentInput {
  readonly provider: Provider;
  /** What all runs of the provider's account pass before they ask. */
  readonly gate: AccountGate;
  readonly profile: ModelProfile;
  readonly copy: Copy;
  readonly instruction: string;
  /** Earlier rounds, oldest first. */
  readonly conversation: readonly ConversationEntry[];
  /** The only sub-folder the run may change; absent or empty for the whole folder. */
  readonly scope?: string;
  readonly folderName: string;
  /** Texts that earlier rounds replaced: secrets in them stay hidden, also where nothing of their format is left around them now. */
  readonly replacedTexts?: readonly string[];
  /** Tokens of the longest conversation the model takes, where known. */
  readonly contextTokens?: number;
  /** For a run that goes on: what it did before. */
  readonly soFar?: SoFar;
  /** Makes the markers that stand for secrets; the same for all runs of a task, and never told to a model. */
  readonly markerKey: string;
  readonly limits: AgentLimits;
  /** The checks that the run may run on its copy; absent for none. */
  readonly checks?: AgentChecks;
  /** Time and chance; the system's own when absent. */
  readonly clock?: Clock;
}

/** How a run ended. `aborted`: by the caller's signal. */
export type AgentOutcome =
  | { readonly kind: 'finished'; readonly summary: string }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'aborted' };

/** How long a stopped provider gets to report what it used, in milliseconds. */
const grace = 250;
/**
 * Lets a model work on a copy until it is done, and tells of everything through `emit`. Never throws for what can be expected:
 * a throw is a bug. Returns within moments of the signal, also when the provider or a tool hangs; nothing is emitted after it returned.
 */
export async function runAgent(
  input: AgentInput,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<AgentOutcome> {
  const { clock = systemClock, limits } = input;
  if (signal.aborted) return { kind: 'aborted' };
  const outOfTime = new AbortController();
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, outOfTime.signal]);
  const timer = clock.after(limits.maxSeconds * 1000, () => outOfTime.abort());
  const gate = new EventGate(emit, stop);
  const work = new Conversing(input, { clock, emit: gate.send, signal: stop }).run();
  // When the stop wins the race, whatever becomes of the work afterwards concerns nobody.
  work.catch(() => {});
  const endOfStop = (): AgentOutcome =>
    signal.aborted ? { kind: 'aborted' } : { kind: 'failed', problem: problems.timeLimit(limits.maxSeconds) };
  try {
    const outcome = await Promise.race([work, graceAfter(stop, clock, ended.signal)]);
    return outcome === undefined || stop.aborted ? endOfStop() : outcome;
  } catch (error) {
    // Whatever is thrown because of the stop is the stop.
    if (stop.aborted) return endOfStop();
    if (error instanceof UserError) return { kind: 'failed', problem: error.problem };
    throw error;
  } finally {
    timer.dispose();
    ended.abort();
    gate.close();
  }
}

/** Resolves a moment after the stop. */
async function graceAfter(stop: AbortSignal, clock: Clock, ended: AbortSignal): Promise<undefined> {
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await sleep(clock, grace, ended);
}
