import {
  createShikiPrimitive,
  type LanguageRegistration,
  type ShikiPrimitive,
  type ThemeRegistrationAny,
} from '@shikijs/core';
import { EncodedTokenMetadata, type StateStack } from '@shikijs/core/textmate';
import { createJavaScriptRegexEngine, defaultJavaScriptRegexConstructor } from '@shikijs/engine-javascript';
import type { SyntaxTheme } from '../../../src/protocol/comparePanel.ts';
import type { LanguageLoader } from './languages.ts';
import type { LineTokens, Tokenizer } from './lineTokens.ts';
import type { TokenStyles } from './tokenStyles.ts';

/** After so many milliseconds the rest of a line stays plain. */
const lineTimeLimit = 40;
/** How long expressions are compiled at a stretch, in milliseconds. */
const slice = 5;

/** The only file that knows the highlighter. It is large, so it is loaded when the first file is coloured. */
export class Highlighter {
  readonly #styles: TokenStyles;
  readonly #expressions = new Map<string, RegExp | Error>();
  readonly #shiki: ShikiPrimitive = createShikiPrimitive({
    engine: createJavaScriptRegexEngine({ forgiving: true, cache: this.#expressions }),
    langs: [],
    themes: [],
    warnings: false,
  });
  #themes = 0;

  constructor(styles: TokenStyles) {
    this.#styles = styles;
  }

  /** Lines of a language in the colours of a theme. Tokenizers of an earlier theme are of no use any more. */
  async tokenizer(load: LanguageLoader, theme: SyntaxTheme): Promise<Tokenizer<StateStack>> {
    const languages = (await load()).default;
    const language = languages.at(-1)?.name ?? '';
    await this.#prepare(languages);
    if (!this.#shiki.getLoadedLanguages().includes(language)) this.#shiki.loadLanguageSync(languages);
    this.#themes += 1;
    const name = `theme-${this.#themes}`;
    this.#shiki.loadThemeSync(registrationOf(name, theme));
    const { colorMap } = this.#shiki.setTheme(name);
    const grammar = this.#shiki.getLanguage(language);
    const styleOf = (metadata: number) => {
      const colour = colorMap[EncodedTokenMetadata.getForeground(metadata)] ?? theme.foreground;
      return this.#styles.styleOf(
        colour.toLowerCase() === theme.foreground.toLowerCase() ? '' : colour,
        EncodedTokenMetadata.getFontStyle(metadata),
      );
    };
    return {
      tokenize: (line, state) => {
        let result = grammar.tokenizeLine2(line, state, lineTimeLimit);
        // The first lines have expressions made ready on the way, which doesn't count.
        if (result.stoppedEarly) result = grammar.tokenizeLine2(line, state, lineTimeLimit);
        const { tokens, ruleStack } = result;
        return { tokens: styledTokens(tokens, styleOf), state: ruleStack };
      },
    };
  }

  /** Compiles the expressions of grammars a few at a time: all at once, as the first line would have it, holds up the page. */
  async #prepare(languages: readonly LanguageRegistration[]): Promise<void> {
    let end = performance.now() + slice;
    for (const pattern of languages.flatMap(patternsIn)) {
      if (this.#expressions.has(pattern)) continue;
      this.#expressions.set(pattern, compiled(pattern));
      if (performance.now() < end) continue;
      await new Promise((resolve) => setTimeout(resolve));
      end = performance.now() + slice;
    }
  }
}

/** What can't be said in JavaScript's expressions is left out, so that a few tokens stay plain. */
function compiled(pattern: string): RegExp | Error {
  try {
    return defaultJavaScriptRegexConstructor(pattern);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** All expressions of a grammar. */
function patternsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (typeof value === 'string') return ['match', 'begin', 'end', 'while'].includes(key) ? [value] : [];
    return patternsIn(value);
  });
}

function registrationOf(name: string, theme: SyntaxTheme): ThemeRegistrationAny {
  return {
    name,
    type: theme.kind,
    fg: theme.foreground,
    bg: theme.kind === 'dark' ? '#000000' : '#ffffff',
    settings: theme.rules.map(({ scope, settings }) => ({ scope: [...scope], settings: { ...settings } })),
  };
}

/** Neighbours of one style become one token. */
function styledTokens(tokens: Uint32Array, styleOf: (metadata: number) => number): LineTokens {
  const styled: number[] = [];
  for (let index = 0; index < tokens.length; index += 2) {
    const style = styleOf(tokens[index + 1] ?? 0);
    if (styled.at(-1) !== style) styled.push(tokens[index] ?? 0, style);
  }
  return Uint32Array.from(styled);
}
