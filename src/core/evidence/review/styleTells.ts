/**
 * What tells who wrote a change, taken out of what a reviewer sees. Only comments, prose and what names an author are touched, so code
 * means what it did.
 */

const removed = '[name removed]';
/** Names of models, their makers and the tools around them that are no usual words of code. */
const knownNames = [
  'claude(?:[ -](?:code|opus|sonnet|haiku|fable|\\d[\\w.]*))*',
  'chat-?gpt',
  'gpt-?\\d[\\w.-]*',
  'gemini(?:[ -](?:pro|flash|ultra|cli|\\d[\\w.]*))*',
  'github copilot|copilot',
  'openai(?: codex)?|codex',
  'anthropic',
  'deepseek[\\w.-]*',
  'qwen[\\w.-]*',
  'llama[ -]?\\d[\\w.-]*',
  'mistral|codestral|devstral',
  'grok(?:-[\\w.]+)?',
  'kimi(?:-[\\w.]+)?',
  'glm-\\d[\\w.-]*',
];
/** Of the profiles' own names, shorter ones may be usual words. */
const leastName = 5;
/** Where somebody is named as the author no word is usual, and no place is code: docstrings, templates and what is printed say so too. */
const leastAuthor = 2;
const authorOf =
  '(?:(?:generated|written|authored|created|produced|implemented|drafted|made|built|coded|assisted|refactored|fixed|co-authored|signed-off|reviewed)[ -](?:by|with|using|via)|authors?)';
/** Some models begin headings, points and comments with pictures, and others never do. Bounded, as lines may be long. */
const picturesAtStart =
  /^(\s{0,80}(?:#{1,6}|\/{2,8}|\/?\*{1,8}|--|<!--|[-+]|\d{1,4}[.)])?\s{0,8}(?:\*\*|__)?)(?:(?![\d#*])\p{Emoji}\uFE0F?(?:\u200D\p{Emoji}\uFE0F?)*\s*)+/u;
const picture = /\p{Extended_Pictographic}/u;

const prose = /\.(?:md|mdx|markdown|txt|rst|adoc)$/i;
const withHash =
  /(?:\.(?:py|rb|sh|bash|zsh|pl|r|ex|exs|ps1|yml|yaml|toml|cfg|conf|mk|tf|nix)|(?:^|\/)(?:Makefile|Dockerfile))$/i;
const withDashes = /\.(?:sql|lua|hs|elm|adb|ads)$/i;

/** Whatever of the names stands in none of the texts that all candidates have in common: what is there tells nothing of anybody. */
export class StyleTells {
  readonly #names: RegExp;
  readonly #authors: RegExp;
  readonly #common: string;
  readonly #hasPictures: boolean;

  /** `names`: of the candidates' profiles. `common`: the base's files and the instruction. */
  constructor(names: readonly string[], common: readonly string[]) {
    const known = new RegExp(`^(?:${knownNames.join('|')})$`, 'i');
    const trimmed = names.map((name) => name.trim()).filter((name) => !known.test(name));
    const anyOf = (least: number) => {
      const own = trimmed.filter((name) => name.length >= least).sort((a, b) => b.length - a.length);
      return `(?<![\\w])(?:${[...own.map(escaped), ...knownNames].join('|')})(?![\\w])`;
    };
    this.#names = new RegExp(`${anyOf(leastName)}|🤖`, 'gi');
    this.#authors = new RegExp(`(?<=(?<![a-z])${authorOf}[\\s:=*_"'\`[(]{1,8})${anyOf(leastAuthor)}`, 'gi');
    this.#common = common.join('\n').toLowerCase();
    this.#hasPictures = picture.test(this.#common) || this.#common.includes('emoji');
  }

  /** A line that a candidate added, as a reviewer may see it. */
  hide(line: string, path: string): string {
    const hide = (name: string) => (this.#common.includes(name.toLowerCase()) ? name : removed);
    const start = commentStart(line, path);
    const [code, comment] = start === -1 ? [line, ''] : [line.slice(0, start), line.slice(start)];
    const plain = this.#hasPictures || code.trim() !== '' ? comment : comment.replace(picturesAtStart, '$1');
    return (code + plain.replace(this.#names, hide)).replace(this.#authors, hide);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** Where the comment of a line begins; -1 where it has none that can be told from the line alone. */
function commentStart(line: string, path: string): number {
  if (prose.test(path)) return 0;
  if (withHash.test(path)) return outsideQuotes(line, /#(?=[\s!]|$)/y);
  if (withDashes.test(path)) return outsideQuotes(line, /--(?=\s|$)/y);
  // A line in the middle of a block comment.
  if (/^\s*\*(?:\s|\/|$)/.test(line)) return 0;
  return outsideQuotes(line, /\/\/|\/\*|<!--/y);
}

/** The first place outside quotes where the mark stands at the start of the line or behind white space. */
function outsideQuotes(line: string, mark: RegExp): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
      continue;
    }
    mark.lastIndex = at;
    if ((at === 0 || /[\s;,{}()]/.test(line.charAt(at - 1))) && mark.test(line)) return at;
    if (character === '"' || character === "'" || character === '`') quote = character;
  }
  return -1;
}
