import type { ModelProfile, RunEvent } from '../domain.ts';
import { type Problem, UserError } from '../problem.ts';
import type { Provider, ToolResult, Turn } from '../providers/provider.ts';
import { SecretMask } from '../secrets/secretMask.ts';
import type { Copy } from '../workspace/copy.ts';
import type { Answer } from './answer.ts';
import { type Clock, sleep, systemClock } from './clock.ts';
import { EventGate } from './eventGate.ts';
import { readGuidance } from './guidance.ts';
import { OutgoingGate } from './outgoingGate.ts';
import { type ConversationEntry, firstMessage, systemPrompt } from './prompt.ts';
import { RepeatGuard } from './repeatGuard.ts';
import { askWithRetries } from './retry.ts';
import * as problems from './runProblems.ts';
import { ShieldedCopy } from './shieldedCopy.ts';
import { carryOut, resultsOf } from './toolCalls.ts';
import { plainFolder } from './tools/plainFolder.ts';
import { toolSpecs } from './tools.ts';

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
  /** Makes the markers that stand for secrets; the same for all runs of a task, and never told to a model. */
  readonly markerKey: string;
  readonly limits: AgentLimits;
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
/** Answers in a row that may be cut off, as long as each has a complete tool call. */
const maxCutOffs = 3;
/** With this many steps left the model is told to come to an end. */
const stepsToWarnAt = 3;

const nudge = 'Your answer was empty. Go on with the work, or call finish with a summary of what you did.';
const cutOffNote =
  'Your answer was cut off at its token limit. The calls above were complete and were carried out; anything after them was lost. Write shorter answers.';
const repeatNote =
  'This same call has now failed three times. Do it differently, do something else, or call finish and say what did not work.';
const stepsNote = `Only ${stepsToWarnAt} more answers are left. Come to an end, then call finish.`;

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
  const work = converse(input, clock, gate.send, stop);
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

/** The loop: ask, carry out the calls, hand back the results, until the model is done. Throws when the signal says stop. */
async function converse(
  input: AgentInput,
  clock: Clock,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<AgentOutcome> {
  const { provider, profile, limits } = input;
  const mask = new SecretMask(input.markerKey);
  for (const text of input.replacedTexts ?? []) await mask.hide(text);
  const outgoing = new OutgoingGate(mask, emit);
  const copy = new ShieldedCopy(input.copy, mask);
  const turns: Turn[] = [{ role: 'user', text: await openingOf(input, copy, signal) }];
  const standing = {
    model: profile.model,
    system: systemPrompt(input.folderName, scopeOf(input)),
    tools: toolSpecs,
    options: profile.options,
  };
  const onText = (text: string) => emit({ type: 'text', text });
  const reading = { clock, stallSeconds: limits.stallSeconds, signal, onText };
  const guard = new RepeatGuard();
  let isNudged = false;
  let cutOffs = 0;
  let account: string | undefined;

  for (let step = 1; step <= limits.maxSteps; step++) {
    signal.throwIfAborted();
    emit({ type: 'step-started', step });
    const request = await outgoing.clear({ ...standing, turns });
    signal.throwIfAborted();
    const answer = await askWithRetries(provider, request, reading, emit);
    signal.throwIfAborted();
    const text = answer.text.trim();
    cutOffs = answer.end.reason === 'length' ? cutOffs + 1 : 0;
    const problem = problemOf(answer, cutOffs, profile);
    if (problem !== undefined) return { kind: 'failed', problem };
    if (answer.toolCalls.length === 0) {
      if (text !== '') return { kind: 'finished', summary: text };
      if (isNudged && account !== undefined) return { kind: 'finished', summary: account };
      if (isNudged) return { kind: 'failed', problem: problems.emptyAnswer(profile) };
      isNudged = true;
      // The empty answer itself isn't played back: providers refuse an assistant turn with nothing in it.
      turns.push({ role: 'user', text: nudge });
      continue;
    }

    const context = { copy, maxOutput: limits.maxToolOutput, signal };
    const done = await carryOut(answer.toolCalls, context, emit);
    if (done.some(({ outcome }) => outcome.mutated)) {
      emit({ type: 'changes', changes: (await copy.patch(signal)).changes });
      account ??= 'The model changed files but gave no summary.';
    }
    signal.throwIfAborted();
    if (text !== '' && account !== undefined) account = text;
    const summary = done.at(-1)?.outcome.summary;
    if (summary !== undefined) return { kind: 'finished', summary };
    const verdicts = done.map(({ call, outcome }) => guard.record(step, call, outcome.outcome !== 'ok'));
    const repeated = done[verdicts.indexOf('stop')];
    if (repeated !== undefined) return { kind: 'failed', problem: problems.repeatedStep(repeated.call.name) };
    turns.push(assistantTurn(answer), {
      role: 'tool',
      results: withNotes(resultsOf(done), [
        answer.end.reason === 'length' && cutOffNote,
        verdicts.includes('warn') && repeatNote,
        step > stepsToWarnAt && limits.maxSteps - step === stepsToWarnAt && stepsNote,
      ]),
    });
  }
  return { kind: 'failed', problem: problems.stepLimit(limits.maxSteps) };
}

async function openingOf(input: AgentInput, copy: Copy, signal: AbortSignal): Promise<string> {
  const { instruction, conversation } = input;
  const entries = await copy.list(signal);
  const guidance = await readGuidance(copy, entries, signal);
  return firstMessage({ instruction, conversation, entries, guidance, scope: scopeOf(input) });
}

/** Empty means the whole folder. */
function scopeOf({ scope = '' }: AgentInput): string {
  return plainFolder(scope);
}

/** Why the run can't go on after this answer. A cut-off answer with complete calls in it is progress, a few times. */
function problemOf({ end, toolCalls }: Answer, cutOffs: number, profile: ModelProfile): Problem | undefined {
  switch (end.reason) {
    case 'error':
      return end.failure.problem;
    case 'refusal':
      return problems.refusedByModel(profile);
    case 'length':
      return toolCalls.length === 0 || cutOffs > maxCutOffs ? problems.cutOff(profile) : undefined;
    case 'stop':
    case 'tool-calls':
      return undefined;
    default:
      return end satisfies never;
  }
}

function assistantTurn({ text, toolCalls, opaque }: Answer): Turn {
  return { role: 'assistant', text, toolCalls, ...(opaque === undefined ? {} : { opaque }) };
}

/** Notes of ours go after the last result: a user turn between results and answer is not accepted by every provider. */
function withNotes(results: readonly ToolResult[], notes: readonly (string | false)[]): readonly ToolResult[] {
  const said = notes.filter((note) => note !== false);
  const last = results.at(-1);
  if (last === undefined || said.length === 0) return results;
  return [...results.slice(0, -1), { ...last, content: [last.content, ...said].join('\n\n') }];
}
