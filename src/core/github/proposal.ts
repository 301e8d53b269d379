import { type FileChange, pathOf } from '../domain.ts';
import { cut } from '../words.ts';
import { type CommitStyle, inStyle } from './commitStyle.ts';
import { quoteMarkdown } from './quoting.ts';
import { fillTemplate } from './template.ts';

/** What a pull request's text is made from. */
export interface ProposalSource {
  /** The user's message. */
  readonly instruction: string;
  /** Whether it quotes what others wrote, so that it may close no issue. */
  readonly isQuoting?: boolean;
  /** The model's own account of the change, as Markdown. */
  readonly summary: string;
  readonly changes: readonly FileChange[];
  /** Of the model that made the change. */
  readonly modelLabel: string;
  /** For a patch that the user put together: of what, in a phrase such as "Claude's, with 1 place from GPT". */
  readonly composedOf?: string;
  /** What is known of it and of the others, as Markdown that is fit for a pull request; empty or absent for nothing. */
  readonly evidence?: string;
  /** How the repository's commits are written. */
  readonly style?: CommitStyle;
  /** The repository's own template for pull requests. */
  readonly template?: string;
}

/** The text a pull request starts with; the user may edit it. */
export interface Proposal {
  /** Plain text on one line, at most 72 characters. */
  readonly title: string;
  readonly body: string;
}

const longestTitle = 72;
// GitHub's limit for a body is 65,536 characters.
const longestInstruction = 5_000;
const longestSummary = 30_000;
const longestEvidence = 10_000;
const mostFiles = 200;

/** Writes a pull request's title and body. */
export function proposePullRequest(source: ProposalSource): Proposal {
  return { title: proposeTitle(source), body: proposeBody(source) };
}

function proposeTitle({ instruction, summary, modelLabel, style, changes, isQuoting }: ProposalSource): string {
  const candidates = [headingOf(summary), firstSentence(instruction), firstSentence(summary)];
  const title = candidates.find((candidate) => candidate !== '') ?? `Changes by ${modelLabel || 'dursor'}`;
  const text = shorten(
    quoteMarkdown(plainText(title), { mayClose: !isQuoting })
      .replace(/&lt;/g, '<')
      .replace(/&amp;(?=#|commat;|num;)/g, '&'),
    longestTitle,
  );
  return style ? inStyle(text, style, changes, longestTitle) : text;
}

/** Headings that say what follows instead of what was done. */
const empty =
  /^(?:(?:change|implementation|final)?\s*(?:summary|overview|notes?|report)|changes(?: made)?|what (?:i|we|was) (?:did|changed|done)|done|result|details)[.:!]?$/i;

function headingOf(markdown: string): string {
  const heading = plainText(/^\s*#{1,6}\s+(.+)/.exec(markdown)?.[1] ?? '');
  return empty.test(heading) ? '' : heading;
}

function firstSentence(markdown: string): string {
  const line =
    markdown
      .split('\n')
      .map(plainText)
      .find((text) => text !== '' && !empty.test(text) && /\p{L}/u.test(text)) ?? '';
  return (/^.*?[.!?](?=\s+\p{Lu}|$)/u.exec(line)?.[0] ?? line).replace(/[.:]$/, '');
}

/** One line without Markdown's marks. */
function plainText(text: string): string {
  return text
    .replace(/^\s*(?:#{1,6}\s+|[-*+>]\s+|\d+[.)]\s+|```.*|~~~.*)/, '')
    .replace(/!?\[([^\]]{0,500})\]\([^)]{0,500}\)/g, '$1')
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .replace(/`/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

function shorten(text: string, limit: number): string {
  const characters = [...text];
  if (text.length <= limit) return text;
  let cut = '';
  for (const character of characters) {
    if (cut.length + character.length > limit - 1) break;
    cut += character;
  }
  const atWord = cut.replace(/\s+\S*$/, '');
  return `${atWord.length > limit / 2 ? atWord : cut}…`;
}

function proposeBody(source: ProposalSource): string {
  const { instruction, summary, changes, modelLabel, composedOf, evidence = '' } = source;
  const quoted = (text: string) => quoteMarkdown(text.replace(/\s+/g, ' '), { mayClose: false });
  const by = modelLabel === '' ? 'dursor' : `dursor with ${quoted(modelLabel)}`;
  const asked = quoteMarkdown(cut(instruction, longestInstruction), { mayClose: !source.isQuoting });
  const done = quoteMarkdown(cut(summary, longestSummary), { mayClose: false });
  return [
    ...textOf(
      { asked: asked === '' ? '' : asked.replace(/^/gm, '> ').replace(/(?<! ) +$/gm, ''), changed: done },
      source.template,
    ),
    ...(changes.length === 0 ? [] : [listFiles(changes)]),
    ...(evidence === '' ? [] : [folded('Candidates, checks, and why this one', wholeLines(evidence, longestEvidence))]),
    composedOf === undefined ? `Made by ${by}.` : `Put together with ${by}: ${quoted(composedOf)}.`,
  ].join('\n\n');
}

/** The two texts in the repository's template, or under headings of our own. */
function textOf(content: { readonly asked: string; readonly changed: string }, template = ''): readonly string[] {
  const filled = fillTemplate(template, content);
  if (filled !== undefined) return [filled];
  const { asked, changed } = content;
  return [
    ...(asked === '' ? [] : ['### What was asked', asked]),
    ...(changed === '' ? [] : ['### What changed', changed]),
  ];
}

function listFiles(changes: readonly FileChange[]): string {
  const rows = changes.slice(0, mostFiles).map((change) => {
    const from = change.kind === 'renamed' && change.base !== undefined ? ` from ${code(change.base.path)}` : '';
    const lines = change.lines === undefined ? '' : ` (+${change.lines.added} −${change.lines.removed})`;
    return `- ${change.kind} ${code(pathOf(change))}${from}${lines}`;
  });
  const more = changes.length - rows.length;
  const title = changes.length === 1 ? '1 file' : `${changes.length} files`;
  return folded(title, [...rows, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n'));
}

function folded(title: string, content: string): string {
  return ['<details>', `<summary>${title}</summary>`, '', content, '', '</details>'].join('\n');
}

/** As many of the lines as fit: a table with half a row in it is none. */
function wholeLines(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, text.lastIndexOf('\n', length));
}

function code(path: string): string {
  const text = path.replace(/\p{Cc}/gu, '�');
  const ticks = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  const pad = /^`|`$/.test(text) ? ' ' : '';
  return `${ticks}${pad}${text}${pad}${ticks}`;
}
