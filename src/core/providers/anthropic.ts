import { Anthropic } from '@anthropic-ai/sdk';
import type { Stream } from '@anthropic-ai/sdk/core/streaming';
import { type Answer, type Delta, streamAnswer } from './answer.ts';
import { AnthropicBlocks } from './anthropicBlocks.ts';
import { anthropicBody } from './anthropicMessages.ts';
import type { Asked } from './failure.ts';
import { listModels } from './modelList.ts';
import { keep } from './playback.ts';
import type { EndReason, ModelRequest, Provider, ProviderAccount } from './provider.ts';
import { countOf, type JsonObject, objectOf, textOf } from './untrusted.ts';

/** Anthropic's models. */
export function createAnthropicProvider(account: ProviderAccount): Provider {
  const asked: Asked = { provider: 'anthropic', apiKey: account.apiKey };
  return {
    stream: (request, signal) =>
      streamAnswer({ ...asked, model: request.model }, signal, (answer, requestSignal) =>
        readAnswer(clientFor(account), request, answer, requestSignal),
      ),
    listModels: (signal) =>
      listModels(asked, signal, async () => {
        const models = [];
        for await (const model of clientFor(account).models.list({ limit: 1000 }, { signal })) {
          const createdAt = Date.parse(model.created_at) || 0;
          models.push({ id: model.id, label: model.display_name, createdAt });
        }
        return models;
      }),
  };
}

/** Says everything that the SDK would otherwise take from the environment: another address, key or header of it. */
function clientFor({ apiKey, baseUrl }: ProviderAccount): Anthropic {
  return new Anthropic({
    apiKey,
    baseURL: baseUrl || 'https://api.anthropic.com',
    webhookKey: null,
    defaultHeaders: { 'X-Api-Key': apiKey, Authorization: null },
    openTelemetry: false,
    maxRetries: 0,
    // It would print what it can't parse to the console.
    logLevel: 'off',
  });
}

async function* readAnswer(
  client: Anthropic,
  request: ModelRequest,
  answer: Answer,
  signal: AbortSignal,
): AsyncGenerator<Delta, void> {
  // The same request as `messages.create`, which prints to the console each time when a model is to be retired.
  const events = await client.post<Stream<unknown>>('/v1/messages', {
    body: anthropicBody(request),
    stream: true,
    signal,
  });
  const blocks = new AnthropicBlocks();
  let usage: JsonObject = {};
  let stopReason = '';
  for await (const raw of events) {
    const event = objectOf(raw);
    const index = Number(event?.index);
    switch (event?.type) {
      case 'message_start':
        answer.isStarted = true;
        blocks.restart();
        usage = objectOf(objectOf(event.message)?.usage) ?? {};
        answer.usage = usageOf(usage);
        break;
      case 'content_block_start':
        blocks.start(index, objectOf(event.content_block) ?? {});
        break;
      case 'content_block_delta': {
        const delta = objectOf(event.delta) ?? {};
        blocks.add(index, delta);
        yield* pieces(delta);
        break;
      }
      case 'content_block_stop':
        blocks.stop(index);
        break;
      case 'message_delta':
        stopReason = textOf(objectOf(event.delta)?.stop_reason) || stopReason;
        // The counts are totals; those that are missing stand as they were at the start.
        usage = { ...usage, ...objectOf(event.usage) };
        answer.usage = usageOf(usage);
        break;
      case 'message_stop':
        yield* finish(stopReason, blocks, request.model, answer);
        return;
    }
  }
  if (stopReason !== '') {
    yield* finish(stopReason, blocks, request.model, answer);
  }
}

function* pieces(delta: JsonObject): Generator<Delta> {
  const text = textOf(delta.text);
  const reasoning = textOf(delta.thinking);
  if (delta.type === 'text_delta' && text !== '') {
    yield { type: 'text', text };
  }
  if (delta.type === 'thinking_delta' && reasoning !== '') {
    yield { type: 'reasoning', text: reasoning };
  }
}

/** Calls are handed on only here, when no second message can take them back and the answer was not refused. */
function* finish(stopReason: string, blocks: AnthropicBlocks, model: string, answer: Answer): Generator<Delta> {
  const calls = stopReason === 'refusal' ? [] : blocks.calls();
  for (const call of calls) {
    yield { type: 'tool-call', call };
  }
  const callIds = calls.map((call) => call.id);
  answer.opaque = stopReason === 'refusal' ? undefined : keep('anthropic', model, callIds, blocks.complete());
  answer.end = { reason: reasonOf(stopReason, calls.length) };
}

function reasonOf(stopReason: string, calls: number): Exclude<EndReason['reason'], 'error'> {
  switch (stopReason) {
    case 'refusal':
      return 'refusal';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    default:
      return calls > 0 ? 'tool-calls' : 'stop';
  }
}

/** Anthropic counts what it reads from and writes to the cache beside the rest of the input. */
function usageOf(usage: JsonObject) {
  const cachedInput = countOf(usage.cache_read_input_tokens);
  return {
    input: countOf(usage.input_tokens) + countOf(usage.cache_creation_input_tokens) + cachedInput,
    cachedInput,
    output: countOf(usage.output_tokens),
    reasoning: countOf(objectOf(usage.output_tokens_details)?.thinking_tokens),
  };
}
