import type { Patch, RunEvent } from '../domain.ts';
import type { ModelRequest, ToolResult, Turn } from '../providers/provider.ts';
import { SecretMask } from '../secrets/secretMask.ts';
import type { AgentInput, AgentOutcome } from './agent.ts';
import { isAnnouncement } from './announcement.ts';
import type { Answer } from './answer.ts';
import type { Clock } from './clock.ts';
import { Context } from './context.ts';
import { EarlierResults } from './earlierResults.ts';
import { endOf } from './endOf.ts';
import { readGuidance } from './guidance.ts';
import * as notes from './notes.ts';
import { OutgoingGate } from './outgoingGate.ts';
import { ProgressGuard, stopAfter } from './progressGuard.ts';
import { firstMessage, systemPrompt } from './prompt.ts';
import { reformattedOnly } from './reformatOnly.ts';
import { RepeatGuard } from './repeatGuard.ts';
import { askWithRetries } from './retry.ts';
import * as problems from './runProblems.ts';
import { ShieldedCopy } from './shieldedCopy.ts';
import { carryOut, type DoneCall, resultsOf } from './toolCalls.ts';
import { plainFolder } from './tools/plainFolder.ts';
import type { Tool } from './tools/tool.ts';
import { toolsWith } from './tools.ts';

/** What a run is carried out with, beside its input. */
export interface Surroundings {
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** How often a request may be shortened because the model's service found it too long. */
const maxShrinks = 4;
/** Characters of one tool result for each token of the model's context: a sixth of what fits. */
const outputPerToken = 0.5;
/** The same for all results of one answer together. */
const outputsPerToken = 1;
/** Characters that a result may have in any case, and one of very many. */
const leastOutput = { alone: 2_000, ofMany: 500 };

/** The loop of one run: ask, carry out the calls, hand back the results, until the model is done. */
export class Conversing {
  readonly #input: AgentInput;
  readonly #around: Surroundings;
  readonly #mask: SecretMask;
  readonly #copy: ShieldedCopy;
  readonly #outgoing: OutgoingGate;
  readonly #tools: readonly Tool[];
  readonly #standing: Omit<ModelRequest, 'turns'>;
  readonly #context: Context;
  readonly #earlier: EarlierResults;
  readonly #repeats = new RepeatGuard();
  readonly #progress = new ProgressGuard();
  /** What the model was told, and is not told again. */
  readonly #told = new Set<string>();
  #step = 0;
  #cutOffs = 0;
  /** The best summary there is, once something was changed. */
  #account: string | undefined;
  /** As it was after the last answer that changed something. */
  #patch: Patch | undefined;

  constructor(input: AgentInput, around: Surroundings) {
    const { profile, folderName, markerKey, contextTokens } = input;
    const { maxOutputTokens } = profile.options;
    this.#mask = new SecretMask(markerKey);
    this.#input = input;
    this.#around = around;
    this.#copy = new ShieldedCopy(input.copy, this.#mask);
    this.#outgoing = new OutgoingGate(this.#mask, around.emit);
    this.#tools = toolsWith(input.checks);
    const system = systemPrompt(folderName, scopeOf(input), (input.checks?.names.length ?? 0) > 0);
    const specs = this.#tools.map(({ spec }) => spec);
    this.#standing = { model: profile.model, system, tools: specs, options: profile.options };
    this.#context = new Context({
      standingBytes: Buffer.byteLength(system) + Buffer.byteLength(JSON.stringify(specs)),
      ...(contextTokens !== undefined && { contextTokens }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    });
    this.#earlier = new EarlierResults((turn) => this.#context.has(turn));
    this.#account = input.soFar && input.soFar.changes.length > 0 ? notes.noSummary : undefined;
  }

