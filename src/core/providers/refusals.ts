import { type Fault, readFault } from './fault.ts';
import type { JsonObject } from './untrusted.ts';

/**
 * Sends a request, and again when the service refused a part of it that it can be asked without: `learn` reads the refusal
 * and says whether the next request will be a different one. It must not say so twice for the same part.
 */
export async function askLearning<T>(send: () => Promise<T>, learn: (refusal: Fault) => boolean): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const fault = readFault(error);
      if ((fault.status !== 400 && fault.status !== 422) || !learn(fault)) {
        throw error;
      }
    }
  }
}

/** A part of a request that some models or gateways refuse. */
export interface RefusablePart<Part extends string> {
  readonly part: Part;
  /** The words by which a refusal names it. */
  readonly words: RegExp;
  /** True for a body that has it. The part is the name of a field when absent. */
  readonly isIn?: (body: JsonObject) => boolean;
}

/** How a refusal of a temperature reads that no other temperature would mend. */
export const temperatureRefused = /\btemperature\b.*(support|default|deprecated|permitted)/is;

/** What a service has refused so far, by model. Lives as long as its provider. */
export class Refusals<Part extends string> {
  readonly #parts: readonly RefusablePart<Part>[];
  readonly #refused = new Map<string, Set<Part>>();

  constructor(parts: readonly RefusablePart<Part>[]) {
    this.#parts = parts;
  }

  /** The parts that a model is asked without. */
  of(model: string): ReadonlySet<Part> {
    return this.#refused.get(model) ?? new Set();
  }

  /** Remembers the first part that a refusal names; false when it names none that was `sent`. */
  learn(model: string, { message, codes }: Fault, sent: JsonObject): boolean {
    // A conversation that is too long is told in tokens of all kinds.
    if (/context/i.test(message) && !/unsupported|not support/i.test(message)) {
      return false;
    }
    const said = [message, ...codes].join(' ');
    const refused = this.#refused.get(model) ?? new Set<Part>();
    const found = this.#parts.find(
      ({ part, words, isIn }) => !refused.has(part) && words.test(said) && (isIn?.(sent) ?? part in sent),
    );
    if (!found) {
      return false;
    }
    this.#refused.set(model, refused.add(found.part));
    return true;
  }
}
