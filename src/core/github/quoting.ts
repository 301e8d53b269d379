import { hideSecrets } from './secrets.ts';

const fence = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Text of a model or a user made fit for a pull request: nobody is notified by it, no issue is closed by it, no HTML of it
 * is rendered, no code block stays open, and it shows neither tokens nor where somebody's home folder is. Code stays as it is otherwise.
 */
export function quoteMarkdown(text: string, options: { readonly mayClose: boolean }): string {
  const lines: string[] = [];
  let open: string | undefined;
  for (const line of hideHome(hideSecrets(text.trim())).split(/\r\n|\n|\r/)) {
    const mark = fence.exec(line)?.[1];
    if (open !== undefined) {
      lines.push(line);
      if (mark?.startsWith(open) && line.trim() === mark) open = undefined;
    } else {
      open = mark;
      lines.push(mark === undefined ? outsideCode(line, (plain) => quiet(plain, options.mayClose)) : line);
    }
  }
  if (open !== undefined) lines.push(open);
  return lines.join('\n');
}

/** Applies `change` to what of a line is not a code span. A span that goes on in the next line counts as text. */
function outsideCode(line: string, change: (plain: string) => string): string {
  let result = '';
  let rest = 0;
  for (const span of line.matchAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g)) {
    result += change(line.slice(rest, span.index)) + span[0];
    rest = span.index + span[0].length;
  }
  return result + change(line.slice(rest));
}

const zeroWidth = '\u200b';

function quiet(text: string, mayClose: boolean): string {
  const plain = text.replace(/<(?=[a-z/!?])/gi, '&lt;').replace(/(?<!\w)@(?=[a-z0-9])/gi, `@${zeroWidth}`);
  if (mayClose) return plain;
  // https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
  return plain.replace(
    /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=:?\s+(?:[\w.-]+\/[\w.-]+)?#\d|:?\s+gh-\d|:?\s+https?:\/\/\S+\/issues\/\d)/gi,
    `$1${zeroWidth}`,
  );
}

/** The text with `~` for everything that looks like a home folder. */
export function hideHome(text: string): string {
  return text.replace(
    /(?<![\w/.])\/(?:home|Users)\/[^/\s'"`)]+|\b[a-z]:[\\/]Users[\\/][^\\/\s'"`)]+|(?<![\w/.])\/root(?=\/)/gi,
    '~',
  );
}
