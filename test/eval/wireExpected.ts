import { countOf, type JsonObject, objectOf, objectsOf, textOf } from '../../src/core/providers/untrusted.ts';
import { type Expected, leaves, nothing } from './wireExpectation.ts';
import { expectedOfChat } from './wireExpectedChat.ts';
import { recordedValues, type WireRow } from './wireRows.ts';

/** Reads a recording as what it is a recording of. */
export function expectedOf(row: WireRow): Expected {
  if (row.status >= 400) return expectedOfError(row);
  const values = recordedValues(row.body);
  switch (row.provider) {
    case 'anthropic':
      return expectedOfAnthropic(values);
    case 'google':
      return expectedOfGemini(values);
    case 'openai':
      return expectedOfResponses(values);
    default:
      return expectedOfChat(values);
  }
}

function expectedOfError({ status, headers, body }: WireRow): Expected {
  const fitting: Readonly<Record<number, readonly string[]>> = {
    400: ['bad-request', 'context-too-long', 'refused-by-model', 'rate-limited', 'authentication', 'malformed-answer'],
    401: ['authentication'],
    402: ['rate-limited'],
    403: ['permission', 'authentication', 'model-not-found'],
    404: ['model-not-found', 'bad-request'],
    408: ['timeout'],
    413: ['context-too-long'],
    422: ['bad-request', 'context-too-long'],
    429: ['rate-limited'],
    504: ['timeout'],
  };
  const saysWhen = 'retry-after' in headers || /try again in [\d.]+|"retryDelay"/i.test(body.toString());
  const codes = fitting[status] ?? (status >= 500 ? ['overloaded'] : ['bad-request']);
  return { ...nothing, end: 'error', codes, saysWhen };
}

/** The last message in the stream counts: gateways have been seen to begin a second one inside the first. */
function expectedOfAnthropic(values: readonly JsonObject[]): Expected {
  const events = values.slice(
    Math.max(
      0,
      values.findLastIndex((event) => event.type === 'message_start'),
    ),
  );
  const whole = values.find((value) => value.type === 'message');
  const start = objectOf(whole ?? objectOf(events[0]?.message)) ?? {};
  const ended = events.find((event) => event.type === 'message_delta') ?? {};
  const stop = textOf(whole?.stop_reason ?? objectOf(ended.delta)?.stop_reason);
  const blocks = whole ? objectsOf(whole.content) : blocksIn(events);
  const usage = { ...objectOf(start.usage), ...objectOf(ended.usage) };
  const isRefused = stop === 'refusal';
  const calls = isRefused ? [] : blocks.filter((block) => block.type === 'tool_use');
  const isLength = stop === 'max_tokens' || stop === 'model_context_window_exceeded';
  return {
    end: isRefused ? 'refusal' : isLength ? 'length' : calls.length > 0 ? 'tool-calls' : 'stop',
    calls: calls.map((call) => ({ name: textOf(call.name), pieces: leaves(call.input) })),
    text: blocks.map((block) => textOf(block.text)).join(''),
    reasoning: blocks.map((block) => textOf(block.thinking)).join(''),
    opaque: isRefused
      ? []
      : blocks.flatMap((block) => [block.signature, block.data, block.type === 'tool_use' ? block.id : ''].map(textOf)),
    usage: {
      input: sum(usage, 'input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'),
      output: sum(usage, 'output_tokens'),
    },
  };
}

/** The blocks that have both a beginning and an end. */
function blocksIn(events: readonly JsonObject[]): readonly JsonObject[] {
  return events.flatMap((event) => {
    const ofBlock = events.filter((other) => other.index === event.index);
    const isWhole = event.type === 'content_block_start' && ofBlock.some(({ type }) => type === 'content_block_stop');
    const joined = (field: string) => ofBlock.map((each) => textOf(objectOf(each.delta)?.[field])).join('');
    const block = objectOf(event.content_block);
    if (!isWhole || !block) return [];
    const json = joined('partial_json');
    return [
      {
        ...block,
        ...(json === '' ? {} : { input: JSON.parse(json) }),
        text: textOf(block.text) + joined('text'),
        thinking: textOf(block.thinking) + joined('thinking'),
        signature: textOf(block.signature) + joined('signature'),
      },
    ];
  });
}

