import { hideSecrets } from './secrets.ts';

/**
 * What begins and what ends a block of code on GitHub, whatever comes before it. A fence that is indented may as well end one within a list,
 * so it counts as text.
 */
const opening = /^(`{3,}(?=[^`]*$)|~{3,})/;
const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;

/**
 * Text of a model or a user made fit for a pull request: nobody is notified by it, no issue is closed by it, no HTML of it
 * is rendered, no code block stays open, and it shows neither tokens nor where somebody's home folder is. Code stays as it is otherwise;
 * what only may be code is text.
 */
export function quoteMarkdown(text: string, options: { readonly mayClose: boolean }): string {
  const all = hideHome(hideSecrets(text.trim())).split(/\r\n|\n|\r/);
  const lines: string[] = [];
  let open: string | undefined;
  let isLoose = false;
  for (const [index, line] of all.entries()) {
    if (open !== undefined) {
      lines.push(line);
      if (closing.exec(line)?.[1]?.startsWith(open)) open = undefined;
      continue;
    }
    open = opening.exec(line)?.[1];
    // A backtick without its other one may be the other one of a line that follows.
    isLoose = open === undefined && !/^[ \t]*$/.test(line) && (isLoose || hasLooseTick(line));
    const change = (plain: string) => quiet(plain, options.mayClose);
    const split = options.mayClose ? line : endQuietly(line, all[index + 1]);
    if (open !== undefined) lines.push(line);
    else lines.push(isLoose || isMaybeTable(line) ? change(split) : outsideCode(split, change));
  }
  if (open !== undefined) lines.push(open);
  return lines.join('\n');
}

const spans = /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g;

/** Applies `change` to what of a line is not a code span. A span that goes on in the next line counts as text. */
function outsideCode(line: string, change: (plain: string) => string): string {
  let result = '';
  let rest = 0;
  for (const span of line.matchAll(spans)) {
    result += change(line.slice(rest, span.index)) + span[0];
    rest = span.index + span[0].length;
  }
  return result + change(line.slice(rest));
}

function hasLooseTick(line: string): boolean {
  return line.includes('\\`') || line.replace(spans, '').includes('`');
}

/** In a row of a table a backtick of one cell has nothing to do with one of another. */
function isMaybeTable(line: string): boolean {
  return [...line.matchAll(spans)].some(([span]) => span.includes('|'));
}

const zeroWidth = '\u200b';
const keyword = '\\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)';
const between = '[\\s:*_[(\\\\]*';
const issue =
  '(?:(?:&lt;|<)?(?:(?:[\\w.-]{1,200}\\/[\\w.-]{1,200})?\\\\?#\\d|gh-\\d|https?:\\/\\/\\S{1,300}\\/issues\\/\\d))';
/** https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue */
const closes = new RegExp(`${keyword}(?=${between}${issue})`, 'gi');
const endsWithKeyword = new RegExp(`${keyword}(?=${between}$)`, 'i');
const beginsWithIssue = new RegExp(`^[:*_[(\\\\]*${issue}`, 'i');

function quiet(text: string, mayClose: boolean): string {
  const plain = text
    // Written as numbers, the marks of people and of issues mean the same.
    .replace(/&(?=#0*(?:64|35);|#x0*(?:40|23);|commat;|num;)/gi, '&amp;')
    .replace(/<(?=[a-z/!?])/gi, '&lt;')
    .replace(/(?<![a-z0-9])@(?=[a-z0-9&])/gi, `@${zeroWidth}`);
  return mayClose ? plain : plain.replace(closes, `$1${zeroWidth}`);
}

/** A line that ends with the word, while what it is about begins the next. */
function endQuietly(line: string, next = ''): string {
  return beginsWithIssue.test(next.replace(/^[>\s-]+/, '')) ? line.replace(endsWithKeyword, `$1${zeroWidth}`) : line;
}

/** The text with `~` for everything that looks like a home folder. */
export function hideHome(text: string): string {
  return text.replace(
    /(?<![\w/.])\/(?:home|Users)\/[^/\s'"`)]+|\b[a-z]:[\\/]Users[\\/][^\\/\s'"`)]+|(?<![\w/.])\/root(?=\/)/gi,
    '~',
  );
}
