import { randomUUID } from 'node:crypto';
import type { ModelEvent, ModelRequest, Provider, ToolCall } from '../../providers/provider.ts';
import { CallReader } from './callReader.ts';
import { describeTools } from './describeTools.ts';
import { type KeptText, renderTurns } from './renderTurns.ts';

type End = Extract<ModelEvent, { type: 'end' }>;

/**
 * The same provider for models that can't call tools: the tools are described in the system text, the model writes its calls into its
 * answer, and gets the results as text. From outside the calls are events like any others.
 */
export function withTextTools(provider: Provider): Provider {
  return {
    stream: (request, signal) => streamText(provider, request, signal),
    listModels: (signal) => provider.listModels(signal),
    ...(provider.contextTokens && {
      contextTokens: (model: string, signal: AbortSignal) =>
        provider.contextTokens?.(model, signal) ?? Promise.resolve(undefined),
    }),
  };
}

async function* streamText(provider: Provider, request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
  const reader = new CallReader(request.tools);
  let written = '';
  for await (const event of provider.stream(asText(request), signal)) {
    if (event.type === 'text') {
      written += event.text;
      const text = reader.push(event.text);
      if (text !== '') yield { type: 'text', text };
    } else if (event.type === 'end') {
      yield* endWith(event, reader, written);
    } else yield event;
  }
}

/** The calls come after the text, and only of an answer that did not fail. */
function* endWith(end: End, reader: CallReader, written: string): Iterable<ModelEvent> {
  const { text, calls: found } = reader.end(end.reason === 'length');
  if (text !== '') yield { type: 'text', text };
  const isGood = end.reason === 'stop' || end.reason === 'tool-calls' || end.reason === 'length';
  const calls: ToolCall[] = [];
  const problems: Record<string, string> = {};
  for (const { name, arguments: given, problem } of isGood ? found : []) {
    const id = `text_${randomUUID()}`;
    if (problem !== undefined) problems[id] = problem;
    calls.push({ id, name, arguments: given });
  }
  for (const call of calls) yield { type: 'tool-call', call };
  if (!isGood || calls.length === 0) {
    yield end;
    return;
  }
  const { opaque: inner, ...rest } = end;
  const kept: KeptText = {
    writtenText: written,
    calls: calls.map(({ id }) => id),
    problems,
    ...(inner !== undefined && { inner }),
  };
  yield { ...rest, opaque: kept, reason: end.reason === 'length' ? 'length' : 'tool-calls' } as End;
}

function asText(request: ModelRequest): ModelRequest {
  const system = request.tools.length === 0 ? request.system : `${request.system}\n\n${describeTools(request.tools)}`;
  return { ...request, system, tools: [], turns: renderTurns(request.turns) };
}
