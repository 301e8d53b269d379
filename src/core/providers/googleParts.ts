import { type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** A call whose arguments still come in pieces. */
interface OpenCall {
  readonly part: JsonObject;
  readonly call: JsonObject;
  readonly args: Record<string, unknown>;
}

/**
 * Makes whole parts of streamed ones. Almost all are whole and pass untouched; only a function call may come as a name,
 * then pieces of its arguments by path, while each piece says that it `willContinue`.
 */
export class GoogleParts {
  #open: OpenCall | undefined;

  /** True while a call has begun and not ended. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The part that is now whole, if any. */
  add(part: JsonObject): JsonObject | undefined {
    const piece = objectOf(part.functionCall);
    if (!piece) {
      return part;
    }
    const isStreamed = piece.willContinue === true || Array.isArray(piece.partialArgs);
    const hasName = textOf(piece.name) !== '';
    if (hasName && !isStreamed) {
      return part;
    }
    if (hasName) {
      this.#open = { part, call: piece, args: { ...objectOf(piece.args) } };
    }
    const open = this.#open;
    if (!open) {
      return undefined;
    }
    for (const change of objectsOf(piece.partialArgs)) {
      putInto(open.args, change);
    }
    if (piece.willContinue === true) {
      return undefined;
    }
    this.#open = undefined;
    const { willContinue: _willContinue, partialArgs: _partialArgs, ...call } = open.call;
    return { ...open.part, functionCall: { ...call, args: open.args } };
  }
}

/** Puts one piece, `{ jsonPath: '$.files[0].name', stringValue: 'a' }`, where it belongs; text grows at its end. */
function putInto(args: Record<string, unknown>, change: JsonObject): void {
  const path = [...textOf(change.jsonPath).matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]/g)].map(
    ([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)),
  );
  const last = path.pop();
  if (last === undefined) {
    return;
  }
  let place: Record<string | number, unknown> = args;
  for (const [step, key] of path.entries()) {
    const next = path[step + 1] ?? last;
    if (!Object.hasOwn(place, key)) {
      set(place, key, typeof next === 'number' ? [] : {});
    }
    const inner = place[key];
    if (typeof inner !== 'object' || inner === null) {
      return;
    }
    place = inner as Record<string | number, unknown>;
  }
  const before = Object.hasOwn(place, last) ? place[last] : undefined;
  const text = change.stringValue;
  set(
    place,
    last,
    typeof text === 'string'
      ? textOf(before) + text
      : (change.numberValue ?? change.boolValue ?? ('nullValue' in change ? null : before)),
  );
}

/** Sets an own field, also one called `__proto__`; an index far past the end is not believed. */
function set(place: Record<string | number, unknown>, key: string | number, value: unknown): void {
  if (Array.isArray(place) && (typeof key !== 'number' || key > place.length)) {
    return;
  }
  Object.defineProperty(place, key, { value, writable: true, enumerable: true, configurable: true });
}
