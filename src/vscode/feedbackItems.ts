import type { FeedbackChoice, GitHubComment, PullRequestFeedback } from '../core/pullRequest.ts';

/** Something to be addressed, as a line of a list; or the head of a group, which has no `part`. */
export interface FeedbackItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly part?:
    | { readonly kind: 'threads'; readonly id: string }
    | { readonly kind: 'comments'; readonly id: number }
    | { readonly kind: 'failedChecks'; readonly id: string };
}

const maxText = 120;

/** What GitHub Actions puts before some lines of a log. */
const logMarks = /^##\[[a-z]+\]/gm;

/** Threads, comments and failed checks as a list, in groups. What people wrote is cut, and stands on one line. */
export function feedbackItems({ threads, comments, failedChecks }: PullRequestFeedback): readonly FeedbackItem[] {
  return [
    ...group(
      'Review threads',
      threads.map(({ id, path, line, isOutdated, comments: said }) => ({
        label: `$(comment-discussion) ${place(path, line)}`,
        description: [authorOf(said), isOutdated ? 'outdated' : ''].filter(Boolean).join(', '),
        detail: textOf(said[0]?.body),
        part: { kind: 'threads', id } as const,
      })),
    ),
    ...group(
      'Comments',
      comments.map(({ id, author, body }) => ({
        label: `$(comment) ${author}`,
        detail: textOf(body),
        part: { kind: 'comments', id } as const,
      })),
    ),
    ...group(
      'Failed checks',
      failedChecks.map(({ name, text }) => ({
        label: `$(error) ${plainLabel(name)}`,
        detail: endOf(text.replace(logMarks, '')),
        part: { kind: 'failedChecks', id: name } as const,
      })),
    ),
  ];
}

/** What the user picked, for the message. */
export function choiceOf(picked: readonly FeedbackItem[]): FeedbackChoice {
  const parts = picked.flatMap(({ part }) => part ?? []);
  return {
    threads: parts.flatMap((part) => (part.kind === 'threads' ? part.id : [])),
    comments: parts.flatMap((part) => (part.kind === 'comments' ? part.id : [])),
    failedChecks: parts.flatMap((part) => (part.kind === 'failedChecks' ? part.id : [])),
  };
}

/** The head of a group is there only with a group. */
function group(label: string, items: readonly FeedbackItem[]): readonly FeedbackItem[] {
  return items.length > 0 ? [{ label }, ...items] : [];
}

function place(path: string, line: number | undefined): string {
  return plainLabel(line === undefined ? path : `${path}:${line}`);
}

function authorOf(comments: readonly GitHubComment[]): string {
  const authors = [...new Set(comments.map(({ author }) => author))];
  return authors.join(', ');
}

/** The first words, without what a list would take for an icon. */
function textOf(text = ''): string {
  const line = onOneLine(text);
  return line.length > maxText ? `${line.slice(0, maxText - 1)}…` : line;
}

/** The last words: what a log says of a failure stands at its end. */
function endOf(text: string): string {
  const line = onOneLine(text);
  return line.length > maxText ? `…${line.slice(1 - maxText)}` : line;
}

function onOneLine(text: string): string {
  return plainLabel(text).trim().replace(/\s+/g, ' ');
}

function plainLabel(text: string): string {
  return text.replaceAll('$(', '$ (');
}
