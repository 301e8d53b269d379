import type { ModelRequest } from './provider.ts';

/**
 * How much a family's models can write in one answer, in tokens; the first that fits. Source:
 * https://platform.claude.com/docs/en/about-claude/models/overview and its list of earlier models.
 */
const families: readonly (readonly [RegExp, number])[] = [
  [/claude-3-(opus|sonnet|haiku)/, 4096],
  [/claude-3-5/, 8192],
  [/claude-opus-4(-[01])?(-2025\d{4}|@|-v|$)/, 32_000],
  [/claude-opus-4-[6-9]/, 128_000],
];

/** What every newer model can write at least. */
const newer = 64_000;

/** The API wants a bound with every request, and refuses one above what the model can write. Lives as long as its provider. */
export class OutputLimits {
  readonly #learned = new Map<string, number>();

  /** The bound for a request: the user's, or else the model's own as far as it is known. */
  of({ model, options }: ModelRequest): number {
    const own = this.#learned.get(model) ?? families.find(([family]) => family.test(model))?.[1] ?? newer;
    return this.#learned.has(model) ? Math.min(options.maxOutputTokens ?? own, own) : (options.maxOutputTokens ?? own);
  }

  /** Takes the model's bound from the refusal of a higher one; false when that is not what was refused. */
  learn(request: ModelRequest, message: string): boolean {
    if (!/max_tokens|output tokens/i.test(message)) {
      return false;
    }
    const tried = this.of(request);
    const said = /> ?(\d+)|(?:maximum|limit|at most|less than or equal to)\D{0,40}(\d+)/i.exec(message);
    const told = Number(said?.[1] ?? said?.[2]);
    // Gateways say it in words of their own.
    const limit = told > 0 ? told : tried > 8192 ? 8192 : 4096;
    if (limit >= tried) {
      return false;
    }
    this.#learned.set(request.model, limit);
    return true;
  }
}

/**
 * The room for an answer that a refusal leaves, `input length and max_tokens exceed context limit: 180000 + 32000 > 200000`;
 * undefined when it is about something else, or too little to be of use.
 */
export function roomLeft(message: string): number | undefined {
  const [, input, limit] = /exceed context limit\D*(\d+) \+ \d+ > (\d+)/.exec(message) ?? [];
  const left = Number(limit) - Number(input);
  return left >= 1024 ? left : undefined;
}
