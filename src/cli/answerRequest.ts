import * as v from 'valibot';
import { attempt } from '../core/github/attempt.ts';
import { markOf, sayOnce } from '../core/github/comments.ts';
import { contextOf, explaining } from '../core/github/failure.ts';
import type { PullPlace } from '../core/github/statusPlace.ts';
import { answerText, pickSchema, pullSchema } from './answerText.ts';
import { exitCodes, UsageError } from './exitCode.ts';
import { placeAt } from './gitHub.ts';
import { readJson } from './models.ts';
import { type CommandResult, numberOf, parse, required } from './options.ts';
import type { CommandContext } from './session.ts';

const options = {
  issue: { type: 'string' },
  comment: { type: 'string' },
  pick: { type: 'string' },
  pr: { type: 'string' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

/** How long a workflow run may take, in milliseconds: https://docs.github.com/en/actions/reference/limits */
const longestRun = 35 * 24 * 60 * 60 * 1000;

/** `dursor answer`: tells in an issue or a pull request what came of the work that was asked for there. */
export async function answerRequest(args: readonly string[], context: CommandContext): Promise<CommandResult> {
  const values = parse(args, options);
  const number = numberOf(required(values.issue, '--issue'), '--issue', 1) ?? 0;
  const comment = values.comment ? numberOf(values.comment, '--comment', 1) : undefined;
  const pick = await readSaid(required(values.pick, '--pick'), pickSchema, '--pick');
  const pull = values.pr === undefined ? undefined : await readSaid(values.pr, pullSchema, '--pr');
  const runUrl = runUrlOf(context);
  const text = answerText({ pick, pull, number, ...(runUrl !== undefined && { runUrl }) });
  const place = await placeAt(context, number);
  const { octokit, repository } = place;
  await explaining(contextOf(octokit, repository), () => write(place, comment, text, context));
  return { code: exitCodes.ok, json: { command: 'answer', issue: number }, text };
}

async function readSaid<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  option: string,
): Promise<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, await readJson(path, option));
  if (parsed.success) return parsed.output;
  throw new UsageError(`${path}, which ${option} names, is not what dursor wrote with --json.`);
}

/** Once for each comment, or for a label each workflow run; and once again where somebody starts that run again. */
async function write(
  place: PullPlace,
  comment: number | undefined,
  text: string,
  { environment, signal }: CommandContext,
): Promise<void> {
  const { GITHUB_RUN_ID: run = '', GITHUB_RUN_ATTEMPT: tried = '1' } = environment;
  const again = tried === '1' ? '' : ` attempt ${tried}`;
  if (comment === undefined) {
    const mark = markOf(`run ${run}${again}`);
    return sayOnce(place, { mark, since: Date.now() - longestRun, text }, signal);
  }
  const { owner, name: repo } = place.repository;
  const { data } = await attempt(
    (request) => place.octokit.issues.getComment({ owner, repo, comment_id: comment, request }),
    signal,
  );
  await sayOnce(place, { mark: markOf(`${comment}${again}`), since: Date.parse(data.created_at), text }, signal);
}

function runUrlOf({ environment }: CommandContext): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}
