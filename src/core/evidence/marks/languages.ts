/** A kind of literal. A text that is `multiline` ends only at `close`; any other also at the end of its line, and is then not closed. */
export interface TextRule {
  readonly open: string;
  readonly close: string;
  readonly multiline?: boolean;
  /** Whether a backslash keeps the next character from ending it; so for all but raw texts. */
  readonly raw?: boolean;
}

/** As much of a language as tells code from literals and comments. */
export interface Language {
  readonly id: 'javascript' | 'typescript' | 'jsx' | 'json' | 'python' | 'braces' | 'loose';
  readonly lineComments: readonly string[];
  readonly blockComment?: readonly [open: string, close: string];
  /** Longer openings first. */
  readonly texts: readonly TextRule[];
  /** `'` may also begin a lifetime or a type variable. */
  readonly hasLifetimes?: boolean;
  readonly hasRegex?: boolean;
  /** Lines of a preprocessor may hold one half of a bracket for each of their branches. */
  readonly hasPreprocessor?: boolean;
  /** What of a language isn't known here, so that a text with it can't be told to be wrong. */
  readonly unread?: RegExp;
  /** Whether brackets and literals can be told well enough to say that one is not closed. */
  readonly isChecked: boolean;
  /** Where a line break says something: nowhere but between words, or everywhere outside of brackets. */
  readonly breaks: 'free' | 'lines';
}

const double: TextRule = { open: '"', close: '"' };
const single: TextRule = { open: "'", close: "'" };
const backquote: TextRule = { open: '`', close: '`', multiline: true };
const block: TextRule = { open: '"""', close: '"""', multiline: true };

const cLike = {
  id: 'braces',
  lineComments: ['//'],
  blockComment: ['/*', '*/'],
  texts: [double, single],
  isChecked: true,
  breaks: 'free',
} as const satisfies Language;

const script = { ...cLike, texts: [backquote, double, single], hasRegex: true, unread: /@(?:no)?flow\b/ } as const;
/** Texts that hold code that holds texts. */
const nested = /\$\{[^}\n]*"|\\\([^)\n]*"/;

const loose = { id: 'loose', lineComments: ['#'], texts: [double, single], isChecked: false, breaks: 'lines' } as const;

const languages: readonly (readonly [extensions: string, language: Language])[] = [
  ['js mjs cjs', { ...script, id: 'javascript' }],
  ['ts mts cts', { ...script, id: 'typescript' }],
  ['jsx tsx', { ...script, id: 'jsx' }],
  ['json', { ...cLike, id: 'json', texts: [double] }],
  [
    'py pyi',
    {
      ...loose,
      id: 'python',
      texts: [block, { open: "'''", close: "'''", multiline: true }, double, single],
      isChecked: true,
    },
  ],
  ['c h cc cpp cxx hh hpp hxx m', { ...cLike, hasPreprocessor: true, unread: /R"|\d'\d|^\s*#\s*error|\?\?[/'<>]/m }],
  ['java', { ...cLike, texts: [block, double, single] }],
  [
    'cs',
    {
      ...cLike,
      texts: [block, { open: '@"', close: '"', multiline: true, raw: true }, double, single],
      hasPreprocessor: true,
      unread: /\$@?"|@\$"|"""|@"/,
    },
  ],
  ['go', { ...cLike, texts: [{ ...backquote, raw: true }, double, single], breaks: 'lines' }],
  [
    'rs',
    {
      ...cLike,
      texts: [{ open: 'r#"', close: '"#', multiline: true, raw: true }, { ...double, multiline: true }, single],
      hasLifetimes: true,
      unread: /\br##|\bbr"|\bbr#/,
    },
  ],
  ['kt kts swift', { ...cLike, texts: [block, double, single], breaks: 'lines', unread: nested }],
  [
    'scala dart',
    {
      ...cLike,
      texts: [block, { open: "'''", close: "'''", multiline: true }, double, single],
      hasLifetimes: true,
      breaks: 'lines',
      unread: nested,
    },
  ],
  ['css', { ...cLike, lineComments: [], unread: /\burl\(\s*[^'"\s)]/ }],
  ['pl pm t', { ...loose, breaks: 'free' }],
  ['rb lua', loose],
];

const byExtension = new Map(
  languages.flatMap(([extensions, language]) =>
    extensions.split(' ').map((extension) => [extension, language] as const),
  ),
);

/** What is known of the language of a file, by its name; undefined where nothing is. */
export function languageOf(path: string): Language | undefined {
  return byExtension.get(/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '');
}
