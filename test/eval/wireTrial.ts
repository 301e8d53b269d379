import { isDeepStrictEqual } from 'node:util';
import type { TokenUsage } from '../../src/core/domain.ts';
import { createProvider } from '../../src/core/providers/createProvider.ts';
import type {
  EndReason,
  ModelEvent,
  ModelRequest,
  Provider,
  ToolCall,
  Turn,
} from '../../src/core/providers/provider.ts';
import type { WireRow } from './wireRows.ts';
import { type Cut, serveRow } from './wireServer.ts';

/** What came out of a recording, and what the next request then looked like. */
export interface Outcome {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
  readonly end: EndReason;
  readonly usage: TokenUsage;
  /** The body of the request that plays the answer back; absent after an answer that there is nothing to go on from. */
  readonly next?: string;
}

/** The adapter broke its promise, and how. */
export class Crash extends Error {}

/** Milliseconds after which a stream counts as one that never ends. */
const patience = 30_000;

/** Plays a recording cut in several ways. Throws `Crash` when a stream breaks the contract, or the cuts make a difference. */
export async function playRow(row: WireRow): Promise<Outcome> {
  const cuts: readonly Cut[] = [
    [row.body.length],
    [977, 13, 2, 4096],
    [7, 64, 1, 1, 300],
    ...(row.body.length <= 20_000 ? [[1]] : []),
  ];
  const [first, ...others] = await Promise.all(cuts.map((cut) => playCut(row, cut)));
  if (!first) throw new Crash('It was never played.');
  for (const other of others) {
    if (!isDeepStrictEqual(comparable(first), comparable(other))) throw new Crash('It comes out differently when cut.');
  }
  return first;
}

/** Without what is another each time: ids, which are ours where the service gave none, and the server's port in sentences. */
function comparable({ calls, end, text, reasoning, usage }: Outcome) {
  const failure = end.reason === 'error' ? [end.failure.problem.code, end.failure.retryAfterMs] : [];
  return {
    text,
    reasoning,
    usage,
    end: [end.reason, ...failure],
    calls: calls.map((call) => [call.name, call.arguments]),
  };
}

async function playCut(row: WireRow, cut: Cut): Promise<Outcome> {
  const server = await serveRow(row, cut);
  try {
    const address = row.provider.startsWith('openai') ? `${server.url}/v1` : server.url;
    const provider = await createProvider(row.provider, { apiKey: 'recorded', baseUrl: address });
    const events = await collect(provider, requestFor(row, [question]));
    const outcome = outcomeOf(events);
    if (outcome.end.reason === 'error' || outcome.end.reason === 'refusal') return outcome;
    const asked = server.bodies.length;
    await collect(provider, requestFor(row, [question, ...answered(events, outcome)]));
    return { ...outcome, next: server.bodies[asked] ?? '' };
  } finally {
    await server.close();
  }
}

const question: Turn = { role: 'user', text: 'Say what you were recorded saying.' };

function requestFor({ model }: WireRow, turns: readonly Turn[]): ModelRequest {
  const parameters = { type: 'object', properties: { path: { type: 'string' } } };
  const tools = [{ name: 'read_file', description: 'Reads a file.', parameters }];
  return { model, system: 'You are played back.', turns, tools, options: {} };
}

/** The answer as the loop keeps it, and the turn that goes on from it. */
function answered(events: readonly ModelEvent[], { text, calls }: Outcome): readonly Turn[] {
  const end = events.at(-1);
  const opaque = end?.type === 'end' ? end.opaque : undefined;
  const results = calls.map(({ id, name }) => ({ callId: id, name, content: 'Done.', isError: false }));
  return [
    { role: 'assistant', text, toolCalls: calls, ...(opaque === undefined ? {} : { opaque }) },
    results.length > 0 ? { role: 'tool', results } : { role: 'user', text: 'Go on.' },
  ];
}

async function collect(provider: Provider, request: ModelRequest): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  const timeout = AbortSignal.timeout(patience);
  try {
    for await (const event of provider.stream(request, timeout)) events.push(event);
  } catch (error) {
    throw new Crash(`The stream threw ${String(error)}.`);
  }
  const ends = events.filter((event) => event.type === 'end').length;
  if (ends !== 1 || events.at(-1)?.type !== 'end') throw new Crash(`The stream had ${ends} ends.`);
  if (timeout.aborted) throw new Crash(`The stream did not end within ${patience / 1000} seconds.`);
  return events;
}

function outcomeOf(events: readonly ModelEvent[]): Outcome {
  const end = events.at(-1);
  if (end?.type !== 'end') throw new Crash('The stream had no end.');
  const joined = (type: 'text' | 'reasoning') => events.map((each) => (each.type === type ? each.text : '')).join('');
  const { usage, type: _type, opaque: _opaque, ...reason } = end;
  return {
    text: joined('text'),
    reasoning: joined('reasoning'),
    calls: events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : [])),
    end: reason,
    usage,
  };
}
