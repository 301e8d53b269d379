import { type JsonObject, objectsOf, textOf } from './untrusted.ts';

/** The fields in which services send reasoning as text; where one sends two, they say the same. */
const shownFields = ['reasoning_content', 'reasoning', 'reasoning_text', 'thinking'];

/** True for a field of a message that carries reasoning in some form, readable or not. */
export function isReasoning(field: string): boolean {
  return field.startsWith('reasoning') || field === 'thinking';
}

/** The reasoning of a streamed answer, and how its service wants it back: in the fields that it used. */
export class ChatReasoning {
  readonly #texts = new Map<string, string>();
  readonly #details: Record<string, unknown>[] = [];

  /** Takes a delta and gives what there is to show of it. */
  add(delta: JsonObject): string {
    const texts = Object.entries(delta).filter(([field, value]) => isReasoning(field) && textOf(value) !== '');
    for (const [field, text] of texts) {
      this.#texts.set(field, (this.#texts.get(field) ?? '') + textOf(text));
    }
    const shown = shownFields.map((field) => textOf(delta[field])).find((text) => text !== '');
    const details = objectsOf(delta.reasoning_details);
    for (const detail of details) {
      this.#addDetail(detail);
    }
    return (
      shown ?? (details.map((detail) => textOf(detail.text) || textOf(detail.summary)).join('') || thoughtOf(delta))
    );
  }

  /** The fields of the assistant's message that carry the reasoning. */
  played(): JsonObject {
    return {
      ...Object.fromEntries(this.#texts),
      ...(this.#details.length > 0 ? { reasoning_details: this.#details } : {}),
    };
  }

  /** The pieces of one block come one after the other under its index; text grows, and a signature comes once. */
  #addDetail(piece: JsonObject): void {
    const last = this.#details.at(-1);
    const goesOn =
      last && last.type === piece.type && last.index === piece.index && piece.type !== 'reasoning.encrypted';
    if (!goesOn) {
      this.#details.push({ ...piece });
      return;
    }
    for (const [key, value] of Object.entries(piece)) {
      const before = last[key];
      const grows = (key === 'text' || key === 'summary') && typeof value === 'string';
      last[key] = grows ? textOf(before) + value : (value ?? before);
    }
  }
}

/** Mistral's reasoning models send content as pieces, some of them `thinking`. */
function thoughtOf(delta: JsonObject): string {
  return objectsOf(delta.content)
    .filter((piece) => piece.type === 'thinking')
    .flatMap((piece) => objectsOf(piece.thinking))
    .map((piece) => textOf(piece.text))
    .join('');
}
