import { appendFile, writeFile } from 'node:fs/promises';
import { markOf, mayWrite, react, sayOnce } from '../core/github/comments.ts';
import { contextOf, explaining } from '../core/github/failure.ts';
import type { PullPlace } from '../core/github/statusPlace.ts';
import { UserError } from '../core/problem.ts';
import { readEvent, type TaskEvent } from './event.ts';
import { exitCodes, UsageError } from './exitCode.ts';
import { ownRepository, placeAt } from './gitHub.ts';
import { type CommandResult, parse, required } from './options.ts';
import { readPullHeadFacts } from './pullFacts.ts';
import type { CommandContext } from './session.ts';

const options = {
  'task-out': { type: 'string' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

/** Where the work starts from. */
interface Start {
  readonly kind: 'issue' | 'pull-request';
  /** The commit, by its whole name. */
  readonly sha: string;
  /** The branch that a pull request is to be merged into. */
  readonly base: string;
}

/**
 * `dursor begin`: the first step on GitHub Actions. Finds out whether the event is for dursor and from somebody who may write to the
 * repository, says so with a reaction, and writes the task into a file. Its result is in the step's outputs.
 */
export async function beginWork(args: readonly string[], context: CommandContext): Promise<CommandResult> {
  const values = parse(args, options);
  const file = required(values['task-out'], '--task-out');
  const event = await readEvent(context.environment);
  if (!event) return left('The event is not for dursor.', context);
  if (event.isBot) return left('Programs do not start work.', context);
  const place = await placeAt(context, event.number);
  const { octokit, repository } = place;
  return explaining(contextOf(octokit, repository), async () => {
    // Nobody is told why: an answer would let anybody make the repository talk.
    const isAllowed = await mayWrite(place, event.sender, context.signal);
    if (isAllowed === undefined) throw notTold(place);
    if (!isAllowed) return left(`${event.sender} may not write to ${repository.owner}/${repository.name}.`, context);
    await acknowledge(place, event, context);
    if (event.task === '') return refused(place, event, 'Write behind `/dursor` what is to be done.', context);
    const start = await startOf(place, event, context);
    if (typeof start === 'string') return refused(place, event, start, context);
    await writeFile(file, event.task);
    const facts = { ...start, number: String(event.number), comment: event.comment ? String(event.comment.id) : '' };
    await output({ go: 'true', ...facts }, context);
    return { code: exitCodes.ok, json: { command: 'begin', go: true, ...facts }, text: `Starts from ${start.sha}` };
  });
}

function notTold({ repository: { owner, name } }: PullPlace): UserError {
  return new UserError({
    code: 'no-permission',
    message: `This sign-in may not ask who may write to ${owner}/${name}, so nothing was started. Give it access to the repository's metadata.`,
  });
}

/** Words where the work can't start. */
async function startOf(
  place: PullPlace,
  { isPull, defaultBranch }: TaskEvent,
  { environment, signal }: CommandContext,
): Promise<Start | string> {
  if (!isPull) {
    // For events of issues and comments this is the newest commit of the default branch.
    const sha = environment.GITHUB_SHA ?? '';
    if (!/^[0-9a-f]{40}$/.test(sha)) throw new UsageError('GITHUB_SHA is missing or not the name of a commit.');
    return { kind: 'issue', sha, base: defaultBranch };
  }
  const { isOpen, head, commit, base } = await readPullHeadFacts(place, signal);
  if (!isOpen) return 'The pull request is closed, so there is no branch to work on. Reopen it, or ask in an issue.';
  const { owner, name } = ownRepository(environment);
  if (!head || `${head.owner}/${head.name}`.toLowerCase() !== `${owner}/${name}`.toLowerCase())
    return 'The branch of this pull request is in a fork, which a workflow of this repository can not write to. Use dursor in VS Code for it.';
  return { kind: 'pull-request', sha: commit, base };
}

/** It is a courtesy: without it the work goes on. */
async function acknowledge(
  place: PullPlace,
  { comment }: TaskEvent,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { octokit, repository, number } = place;
  try {
    if (comment) return await react(place, { kind: 'conversation', id: comment.id }, 'eyes', signal);
    const { owner, name: repo } = repository;
    await octokit.reactions.createForIssue({ owner, repo, issue_number: number, content: 'eyes', request: { signal } });
  } catch {
    signal.throwIfAborted();
    terminal.err('GitHub did not take the reaction.');
  }
}

async function refused(
  place: PullPlace,
  event: TaskEvent,
  why: string,
  context: CommandContext,
): Promise<CommandResult> {
  if (event.comment) {
    const { id, createdAt } = event.comment;
    await sayOnce(place, { mark: markOf(id), since: createdAt, text: why }, context.signal);
  }
  return left(why, context);
}

async function left(why: string, context: CommandContext): Promise<CommandResult> {
  await output({ go: 'false' }, context);
  return { code: exitCodes.ok, json: { command: 'begin', go: false, why }, text: why };
}

/** The outputs of a step. None of the values has a line end. */
async function output(values: Readonly<Record<string, string>>, { environment }: CommandContext): Promise<void> {
  const lines = Object.entries(values).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`the output ${name} has several lines`);
    return `${name}=${value}\n`;
  });
  if (environment.GITHUB_OUTPUT) await appendFile(environment.GITHUB_OUTPUT, lines.join(''));
}
