import * as v from 'valibot';
import type { ObjectName, ProfileId, RunId } from '../core/domain.ts';
import type { ForeignCandidate } from '../core/engine/imports.ts';
import { providerIds } from '../core/providerId.ts';

/** The format of `candidate.json`; another number is another format. */
export const candidateVersion = 1;

const objectName = v.pipe(
  v.string(),
  v.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
  v.transform((name) => name as ObjectName),
);
const line = (most: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(most),
    v.check((text) => !/\p{Cc}/u.test(text)),
  );
/** The longest task that a candidate can tell of, in characters. */
export const longestMessage = 200_000;
const longestProblem = 4_000;
const longestLine = 300;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** As much as a date can be. */
const time = v.pipe(count, v.maxValue(8.64e15));

const stateSchema = v.variant('status', [
  v.object({ status: v.literal('succeeded'), summary: v.pipe(v.string(), v.maxLength(200_000)) }),
  v.object({
    status: v.literal('failed'),
    code: line(40),
    problem: v.pipe(v.string(), v.maxLength(longestProblem)),
  }),
  v.object({ status: v.literal('canceled'), reason: v.exactOptional(v.pipe(v.string(), v.maxLength(4_000))) }),
]);

const schema = v.object({
  version: v.literal(candidateVersion),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)),
  message: v.pipe(v.string(), v.nonEmpty(), v.maxLength(longestMessage)),
  model: v.object({ provider: v.picklist(providerIds), name: line(longestLine), label: line(longestLine) }),
  base: v.object({ commit: v.exactOptional(objectName), tree: objectName }),
  tree: v.exactOptional(objectName),
  state: stateSchema,
  startedAt: time,
  endedAt: time,
  usage: v.object({
    input: count,
    cachedInput: count,
    cacheWrite: v.exactOptional(count),
    output: count,
    reasoning: count,
  }),
  /** In dollars, where prices are known. */
  cost: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  /** Of `patch.diff`; absent where there is none. */
  sha256: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

/** What `candidate.json` holds: nothing secret, and no path of the machine that wrote it. */
export type CandidateFacts = v.InferOutput<typeof schema>;

/** A name as the facts take it: one line, not too long. */
export function factsLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, longestLine) || 'model';
}

/** What went wrong, as the facts take it. */
export function factsProblem(text: string): string {
  return text.slice(0, longestProblem);
}

/** Undefined for what isn't the facts of a candidate. */
export function parseFacts(value: unknown): CandidateFacts | undefined {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : undefined;
}

/** The candidate of these facts and this patch, for the engine to look at. */
export function foreignOf(facts: CandidateFacts, patch: string): ForeignCandidate {
  const { id, model, base, tree, usage } = facts;
  const { provider, name, label } = model;
  return {
    id: id as RunId,
    profile: { id: id as string as ProfileId, provider, model: name, label, options: {} },
    state: stateOf(facts),
    usage,
    base,
    ...(tree && { tree }),
    patch,
  };
}

function stateOf({ state, startedAt, endedAt }: CandidateFacts): ForeignCandidate['state'] {
  const times = { startedAt, endedAt };
  switch (state.status) {
    case 'succeeded':
      return { ...state, ...times };
    case 'failed':
      // Whatever happened there, here there is nothing of it to ship; the words say what it was.
      return { status: 'failed', ...times, problem: { code: 'nothing-to-ship', message: state.problem } };
    case 'canceled':
      return { ...state, ...times };
    default:
      return state satisfies never;
  }
}
