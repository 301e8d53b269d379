import * as v from 'valibot';
import type { Environment } from './environment.ts';
import { UsageError } from './exitCode.ts';
import { readJson } from './models.ts';

const account = v.object({
  login: v.pipe(v.string(), v.regex(/^[\w[\]-]{1,100}$/)),
  type: v.optional(v.string(), 'User'),
});
const text = v.nullish(v.string(), '');
const issue = v.object({
  number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  title: text,
  body: text,
  pull_request: v.optional(v.unknown()),
});

const commentSchema = v.object({
  action: v.literal('created'),
  comment: v.object({ id: v.number(), body: text, user: account, created_at: v.string() }),
  issue,
  repository: v.object({ default_branch: v.string() }),
});

const labelSchema = v.object({
  action: v.literal('labeled'),
  label: v.object({ name: v.string() }),
  issue,
  sender: account,
  repository: v.object({ default_branch: v.string() }),
});

/** Something that happened on GitHub and asks dursor for something. What it says is untrusted. */
export interface TaskEvent {
  readonly number: number;
  readonly isPull: boolean;
  readonly sender: string;
  readonly isBot: boolean;
  /** What is to be done; empty where nobody said. */
  readonly task: string;
  readonly defaultBranch: string;
  /** Absent for a label. */
  readonly comment?: { readonly id: number; readonly createdAt: number };
}

const longestTask = 50_000;

/** The event of this workflow run; undefined for one that isn't for dursor. Throws `UsageError`. */
export async function readEvent(environment: Environment): Promise<TaskEvent | undefined> {
  const path = environment.GITHUB_EVENT_PATH;
  if (!path) throw new UsageError('GITHUB_EVENT_PATH is missing: this command is for GitHub Actions.');
  const payload = await readJson(path, 'GITHUB_EVENT_PATH');
  switch (environment.GITHUB_EVENT_NAME) {
    case 'issue_comment':
      return commentEvent(payload);
    case 'issues':
      return labelEvent(payload, environment.DURSOR_LABEL?.trim() || 'dursor');
    default:
      throw new UsageError('GITHUB_EVENT_NAME has to be issue_comment or issues.');
  }
}

function commentEvent(payload: unknown): TaskEvent | undefined {
  const parsed = v.safeParse(commentSchema, payload);
  if (!parsed.success) return undefined;
  const { comment, issue: about, repository } = parsed.output;
  const said = /^\/dursor(?![\w-])([\s\S]*)$/.exec(comment.body ?? '')?.[1]?.trim();
  if (said === undefined) return undefined;
  const isPull = about.pull_request !== undefined && about.pull_request !== null;
  return {
    ...{ number: about.number, isPull, defaultBranch: repository.default_branch },
    ...senderOf(comment.user),
    task: limited(isPull ? said : [said, issueText(about)].filter((part) => part !== '').join('\n\n')),
    comment: { id: comment.id, createdAt: Date.parse(comment.created_at) },
  };
}

function labelEvent(payload: unknown, label: string): TaskEvent | undefined {
  const parsed = v.safeParse(labelSchema, payload);
  if (!parsed.success || parsed.output.label.name !== label) return undefined;
  const { issue: about, sender, repository } = parsed.output;
  // A label says nothing of what is to be done to a pull request.
  if (about.pull_request) return undefined;
  const place = { number: about.number, isPull: false, defaultBranch: repository.default_branch };
  return { ...place, ...senderOf(sender), task: limited(issueText(about)) };
}

function senderOf({ login, type }: v.InferOutput<typeof account>) {
  return { sender: login, isBot: type === 'Bot' || login.endsWith('[bot]') };
}

function issueText({ title, body }: v.InferOutput<typeof issue>): string {
  return [`# ${title}`, body ?? '']
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '#')
    .join('\n\n');
}

function limited(task: string): string {
  return task.length <= longestTask ? task : `${task.slice(0, longestTask)}…`;
}
