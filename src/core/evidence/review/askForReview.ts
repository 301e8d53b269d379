import type { Answer } from '../../agent/answer.ts';
import type { ModelProfile, RunEvent } from '../../domain.ts';
import type { Problem } from '../../problem.ts';
import type { ModelRequest, Turn } from '../../providers/provider.ts';
import { orStopped } from './orStopped.ts';
import * as problems from './reviewProblems.ts';
import { readReview, type SubmittedReview, submitReview } from './submitReview.ts';

/**
 * Asks a model and reads its answer to the end, with the waits and tries of its account; a model without tools writes its calls as
 * text. Emits a `usage` for each try and a `waiting` for each wait. Rejects only because of the signal, or for a bug.
 */
export type Ask = (
  request: ModelRequest,
  around: { readonly signal: AbortSignal; readonly emit: (event: RunEvent) => void },
) => Promise<Answer>;

/** One review that is asked for. */
export interface ReviewRequest {
  readonly profile: ModelProfile;
  /** This and the message are without secrets. */
  readonly system: string;
  readonly message: string;
  /** The names of the candidates in the message. */
  readonly aliases: readonly string[];
}

/** What a review is asked with. */
export interface Asking {
  readonly ask: Ask;
  /** Takes the secrets out of what a reviewer is told of its own answer. */
  readonly hide: (text: string) => Promise<string>;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** A usable review, or why there is none. */
export type AskedReview =
  | { readonly ok: true; readonly submitted: SubmittedReview }
  | { readonly ok: false; readonly problem: Problem };

/** A model that hands in nothing usable is told what is wrong, once. */
const attempts = 2;
const notCalled = 'You did not call submit_review, and only that call is read.';

/** Asks one reviewer about one order of the candidates. Rejects soon after the signal, also when the provider hangs. */
export async function askForReview(request: ReviewRequest, asking: Asking): Promise<AskedReview> {
  const { profile, system, message, aliases } = request;
  const { ask, hide, emit, signal } = asking;
  const turns: Turn[] = [{ role: 'user', text: message }];
  let wrong = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    signal.throwIfAborted();
    const standing = { model: profile.model, system, tools: [submitReview], options: profile.options };
    const answer = await orStopped(ask({ ...standing, turns: [...turns] }, { signal, emit }), signal);
    const problem = failureOf(answer, profile);
    if (problem !== undefined) return { ok: false, problem };
    const submitted = reviewIn(answer, aliases);
    if (typeof submitted !== 'string') return { ok: true, submitted };
    if (answer.end.reason === 'length') return { ok: false, problem: problems.cutOff(profile) };
    wrong = submitted;
    turns.push(...repairTurns(answer, await hide(repairNote(submitted))));
  }
  return { ok: false, problem: problems.malformed(profile, wrong) };
}

function failureOf({ end }: Answer, profile: ModelProfile): Problem | undefined {
  if (end.reason === 'refusal') return problems.declined(profile);
  if (end.reason !== 'error') return undefined;
  const { problem } = end.failure;
  return problem.code === 'context-too-long' ? problems.foundTooLong(profile, problem.detail) : problem;
}

/** The review of an answer's last call that is sound; else what is wrong with its last call. */
function reviewIn({ toolCalls }: Answer, aliases: readonly string[]): SubmittedReview | string {
  const read = toolCalls
    .filter(({ name }) => name === submitReview.name)
    .map(({ arguments: given }) => readReview(given, aliases));
  return read.findLast((each) => typeof each !== 'string') ?? read.at(-1) ?? notCalled;
}

function repairNote(wrong: string): string {
  return `The review was not accepted. ${wrong} Call ${submitReview.name} once more, with the complete review of all candidates.`;
}

function repairTurns({ text, toolCalls, opaque }: Answer, note: string): readonly Turn[] {
  const said: Turn = { role: 'assistant', text, toolCalls, ...(opaque !== undefined && { opaque }) };
  if (toolCalls.length === 0) {
    const told: Turn = { role: 'user', text: note };
    // Providers refuse an assistant turn with nothing in it.
    return text.trim() === '' ? [told] : [said, told];
  }
  const results = toolCalls.map(({ id, name }) => ({ callId: id, name, content: note, isError: true }));
  return [said, { role: 'tool', results }];
}
