import { countOf, type JsonObject, objectOf, objectsOf, textOf } from '../../src/core/providers/untrusted.ts';
import { type Expected, leaves, nothing } from './wireExpectation.ts';
import { parse } from './wireRows.ts';

/** What has to come out of a recording of Chat Completions. */
export function expectedOfChat(values: readonly JsonObject[]): Expected {
  const choices = values.flatMap((value) => objectsOf(value.choices).slice(0, 1));
  const deltas = objectsOf(choices.map((choice) => choice.delta ?? choice.message));
  const finish = choices.map((choice) => textOf(choice.finish_reason)).findLast((reason) => reason !== '') ?? '';
  // An error after the answer's own end says nothing new.
  if (finish === '' && values.some((value) => value.error)) return { ...nothing, end: 'error' };
  const calls = callsIn(deltas);
  const text = joined(deltas, 'content');
  const content = joined(deltas, 'reasoning_content');
  const usage = objectsOf(values.map((value) => value.usage)).at(-1);
  const ends = { length: 'length', content_filter: 'refusal' } as const;
  return {
    end: ends[finish as keyof typeof ends] ?? (calls.length > 0 ? 'tool-calls' : 'stop'),
    calls: calls.map(({ name, json }) => ({ name, pieces: leaves(parse(json)) })),
    text,
    reasoning: content || joined(deltas, 'reasoning'),
    // Reasoning that led to nothing is not sent back.
    opaque: text === '' && calls.length === 0 ? [] : [content, ...calls.map(({ id }) => id)],
    ...(usage && { usage: { input: countOf(usage.prompt_tokens), output: countOf(usage.completion_tokens) } }),
  };
}

interface Call {
  readonly id: string;
  readonly name: string;
  readonly json: string;
}

/** Calls by number, or by id where they are not numbered. */
function callsIn(deltas: readonly JsonObject[]): readonly Call[] {
  const pieces = deltas.flatMap((delta) => objectsOf(delta.tool_calls));
  const keys = new Set(pieces.map(keyOf));
  return [...keys].map((key) => {
    const own = pieces.filter((piece) => keyOf(piece) === key);
    const first = (text: (piece: JsonObject) => unknown) => own.map((piece) => textOf(text(piece))).find(Boolean) ?? '';
    return {
      id: first((piece) => piece.id),
      name: first((piece) => objectOf(piece.function)?.name),
      json: own.map((piece) => textOf(objectOf(piece.function)?.arguments)).join(''),
    };
  });
}

function keyOf(piece: JsonObject): unknown {
  return piece.index ?? piece.id;
}

function joined(deltas: readonly JsonObject[], field: string): string {
  return deltas.map((delta) => textOf(delta[field])).join('');
}