  /** Resolves when the model is done or can't go on. Throws when the signal says stop. */
  async run(): Promise<AgentOutcome> {
    const { profile, limits, replacedTexts = [] } = this.#input;
    const { emit, signal } = this.#around;
    for (const text of replacedTexts) await this.#mask.hide(text);
    this.#context.add({ role: 'user', text: await this.#opening() });
    while (this.#step < limits.maxSteps) {
      this.#step++;
      signal.throwIfAborted();
      emit({ type: 'step-started', step: this.#step });
      const answer = await this.#ask();
      signal.throwIfAborted();
      this.#cutOffs = answer.end.reason === 'length' ? this.#cutOffs + 1 : 0;
      const problem = endOf(answer, this.#cutOffs, profile);
      if (problem !== undefined) return { kind: 'failed', problem };
      const outcome = answer.toolCalls.length === 0 ? this.#hear(answer) : await this.#work(answer);
      if (outcome !== undefined) return outcome;
    }
    return { kind: 'failed', problem: problems.stepLimit(limits.maxSteps) };
  }

  async #opening(): Promise<string> {
    const { instruction, conversation, soFar, contextTokens } = this.#input;
    const { signal } = this.#around;
    const entries = await this.#copy.list(signal);
    const guidance = await readGuidance(this.#copy, entries, signal);
    const scope = scopeOf(this.#input);
    return firstMessage({
      instruction,
      conversation,
      entries,
      guidance,
      scope,
      ...(soFar && { soFar }),
      ...(contextTokens !== undefined && { contextTokens }),
    });
  }

  /** One answer to the conversation as it is, shortened where it is too long for the model. */
  async #ask(): Promise<Answer> {
    const { provider, gate, limits } = this.#input;
    const { clock, emit, signal } = this.#around;
    const onText = (text: string) => emit({ type: 'text', text });
    const reading = { clock, stallSeconds: limits.stallSeconds, signal, onText };
    this.#context.fit();
    for (let shrinks = 0; ; shrinks++) {
      const request = await this.#outgoing.clear({ ...this.#standing, turns: this.#context.turns });
      signal.throwIfAborted();
      const answer = await askWithRetries(request, { provider, gate, reading, emit });
      this.#context.measure(answer.usage);
      if (!isTooLong(answer) || shrinks >= maxShrinks || !this.#context.shrink()) return answer;
    }
  }

  /** An answer without calls: the end, unless the model should be told something first. */
  #hear(answer: Answer): AgentOutcome | undefined {
    const text = answer.text.trim();
    if (text === '') {
      // The empty answer itself isn't played back: providers refuse an assistant turn with nothing in it.
      if (!this.#told.has('empty')) {
        this.#told.add('empty');
        this.#context.add({ role: 'user', text: notes.empty });
        return undefined;
      }
      if (this.#account !== undefined) return { kind: 'finished', summary: this.#account };
      return { kind: 'failed', problem: problems.emptyAnswer(this.#input.profile) };
    }
    const told = isAnnouncement(text) && this.#mayTell('announced') ? notes.announced : this.#objection();
    if (told === undefined) return { kind: 'finished', summary: text };
    this.#context.add(assistantTurn(answer));
    this.#context.add({ role: 'user', text: told });
    return undefined;
  }

  /** An answer with calls: they are carried out, and their results go back. */
  async #work(answer: Answer): Promise<AgentOutcome | undefined> {
    const { emit, signal } = this.#around;
    const context = { copy: this.#copy, maxOutput: this.#maxOutput(answer.toolCalls.length), signal };
    const carrying = { tools: this.#tools, context, emit, objection: () => this.#objection() };
    const done = await carryOut(answer.toolCalls, carrying);
    const state = await this.#showChanges(done);
    signal.throwIfAborted();
    const text = answer.text.trim();
    if (text !== '' && this.#account !== undefined) this.#account = text;
    const summary = done.at(-1)?.outcome.summary;
    if (summary !== undefined) return { kind: 'finished', summary };
    const found = done.filter(({ outcome }) => outcome.outcome === 'ok' && !outcome.mutated);
    const progress = this.#progress.record({
      found: found.map(({ outcome }) => outcome.content),
      ...(state !== undefined && { state }),
    });
    if (this.#progress.isMoving) this.#repeats.forget();
    const repeats = done.map(({ call, outcome }) => this.#repeats.record(this.#step, call, outcome.outcome !== 'ok'));
    const repeated = done[repeats.indexOf('stop')];
    if (repeated !== undefined) return { kind: 'failed', problem: problems.repeatedStep(repeated.call.name) };
    if (progress === 'stop') return { kind: 'failed', problem: problems.noProgress(this.#input.profile, stopAfter) };
    const left = this.#input.limits.maxSteps - this.#step;
    this.#handBack(answer, done, [
      answer.end.reason === 'length' && notes.cutOff,
      repeats.includes('warn') && notes.repeated,
      progress === 'warn' && this.#mayTell('idle') && notes.idle,
      this.#step > notes.stepsToWarnAt && left === notes.stepsToWarnAt && notes.fewSteps,
    ]);
    return undefined;
  }

  #handBack(answer: Answer, done: readonly DoneCall[], said: readonly (string | false)[]): void {
    const told = done.map((each) => this.#earlier.shortened(each));
    const turn: Turn = { role: 'tool', results: withNotes(resultsOf(told), said) };
    this.#context.add(assistantTurn(answer));
    this.#context.add(
      turn,
      done.map(({ call, target, detail, outcome }) => ({
        type: 'tool',
        callId: call.id,
        tool: call.name,
        target,
        outcome: outcome.outcome,
        detail,
      })),
    );
    this.#earlier.add(
      told.filter((each, index) => each === done[index]),
      this.#step,
      turn,
    );
  }

  /** Tells what the copy's changes are after calls that made some; answers with them in a form that can be compared. */
  async #showChanges(done: readonly DoneCall[]): Promise<string | undefined> {
    if (!done.some(({ outcome }) => outcome.mutated)) return undefined;
    this.#patch = await this.#copy.patch(this.#around.signal);
    const { changes } = this.#patch;
    this.#around.emit({ type: 'changes', changes });
    this.#account ??= notes.noSummary;
    return JSON.stringify(changes);
  }

  /** What the model should know before it ends: once, when files differ in nothing but white space and nobody asked for that. */
  #objection(): string | undefined {
    const paths = this.#patch === undefined ? [] : reformattedOnly(this.#patch, this.#input.instruction);
    return paths.length > 0 && this.#mayTell('reformatted') ? notes.reformatted(paths) : undefined;
  }

  /** Each thing is told once, and nothing that no step is left for. */
  #mayTell(what: string): boolean {
    if (this.#told.has(what) || this.#step >= this.#input.limits.maxSteps) return false;
    this.#told.add(what);
    return true;
  }

  /** Characters of each result of an answer with so many calls: the newest results are never condensed, so all of them have to fit. */
  #maxOutput(calls: number): number {
    const { limits, contextTokens = Infinity } = this.#input;
    const alone = Math.min(limits.maxToolOutput, Math.max(leastOutput.alone, contextTokens * outputPerToken));
    return Math.min(alone, Math.max(leastOutput.ofMany, Math.floor((contextTokens * outputsPerToken) / calls)));
  }
}

/** Empty means the whole folder. */
function scopeOf({ scope = '' }: AgentInput): string {
  return plainFolder(scope);
}

function isTooLong({ end }: Answer): boolean {
  return end.reason === 'error' && end.failure.problem.code === 'context-too-long';
}

function assistantTurn({ text, toolCalls, opaque }: Answer): Turn {
  return { role: 'assistant', text, toolCalls, ...(opaque === undefined ? {} : { opaque }) };
}

/** Notes of ours go after the last result: a user turn between results and answer is not accepted by every provider. */
function withNotes(results: readonly ToolResult[], said: readonly (string | false)[]): readonly ToolResult[] {
  const notesToAdd = said.filter((note) => note !== false);
  const last = results.at(-1);
  if (last === undefined || notesToAdd.length === 0) return results;
  return [...results.slice(0, -1), { ...last, content: [last.content, ...notesToAdd].join('\n\n') }];
}
