import { hideHome, quoteMarkdown } from './quoting.ts';

/** What a commit's message is made of. */
export interface CommitMessageSource {
  /** One line. */
  readonly title: string;
  /** The model's own account, as Markdown; empty for none. */
  readonly summary: string;
  /** Of the model that made the change; empty where it was several. */
  readonly modelLabel: string;
  /** The setting: what a `Co-authored-by` line says, with `${model}` in it; empty for no such line. */
  readonly coAuthoredBy: string;
}

const width = 72;
const mostLines = 60;

/** The message of a commit: the title, the first paragraphs of the summary, and trailers where the setting wants them. */
export function commitMessage(source: CommitMessageSource): string {
  const trailer = coAuthor(source);
  return [source.title, ...bodyOf(source.summary), ...(trailer === undefined ? [] : [trailer])].join('\n\n');
}

/** Lines of at most 72 characters, where words allow. Headings, and what is said in tables or code, stay out. */
function bodyOf(summary: string): readonly string[] {
  const text = quoteMarkdown(summary, { mayClose: false });
  const blocks = text
    .replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1.*$/gm, '')
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '' && !/^(?:#|\||<)/.test(block) && !isTrailer(block));
  const lines = blocks.map((block) =>
    block
      .split('\n')
      .map((line) => wrap(hideHome(line.trimEnd())))
      .join('\n'),
  );
  let count = 0;
  return lines.filter((block) => {
    count += block.split('\n').length + 1;
    return count <= mostLines;
  });
}

/** What git would read as a trailer is nothing that a model may say. */
function isTrailer(block: string): boolean {
  return block
    .split('\n')
    .some((line) => /^(?:[a-z-]+-by|signed-off-by|change-id|fixes|closes)\s*:/i.test(line.trim()));
}

function wrap(line: string): string {
  const indent = /^\s*(?:[-*+]|\d+[.)])\s+/.exec(line)?.[0].length ?? 0;
  const rows: string[] = [];
  for (const word of line.split(/(?<=\S)\s+/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(rows.length === 0 ? word : `${' '.repeat(indent)}${word}`);
  }
  return rows.join('\n');
}

function coAuthor({ coAuthoredBy, modelLabel }: CommitMessageSource): string | undefined {
  const model = modelLabel.replace(/[\p{Cc}<>]/gu, '').trim() || 'dursor';
  const text = coAuthoredBy
    .replace(/\$\{model\}/g, () => model)
    .replace(/\p{Cc}/gu, ' ')
    .trim();
  return text === '' ? undefined : `Co-authored-by: ${text}`;
}
