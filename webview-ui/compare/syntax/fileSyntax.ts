import type { RegionView } from '../../../src/protocol/comparePanel.ts';
import type { LineTokens, Tokenizer } from './lineTokens.ts';

/** Files beyond this stay plain from there on, so that memory and work stay bounded. */
const maxLines = 50_000;
/** Longer lines stay plain. */
const maxLineLength = 2000;
/** How many lines of alternatives are kept at most. */
const maxAlternativeLines = 100_000;

const noTokens: LineTokens = new Uint32Array([0, 0]);

/**
 * The syntax of one file and of all versions of its regions. The base is worked through from top to bottom, and each version in the state
 * that the base has where its region begins. Must be given time with `work` until that says it is done.
 */
export class FileSyntax<State = unknown> {
  readonly #tokenizer: Tokenizer<State>;
  readonly #base: readonly string[];
  readonly #tokens: LineTokens[] = [];
  /** The state in which each line of the base begins. */
  readonly #states: (State | null)[] = [null];
  /** Versions of regions by where they begin and what they say, so that they stay known when regions are made anew. */
  readonly #versions = new Map<string, Version<State>>();
  readonly #keys = new WeakMap<readonly string[], string>();
  #waiting: { readonly start: number; readonly lines: readonly string[] }[] = [];
  #kept = 0;

  constructor(tokenizer: Tokenizer<State>, base: readonly string[]) {
    this.#tokenizer = tokenizer;
    this.#base = base;
  }

  /** Which versions are to be worked through. */
  setRegions(regions: readonly RegionView[]): void {
    this.#waiting = regions
      .flatMap(({ start, alternatives }) => alternatives.slice(1).map(({ lines }) => ({ start, lines })))
      .filter(
        ({ start, lines }) =>
          lines.length > 0 && this.#versions.get(this.#keyOf(start, lines))?.tokens.length !== lines.length,
      );
  }

  /** A line of the base; absent as long as it is not known. */
  base(line: number): LineTokens | undefined {
    return line >= maxLines ? noTokens : this.#tokens[line];
  }

  /** A line of one of a region's versions; absent as long as it is not known. */
  ofAlternative(region: RegionView, alternative: number, line: number): LineTokens | undefined {
    if (alternative === 0) return this.base(region.start + line);
    const lines = region.alternatives[alternative]?.lines ?? [];
    if (region.start > maxLines || this.#kept > maxAlternativeLines) return noTokens;
    return this.#versions.get(this.#keyOf(region.start, lines))?.tokens[line];
  }

  /** Works until `isOver` says so, a line at least; answers whether everything is known. */
  work(isOver: () => boolean): boolean {
    do {
      if (!this.#step()) return true;
    } while (!isOver());
    return false;
  }

  /** One line; false where there is nothing left to do. */
  #step(): boolean {
    const baseEnd = Math.min(this.#base.length, maxLines);
    const next = this.#waiting[0];
    const isReached = next !== undefined && next.start < this.#states.length;
    if (next && (isReached || this.#tokens.length >= baseEnd)) {
      if (this.#stepVersion(next)) this.#waiting.shift();
      return true;
    }
    if (this.#tokens.length >= baseEnd) return false;
    const line = this.#tokens.length;
    const { tokens, state } = this.#line(this.#base[line] ?? '', this.#states[line] ?? null);
    this.#tokens.push(tokens);
    this.#states.push(state);
    return true;
  }

  /** A line of a version; true when that was its last. */
  #stepVersion({ start, lines }: { readonly start: number; readonly lines: readonly string[] }): boolean {
    if (start >= this.#states.length || this.#kept > maxAlternativeLines) return true;
    const key = this.#keyOf(start, lines);
    const version = this.#versions.get(key) ?? { tokens: [], state: this.#states[start] ?? null };
    this.#versions.set(key, version);
    if (version.tokens.length === lines.length) return true;
    const { tokens, state } = this.#line(lines[version.tokens.length] ?? '', version.state);
    version.tokens.push(tokens);
    version.state = state;
    this.#kept += 1;
    return version.tokens.length === lines.length;
  }

  #keyOf(start: number, lines: readonly string[]): string {
    const key = this.#keys.get(lines) ?? `${start}:${lines.join('')}`;
    this.#keys.set(lines, key);
    return key;
  }

  #line(line: string, state: State | null): { tokens: LineTokens; state: State | null } {
    const text = line.replace(/\r?\n$/, '');
    return text.length > maxLineLength ? { tokens: noTokens, state } : this.#tokenizer.tokenize(text, state);
  }
}

interface Version<State> {
  readonly tokens: LineTokens[];
  state: State | null;
}
