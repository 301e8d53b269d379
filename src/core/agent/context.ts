import type { Step, TokenUsage } from '../domain.ts';
import type { Turn } from '../providers/provider.ts';
import { accountOf, callLine } from './account.ts';
import { bounded } from './tools/bounded.ts';

type ToolStep = Extract<Step, { type: 'tool' }>;

/** How much fits into a conversation with the model, as far as known. */
export interface ContextSize {
  /** Bytes that go along with every request beside the turns. */
  readonly standingBytes: number;
  /** Tokens of the conversation, and its answer; absent when nobody knows. */
  readonly contextTokens?: number;
  /** Tokens that one answer may take, where that is said. */
  readonly maxOutputTokens?: number;
}

/** A turn, and for a tool turn what each of its results was about. */
interface Entry {
  readonly turn: Turn;
  readonly steps: readonly ToolStep[];
}

/** Until an answer tells: code is between three and four bytes a token. */
const usualTokensPerByte = 0.3;
/** Counts that are further off are not believed: some services leave out what they had cached. */
const believable = { least: 0.1, most: 1 };
/** Kept free for an answer of a model that has no bound of its own in its profile. */
const usualOutputTokens = 32_000;
/** Shares of what fits: where room is made, how much is left then, and with how much left the early steps go too. */
const fullAt = 0.85;
const emptiedTo = 0.5;
const stillFullAt = 0.7;
/** Of the newest tool turns nothing is condensed. */
const keptTurns = 3;
const maxAccount = 6_000;
/** Characters of a result of which half is left out when nothing else is left to take out. */
const leastToCut = 1_000;
const accountNote = 'Your earlier steps were left out here to make room. What you did in them:';

/**
 * A conversation with a model, kept within what the model can take. Room is made seldom and in big steps, as everything after a
 * changed turn is no longer in the provider's cache: first the oldest tool results shrink to a line, then the oldest steps become
 * an account. The first message, which has the instruction, and the latest steps always stay; so does every answer's own state.
 */
export class Context {
  #entries: readonly Entry[] = [];
  /** What was left out, oldest first. */
  #dropped: readonly Step[] = [];
  #account: Turn | undefined;
  readonly #size: ContextSize;
  readonly #bytes = new WeakMap<Turn, number>();
  #tokensPerByte = usualTokensPerByte;
  /** Tokens that a request may have. */
  #limit: number | undefined;

  constructor(size: ContextSize) {
    this.#size = size;
    const { contextTokens, maxOutputTokens = usualOutputTokens } = size;
    if (contextTokens !== undefined) this.#limit = contextTokens - Math.min(maxOutputTokens, contextTokens / 4);
  }

  /** The turns of the next request. */
  get turns(): readonly Turn[] {
    const [first, ...rest] = this.#entries.map(({ turn }) => turn);
    return [first, this.#account, ...rest].filter((turn) => turn !== undefined);
  }

  /** Tokens that the next request will have, by the measure of the last answer. */
  get tokens(): number {
    return Math.round(this.#requestBytes * this.#tokensPerByte);
  }

  /** `steps` has what each result of a tool turn was about, in their order. */
  add(turn: Turn, steps: readonly ToolStep[] = []): void {
    this.#entries = [...this.#entries, { turn, steps }];
  }

  /** Whether a turn is still there as it was added. */
  has(turn: Turn): boolean {
    return this.#entries.some((entry) => entry.turn === turn);
  }

  /** Takes the measure of the last request from what its answer says it used. */
  measure({ input }: TokenUsage): void {
    if (input === 0) return;
    this.#tokensPerByte = Math.min(believable.most, Math.max(believable.least, input / this.#requestBytes));
  }

  /** Makes room when the next request would be too long; to be called before each. */
  fit(): void {
    if (this.#limit === undefined || this.tokens <= this.#limit * fullAt) return;
    const wanted = this.#limit * emptiedTo;
    this.#condense(wanted, keptTurns);
    if (this.tokens > this.#limit * stillFullAt) this.#drop(wanted);
  }

  /** Makes room after the model's service said that the request was too long. False when there is nothing left to take out. */
  shrink(): boolean {
    const before = this.tokens;
    this.#limit = Math.min(this.#limit ?? before, before * fullAt);
    this.#condense(before * emptiedTo, 1);
    if (this.tokens > before * stillFullAt) this.#drop(before * emptiedTo);
    if (this.tokens > before * fullAt) this.#cutLatest();
    return this.tokens < before;
  }

  get #requestBytes(): number {
    return this.turns.reduce((sum, turn) => sum + this.#bytesOf(turn), this.#size.standingBytes);
  }

  #bytesOf(turn: Turn): number {
    const bytes = this.#bytes.get(turn) ?? Buffer.byteLength(JSON.stringify(turn));
    this.#bytes.set(turn, bytes);
    return bytes;
  }

  /** Shrinks tool results to a line each, oldest turns first, until the wanted number of tokens; never those of the newest turns. */
  #condense(wanted: number, kept: number): void {
    const toolTurns = this.#entries.filter(({ turn }) => turn.role === 'tool');
    for (const entry of toolTurns.slice(0, -kept)) {
      if (this.tokens <= wanted) return;
      const turn = condensed(entry);
      this.#entries = this.#entries.map((other) => (other === entry ? { ...entry, turn } : other));
    }
  }

  /** Cuts the newest results, which are never condensed: what is still too long with nothing but them can't be sent at all. */
  #cutLatest(): void {
    const latest = this.#entries.findLast(({ turn }) => turn.role === 'tool');
    this.#entries = this.#entries.map((entry) => (entry === latest ? { ...entry, turn: halved(entry.turn) } : entry));
  }

  /** Leaves out the oldest steps after the first message, whole, until the wanted number of tokens; never the last one. */
  #drop(wanted: number): void {
    const [first, ...rest] = this.#entries;
    if (!first) return;
    let dropped = this.#dropped;
    for (const [start, { turn }] of rest.entries()) {
      if (turn.role !== 'assistant' || start === 0) continue;
      if (this.tokens <= wanted) break;
      dropped = [...this.#dropped, ...rest.slice(0, start).flatMap(stepsOf)];
      this.#entries = [first, ...rest.slice(start)];
      this.#account = { role: 'user', text: `${accountNote}\n\n${accountOf(dropped, maxAccount)}` };
    }
    this.#dropped = dropped;
  }
}

/** A tool turn with half of each of its longer results. */
function halved(turn: Turn): Turn {
  if (turn.role !== 'tool') return turn;
  const results = turn.results.map((result) => {
    const { length } = result.content;
    return length > leastToCut ? { ...result, content: bounded(result.content, Math.floor(length / 2)) } : result;
  });
  return { ...turn, results };
}

function condensed({ turn, steps }: Entry): Turn {
  if (turn.role !== 'tool') return turn;
  const results = turn.results.map((result, index) => {
    const step = steps[index];
    const content = `[${step ? callLine(step) : result.name}; condensed, call it again if you need it]`;
    return content.length < result.content.length ? { ...result, content } : result;
  });
  return { ...turn, results };
}

function stepsOf({ turn, steps }: Entry): readonly Step[] {
  return turn.role === 'assistant' ? [{ type: 'text', text: turn.text }] : steps;
}
