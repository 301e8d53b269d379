import { argumentsAsObject, isJson, type JsonObject, objectOf, textOf } from './untrusted.ts';

interface Block {
  fields: Record<string, unknown>;
  /** The JSON text of a tool's input so far. */
  json: string;
  isComplete: boolean;
}

/** Puts the content blocks of a streamed message together, whatever their type. */
export class AnthropicBlocks {
  readonly #blocks = new Map<number, Block>();

  /** A message begins; gateways have been seen to begin a second one inside the first. */
  restart(): void {
    this.#blocks.clear();
  }

  start(index: number, block: JsonObject): void {
    this.#blocks.set(index, { fields: { ...block }, json: '', isComplete: false });
  }

  add(index: number, delta: JsonObject): void {
    const block = this.#blocks.get(index);
    if (!block) {
      return;
    }
    const append = (field: string) => {
      block.fields[field] = textOf(block.fields[field]) + textOf(delta[field]);
    };
    switch (delta.type) {
      case 'text_delta':
        append('text');
        break;
      case 'thinking_delta':
        append('thinking');
        break;
      case 'signature_delta':
        append('signature');
        break;
      case 'input_json_delta':
        block.json += textOf(delta.partial_json);
        break;
      case 'citations_delta': {
        const before = block.fields.citations;
        block.fields.citations = [...(Array.isArray(before) ? before : []), delta.citation];
        break;
      }
      default:
        // Kinds that came after us still have to be played back whole.
        for (const [field, value] of Object.entries(delta).filter(([name]) => name !== 'type')) {
          block.fields[field] = typeof value === 'string' ? textOf(block.fields[field]) + value : value;
        }
    }
  }

  stop(index: number): void {
    const block = this.#blocks.get(index);
    if (block) {
      block.isComplete = true;
    }
  }

  /** The message ended as it should: so has a block whose end was not told, unless it is half a call. */
  stopAll(): void {
    for (const block of this.#blocks.values()) {
      block.isComplete ||= isJson(block.json.trim() || '{}');
    }
  }

  /** The blocks that came to their end, as they are played back. */
  complete(): readonly JsonObject[] {
    return this.#inOrder().map(({ fields, json }) =>
      'input' in fields && json.trim() !== '' ? { ...fields, input: argumentsAsObject(json) } : fields,
    );
  }

  /** The complete calls of our tools; the arguments are the text that the model wrote. */
  calls() {
    return this.#inOrder()
      .filter(({ fields }) => fields.type === 'tool_use')
      .map(({ fields, json }) => ({
        id: textOf(fields.id),
        name: textOf(fields.name),
        arguments: json.trim() === '' ? JSON.stringify(objectOf(fields.input) ?? {}) : json,
      }));
  }

  #inOrder(): readonly Block[] {
    return [...this.#blocks]
      .toSorted(([a], [b]) => a - b)
      .map(([, block]) => block)
      .filter((block) => block.isComplete);
  }
}
