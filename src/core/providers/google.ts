import { randomUUID } from 'node:crypto';
import { type GenerateContentRequest, type GenerativeModel, GoogleGenerativeAI } from '@google/generative-ai';
import { type Answer, type Delta, streamAnswer } from './answer.ts';
import { type Asked, type AskedModel, failure } from './failure.ts';
import { googleBody, ownIdPrefix } from './googleContents.ts';
import { fetchGoogleModels } from './googleModels.ts';
import { GoogleParts } from './googleParts.ts';
import { listModels } from './modelList.ts';
import { keep } from './playback.ts';
import type { EndReason, ModelRequest, Provider, ProviderAccount, ToolCall } from './provider.ts';
import { countOf, type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

const googleAddress = 'https://generativelanguage.googleapis.com';

/** Where Gemini is asked, and whether that address streams, as far as is known. */
interface Service {
  readonly address: string;
  readonly apiKey: string;
  streams: boolean;
}

/** Google's Gemini models. The only file that knows the SDK, so that another can take its place. */
export function createGoogleProvider({ apiKey, baseUrl }: ProviderAccount): Provider {
  const asked: Asked = { provider: 'google', apiKey };
  const address = (baseUrl || googleAddress).replace(/\/+$/, '');
  const service: Service = { address, apiKey, streams: true };
  return {
    stream: (request, signal) => {
      const askedModel = { ...asked, model: request.model };
      return streamAnswer(askedModel, signal, (answer, requestSignal) =>
        readAnswer(chunksFrom(service, request, requestSignal), askedModel, answer),
      );
    },
    listModels: (signal) => listModels(asked, signal, () => fetchGoogleModels(address, apiKey, signal)),
  };
}

/** The chunks as they came: the SDK's own summary of them loses signatures and mixes up parallel calls. */
async function* chunksFrom(service: Service, request: ModelRequest, signal: AbortSignal): AsyncGenerator<unknown> {
  const { address: baseUrl, apiKey } = service;
  const model = new GoogleGenerativeAI(apiKey).getGenerativeModel(
    { model: request.model },
    { baseUrl, apiVersion: 'v1beta' },
  );
  // The SDK sends what it is given, and its types are older than signatures and thinking.
  const body = googleBody(request) as unknown as GenerateContentRequest;
  if (service.streams) {
    let isFirst = true;
    try {
      for await (const chunk of streamed(model, body, signal)) {
        isFirst = false;
        yield chunk;
      }
      return;
    } catch (error) {
      // A gateway that doesn't stream sends one body, which the SDK can't read here and keeps to itself.
      if (!isFirst || baseUrl === googleAddress || !/failed to parse stream/i.test(String(error))) {
        throw error;
      }
    }
  }
  const whole: unknown = (await model.generateContent(body, { signal })).response;
  service.streams = false;
  yield* Array.isArray(whole) ? whole : [whole];
}

async function* streamed(
  model: GenerativeModel,
  body: GenerateContentRequest,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  const { stream, response } = await model.generateContentStream(body, { signal });
  // The summary fails together with the stream, and nobody else waits for it.
  response.catch(() => {});
  try {
    yield* stream;
  } catch (error) {
    // The SDK wraps what the network does to it; a bare TypeError means that it stumbled over a chunk's content.
    throw error instanceof TypeError ? new SyntaxError(error.message) : error;
  }
}

async function* readAnswer(
  chunks: AsyncIterable<unknown>,
  asked: AskedModel,
  answer: Answer,
): AsyncGenerator<Delta, void> {
  const assembly = new GoogleParts();
  const parts: JsonObject[] = [];
  let finishReason = '';
  let isBlocked = false;
  for await (const raw of chunks) {
    const chunk = objectOf(raw) ?? {};
    if (chunk.error) {
      throw { error: chunk.error };
    }
    const candidate = objectsOf(chunk.candidates)[0];
    answer.isStarted ||= candidate !== undefined || chunk.usageMetadata !== undefined;
    answer.usage = usageOf(objectOf(chunk.usageMetadata)) ?? answer.usage;
    isBlocked ||= textOf(objectOf(chunk.promptFeedback)?.blockReason) !== '';
    for (const piece of objectsOf(objectOf(candidate?.content)?.parts)) {
      const part = assembly.add(piece);
      if (part) {
        parts.push(part);
        yield* said(part);
      }
    }
    finishReason = textOf(candidate?.finishReason) || finishReason;
  }
  if (isBlocked) {
    answer.end = { reason: 'refusal' };
  } else if (finishReason !== '') {
    yield* finish(finishReason, parts, assembly.isOpen, asked, answer);
  }
}

function* said(part: JsonObject): Generator<Delta> {
  const text = textOf(part.text);
  if (text !== '') {
    yield { type: part.thought === true ? 'reasoning' : 'text', text };
  }
}

function* finish(
  finishReason: string,
  parts: readonly JsonObject[],
  isCallOpen: boolean,
  asked: AskedModel,
  answer: Answer,
): Generator<Delta> {
  const calls = parts.flatMap(callOf);
  answer.end = endOf(finishReason, calls.length, isCallOpen, parts.length > 0, asked);
  if (answer.end.reason === 'refusal' || answer.end.reason === 'error') {
    return;
  }
  for (const call of calls) {
    yield { type: 'tool-call', call };
  }
  answer.opaque = keep(
    { provider: 'google', model: asked.model },
    calls.map((call) => call.id),
    parts,
  );
}

function callOf(part: JsonObject): readonly ToolCall[] {
  const call = objectOf(part.functionCall);
  const id = textOf(call?.id) || ownIdPrefix + randomUUID();
  return call ? [{ id, name: textOf(call.name), arguments: JSON.stringify(objectOf(call.args) ?? {}) }] : [];
}

const refusals = /SAFETY|RECITATION|LANGUAGE|BLOCKLIST|PROHIBITED_CONTENT|SPII/;

/** Reasons that mean that the model wrote something which the service itself could not read. */
const brokenCalls = /MALFORMED|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS|MISSING_THOUGHT_SIGNATURE/;

function endOf(finishReason: string, calls: number, isCallOpen: boolean, hasParts: boolean, asked: Asked): EndReason {
  if (refusals.test(finishReason)) {
    return { reason: 'refusal' };
  }
  if (finishReason === 'MAX_TOKENS') {
    return { reason: 'length' };
  }
  const isKnown = finishReason === 'STOP' || hasParts;
  if (brokenCalls.test(finishReason) || isCallOpen || !isKnown) {
    return { reason: 'error', failure: failure('malformed-answer', asked, `finish reason ${finishReason}`) };
  }
  return { reason: calls > 0 ? 'tool-calls' : 'stop' };
}

/** Google counts thoughts beside the rest of the output. The last chunk has the totals; some have none at all. */
function usageOf(usage: JsonObject | undefined) {
  const reasoning = countOf(usage?.thoughtsTokenCount);
  const input = countOf(usage?.promptTokenCount) + countOf(usage?.toolUsePromptTokenCount);
  const output = countOf(usage?.candidatesTokenCount) + reasoning;
  const cachedInput = countOf(usage?.cachedContentTokenCount);
  return input + output > 0 ? { input, cachedInput, output, reasoning } : undefined;
}