function expectedOfGemini(values: readonly JsonObject[]): Expected {
  const candidates = values.flatMap((value) => objectsOf(value.candidates).slice(0, 1));
  const parts = candidates.flatMap((candidate) => objectsOf(objectOf(candidate.content)?.parts));
  const finish = candidates.map((candidate) => textOf(candidate.finishReason)).findLast((reason) => reason !== '');
  const isBlocked = values.some((value) => objectOf(value.promptFeedback)?.blockReason !== undefined);
  const calls: { name: string; pieces: string[] }[] = [];
  for (const call of objectsOf(parts.map((part) => part.functionCall))) {
    if (textOf(call.name) !== '') calls.push({ name: textOf(call.name), pieces: [...leaves(call.args)] });
    for (const { stringValue, numberValue } of objectsOf(call.partialArgs)) {
      calls.at(-1)?.pieces.push(...leaves([stringValue, numberValue]));
    }
  }
  const isRefused = isBlocked || /SAFETY|RECITATION|BLOCKLIST|PROHIBITED|SPII|LANGUAGE/.test(finish ?? '');
  const usage = values.map((value) => objectOf(value.usageMetadata)).findLast((each) => each?.promptTokenCount) ?? {};
  const textOfParts = (isThought: boolean) =>
    parts.map((part) => ((part.thought === true) === isThought ? textOf(part.text) : '')).join('');
  return {
    end: isRefused ? 'refusal' : finish === 'MAX_TOKENS' ? 'length' : calls.length > 0 ? 'tool-calls' : 'stop',
    calls: isRefused ? [] : calls,
    text: textOfParts(false),
    reasoning: textOfParts(true),
    opaque: isRefused ? [] : parts.map((part) => textOf(part.thoughtSignature)),
    usage: {
      input: sum(usage, 'promptTokenCount', 'toolUsePromptTokenCount'),
      output: sum(usage, 'candidatesTokenCount', 'thoughtsTokenCount'),
    },
  };
}

/** A recording may hold several answers, one after the other; what counts is over with the first last event. */
function expectedOfResponses(values: readonly JsonObject[]): Expected {
  const isLast = ({ type, object }: JsonObject) =>
    object === 'response' || /^response\.(completed|incomplete|failed)$/.test(textOf(type));
  const end = values.findIndex(isLast);
  const events = values.slice(0, end + 1);
  const last = values[end] ?? {};
  const response = objectOf(last.response) ?? last;
  const done = events.filter((event) => event.type === 'response.output_item.done');
  const streamed = objectsOf(done.map((event) => event.item));
  const items = streamed.length > 0 ? streamed : objectsOf(response.output);
  const calls = items.filter((item) => /^(function|custom_tool|apply_patch)_call$/.test(textOf(item.type)));
  const joined = (type: string) => events.map((event) => (event.type === type ? textOf(event.delta) : '')).join('');
  const isCut = response.status === 'incomplete';
  return {
    end: response.status === 'failed' ? 'error' : isCut ? 'length' : calls.length > 0 ? 'tool-calls' : 'stop',
    calls: calls.map((call) => ({
      name: call.type === 'apply_patch_call' ? 'apply_patch' : textOf(call.name),
      pieces: leaves([JSON.parse(textOf(call.arguments) || '{}'), call.input, objectOf(call.operation)?.path]),
    })),
    text: joined('response.output_text.delta'),
    reasoning: joined('response.reasoning_summary_text.delta'),
    opaque: items.flatMap((item) => [item.encrypted_content, calls.includes(item) ? item.call_id : ''].map(textOf)),
    usage: {
      input: sum(objectOf(response.usage) ?? {}, 'input_tokens'),
      output: sum(objectOf(response.usage) ?? {}, 'output_tokens'),
    },
  };
}

function sum(usage: JsonObject, ...names: readonly string[]): number {
  return names.reduce((total, name) => total + countOf(usage[name]), 0);
}
