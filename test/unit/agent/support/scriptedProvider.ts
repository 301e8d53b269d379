import type { TokenUsage } from '../../../../src/core/domain.ts';
import type { ProblemCode } from '../../../../src/core/problem.ts';
import type {
  EndReason,
  ModelEvent,
  ModelInfo,
  ModelRequest,
  Provider,
  ToolCall,
} from '../../../../src/core/providers/provider.ts';

/** One scripted answer: its events, or a function that streams them. */
export type Script = readonly ModelEvent[] | ((signal: AbortSignal) => AsyncIterable<ModelEvent>);

/** A provider that gives the scripted answers one after another; the last one again and again. */
export class ScriptedProvider implements Provider {
  readonly requests: ModelRequest[] = [];
  readonly #scripts: readonly Script[];

  constructor(...scripts: readonly Script[]) {
    this.#scripts = scripts;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const script = this.#scripts[Math.min(this.requests.length, this.#scripts.length - 1)];
    this.requests.push(request);
    if (script === undefined) throw new Error('No answer is scripted.');
    if (typeof script === 'function') yield* script(signal);
    else yield* script;
  }

  async listModels(): Promise<readonly ModelInfo[]> {
    return [];
  }

  /** The tool results that the given request brought back, in one text. */
  resultsIn(request: number): string {
    const turn = this.requests[request]?.turns.at(-1);
    return turn?.role === 'tool' ? turn.results.map((result) => result.content).join('\n---\n') : '';
  }
}

export const usage: TokenUsage = { input: 10, cachedInput: 0, output: 5, reasoning: 0 };
const noTokens: TokenUsage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

let lastCall = 0;

/** A tool call; its id is unique within the test run unless given. */
export function call(name: string, input: unknown, id = `call-${++lastCall}`): ToolCall {
  return { id, name, arguments: typeof input === 'string' ? input : JSON.stringify(input) };
}

/** An answer: text, calls, and how it ends (`tool-calls` or `stop` when not said). */
export function answer(text: string, calls: readonly ToolCall[] = [], end?: EndReason['reason']): ModelEvent[] {
  const reason = end ?? (calls.length > 0 ? 'tool-calls' : 'stop');
  return [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...calls.map((each) => ({ type: 'tool-call' as const, call: each })),
    reason === 'error' ? fail('bad-request', false) : { type: 'end', usage, reason },
  ];
}

/** The end of an answer that failed. */
export function fail(code: ProblemCode, retryable: boolean, retryAfterMs?: number): ModelEvent {
  return {
    type: 'end',
    usage: noTokens,
    reason: 'error',
    failure: {
      problem: { code, message: `It went wrong: ${code}.` },
      retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  };
}

/** Streams the events, then nothing more, and takes no notice of the signal. */
export function hangAfter(...events: readonly ModelEvent[]): Script {
  return async function* () {
    yield* events;
    await new Promise(() => {});
  };
}
