import type { Unformatted } from './regions.ts';

/** Where white space says nothing: anywhere, within a line, or only in how much there is of it. */
type Rule = 'anywhere' | 'within lines' | 'amount';

/** All other files are taken for indentation-sensitive, as Python, YAML and Makefiles are; in Markdown all of it may count. */
const rules: readonly (readonly [RegExp, Rule])[] = [
  [/\.(?:ts|mts|cts|mjs|cjs|jsonc?|json5|java|cs|c|cc|cpp|cxx|h|hh|hpp|hxx|rs|dart)$/i, 'anywhere'],
  [/\.(?:go|kts?)$/i, 'within lines'],
  // A space separates words of a text in JSX, and selectors in CSS.
  [/\.(?:js|jsx|tsx|css|scss|less|swift)$/i, 'amount'],
];

/** Characters beyond which a text only equals itself, so that it can't block the host. */
const maxLength = 200_000;

/**
 * Literals, comments and lines of the C preprocessor to their end; white space; anything else. A quote that nothing closes is a token of
 * its own, by which a text is known to be beyond us.
 */
const tokens =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*|#\s*(?:define|e(?:lif|lse|ndif|ndregion|rror)|if(?:n?def)?|include|line|nullable|pragma|region|undef|warning)\b[^\n]*|\/\*|["'`]|\s+|[^\s"'`/#]+|[/#]/g;
/** The same where a single quote may also begin the name of a lifetime. */
const rustTokens = new RegExp(`'\\w+(?!')|${tokens.source}`, 'g');

const openQuote = /^(?:["'`]|\/\*)$/;
/** What goes to the end of its line. */
const isLineBound = (token: string) => token.startsWith('//') || (token.startsWith('#') && token.length > 1);
/** What a line break ends, in a language where it says nothing elsewhere. */
const endsByBreak = /(?:^|[^\w$])(?:return|break|continue|throw|yield|async)$|\+\+$|--$/;
const word = /[\w$\u0080-\uffff]/;
const sign = /[+\-*/<>=&|!?:.%^~@#]/;

/**
 * What tells texts of a file apart when formatting doesn't count: white space outside of literals, as far as it says nothing in the file's
 * language. It is told from the text alone, so one that begins or ends within a literal only equals itself.
 */
export function unformattedIn(path: string): Unformatted {
  const read = readerOf(path);
  return (lines) => {
    const text = lines.join('');
    return text.length > maxLength ? undefined : read(text);
  };
}

function readerOf(path: string): (text: string) => string | undefined {
  const rule = rules.find(([names]) => names.test(path))?.[1];
  if (rule !== undefined) return (text) => tokensOf(text, /\.rs$/i.test(path) ? rustTokens : tokens, rule);
  return /\.(?:md|mdx|markdown)$/i.test(path) ? () => undefined : withIndentation;
}

/** White space at the ends of lines goes, but behind a backslash; what is within a line stays, as it may be in a literal. */
function withIndentation(text: string): string {
  return text.replace(/(?<![\s\\])[^\S\n]+$/gm, '').replace(/^[^\S\n]+$/gm, '');
}

/** Undefined for a text with a literal or a comment that is not all in it. */
function tokensOf(text: string, pattern: RegExp, rule: Rule): string | undefined {
  const kept: string[] = [];
  let before: string | undefined;
  let space = '';
  for (const [token] of text.matchAll(pattern)) {
    if (openQuote.test(token)) return undefined;
    if (token.trim() === '') {
      space = token;
      continue;
    }
    if (before !== undefined && space !== '') kept.push(meaningOf(space, [before, token], rule));
    before = isLineBound(token) ? token.trimEnd() : token;
    kept.push(before);
    space = '';
  }
  return kept.join('');
}

/** What the white space between two tokens says. */
function meaningOf(space: string, [before, after]: readonly [string, string], rule: Rule): string {
  const isBound = isLineBound(before) || isLineBound(after) || endsByBreak.test(before);
  if (space.includes('\n') && (rule !== 'anywhere' || isBound)) return '\n';
  if (rule === 'amount') return ' ';
  const [last = '', first = ''] = [before.at(-1), after[0]];
  const wouldJoin = (word.test(last) && word.test(first)) || (sign.test(last) && sign.test(first));
  return wouldJoin ? ' ' : '';
}
