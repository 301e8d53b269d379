import type { ModelOptions } from '../domain.ts';
import { googleParameters } from './googleSchema.ts';
import { keptItems } from './playback.ts';
import type { ModelRequest, ToolCall, Turn } from './provider.ts';
import { argumentsAsObject, type JsonObject, objectOf, textOf } from './untrusted.ts';

/** How the ids begin that we make for calls to which Google gave none. */
export const ownIdPrefix = 'dursor-';

/** Says that a call has no signature because Gemini didn't make it: https://ai.google.dev/gemini-api/docs/thought-signatures */
const unsigned = 'skip_thought_signature_validator';

/** The body of a streamGenerateContent request. */
export function googleBody({ model, system, turns, tools, options }: ModelRequest): JsonObject {
  const generationConfig = {
    ...(options.maxOutputTokens === undefined ? {} : { maxOutputTokens: options.maxOutputTokens }),
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
    ...thinkingFor(model, options.reasoningEffort),
  };
  return {
    ...(system ? { systemInstruction: { role: 'system', parts: [{ text: system }] } } : {}),
    ...(tools.length > 0
      ? {
          tools: [
            {
              functionDeclarations: tools.map(({ name, description, parameters }) => {
                const converted = googleParameters(parameters);
                return { name, description, ...(converted ? { parameters: converted } : {}) };
              }),
            },
          ],
        }
      : {}),
    ...(Object.keys(generationConfig).length > 0 ? { generationConfig } : {}),
    // What grows comes last, so that a step's bytes begin with those of the step before.
    contents: contentsOf(turns, model),
  };
}

/** Gemini 3 takes a level, 2.5 a budget that both its Flash and its Pro accept, and the ones before can't think. */
function thinkingFor(model: string, effort: ModelOptions['reasoningEffort']): JsonObject {
  if (!effort) {
    return {};
  }
  if (/gemini-2\.5/.test(model)) {
    return {
      thinkingConfig: { thinkingBudget: { low: 1024, medium: 8192, high: 24_576 }[effort], includeThoughts: true },
    };
  }
  if (isSigning(model)) {
    // The first Gemini 3 Pro knows low and high only.
    const level = effort === 'medium' && /gemini-3-pro/.test(model) ? 'high' : effort;
    return { thinkingConfig: { thinkingLevel: level, includeThoughts: true } };
  }
  return {};
}

/** Gemini 3 and later sign their calls, and refuse a call without a signature. */
function isSigning(model: string): boolean {
  return Number(/gemini-(\d+)/.exec(model)?.[1] ?? 0) >= 3;
}

function contentsOf(turns: readonly Turn[], model: string): readonly JsonObject[] {
  const contents: { role: string; parts: readonly JsonObject[] }[] = [];
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'model' : 'user';
    const parts = partsOf(turn, model);
    const last = contents.at(-1);
    if (parts.length === 0) {
      continue;
    }
    if (last?.role === role) {
      last.parts = [...last.parts, ...parts];
    } else {
      contents.push({ role, parts });
    }
  }
  return contents;
}

function partsOf(turn: Turn, model: string): readonly JsonObject[] {
  switch (turn.role) {
    case 'user':
      return textPart(turn.text);
    case 'assistant':
      return (
        keptItems(turn, { provider: 'google', model })?.filter(isWorthSending) ?? [
          ...textPart(turn.text),
          ...turn.toolCalls.map((call, index) => callPart(call, index, model)),
        ]
      );
    case 'tool':
      return turn.results.map(({ callId, name, content, isError }) => ({
        functionResponse: {
          // Google matches by name and order where it gave no id.
          ...(callId.startsWith(ownIdPrefix) ? {} : { id: callId }),
          name,
          response: isError ? { error: content } : { output: content },
        },
      }));
    default:
      return turn satisfies never;
  }
}

function textPart(text: string): readonly JsonObject[] {
  return text === '' ? [] : [{ text }];
}

/** Of calls made in parallel only the first is signed. */
function callPart({ id, name, arguments: json }: ToolCall, index: number, model: string): JsonObject {
  return {
    functionCall: { ...(id.startsWith(ownIdPrefix) ? {} : { id }), name, args: argumentsAsObject(json) },
    ...(index === 0 && isSigning(model) ? { thoughtSignature: unsigned } : {}),
  };
}

/** A part with nothing in it is refused; an empty text may carry a signature. */
function isWorthSending(part: JsonObject): boolean {
  const { text, thought: _thought, ...rest } = part;
  return (
    textOf(text) !== '' || Object.values(rest).some((value) => textOf(value) !== '' || objectOf(value) !== undefined)
  );
}
