import { randomUUID } from 'node:crypto';
import type { ToolCall } from './provider.ts';
import { isJson, type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

interface OpenCall {
  readonly index: unknown;
  id: string;
  name: string;
  json: string;
  /** Whatever else came with the call, to be played back: Gemini's signature comes this way. */
  rest: JsonObject;
}

/** Puts streamed tool calls together. Servers number, name and cut them in many ways. */
export class ChatCalls {
  readonly #calls: OpenCall[] = [];

  /** Takes what a delta, or a whole message, says of calls; the old single `function_call` too. */
  add(delta: JsonObject): void {
    for (const piece of objectsOf(delta.tool_calls)) {
      this.#addPiece(piece);
    }
    const single = objectOf(delta.function_call);
    if (single) {
      this.#addPiece({ index: 'function_call', function: single });
    }
  }

  #addPiece(piece: JsonObject): void {
    const { index, id: rawId, type: _type, function: rawFunction, ...rest } = piece;
    const called = objectOf(rawFunction) ?? {};
    const [id, name] = [textOf(rawId), textOf(called.name)];
    const found = this.#find(index, id, name);
    const call = found ?? { index, id, name, json: '', rest: {} };
    if (!found) {
      this.#calls.push(call);
    }
    call.id ||= id;
    call.name ||= name;
    call.json += typeof called.arguments === 'string' ? called.arguments : jsonOf(called.arguments);
    call.rest = { ...call.rest, ...rest };
  }

  /** The call that a piece goes on with. The same number under another id, or a second name without either, is a new one. */
  #find(index: unknown, id: string, name: string): OpenCall | undefined {
    const last = this.#calls.at(-1);
    if (index === undefined || index === null) {
      return id === '' ? (name === '' ? last : undefined) : this.#calls.find((call) => call.id === id);
    }
    const call = this.#calls.findLast((each) => each.index === index);
    return call && id !== '' && call.id !== '' && call.id !== id && name !== '' ? undefined : call;
  }

  /** The calls as we hand them on: each has an id of its own. With `isCut`, without a last one that never came to its end. */
  calls(isCut: boolean): readonly ToolCall[] {
    return this.#named(isCut).map(({ call, id }) => ({ id, name: call.name, arguments: call.json.trim() || '{}' }));
  }

  /** The calls as the service wants them back. */
  played(isCut: boolean): readonly JsonObject[] {
    return this.#named(isCut).map(({ call, id }) => ({
      ...call.rest,
      id,
      type: 'function',
      function: { name: call.name, arguments: validJson(call.json.trim() || '{}') },
    }));
  }

  #named(isCut: boolean) {
    const seen = new Set<string>();
    return this.#calls
      .filter((call) => call.name !== '' && (!isCut || isJson(call.json)))
      .map((call) => {
        if (call.id === '' || seen.has(call.id)) {
          call.id = `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
        }
        seen.add(call.id);
        return { call, id: call.id };
      });
  }
}

function jsonOf(value: unknown): string {
  return objectOf(value) ? JSON.stringify(value) : '';
}

/** Several servers parse the arguments of past calls, and fail at what a model wrote wrong. */
export function validJson(text: string): string {
  return isJson(text) ? text : JSON.stringify({ INVALID_JSON: text });
}
