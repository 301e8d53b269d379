import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CandidateId, RunId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import type { PullRequest } from '../core/pullRequest.ts';
import { bring, candidatesIn } from './bringCandidates.ts';
import { readChecks } from './checks.ts';
import { exitCodes, UsageError } from './exitCode.ts';
import { placeAt } from './gitHub.ts';
import { readText } from './models.ts';
import { type CommandResult, folderOf, folderOptions, numberOf, parse, required } from './options.ts';
import { readPullFacts } from './pullFacts.ts';
import { type CommandContext, withEngine } from './session.ts';
import { commandTalk } from './talk.ts';

const options = {
  ...folderOptions,
  candidate: { type: 'string' },
  title: { type: 'string' },
  'body-file': { type: 'string' },
  base: { type: 'string' },
  branch: { type: 'string' },
  remote: { type: 'string' },
  commits: { type: 'string' },
  update: { type: 'string' },
  closes: { type: 'string' },
  checks: { type: 'string' },
  forbid: { type: 'string', multiple: true },
  reviewer: { type: 'string', multiple: true },
  label: { type: 'string', multiple: true },
  assignee: { type: 'string', multiple: true },
  draft: { type: 'boolean', default: false },
  fork: { type: 'boolean', default: false },
  'accept-secrets': { type: 'boolean', default: false },
  author: { type: 'string', default: 'git' },
} as const;

/** What a pull request that is there has already. */
const onlyForNew = [
  ...(['title', 'body-file', 'base', 'branch', 'remote', 'commits', 'closes'] as const),
  ...(['reviewer', 'label', 'assignee', 'draft', 'fork'] as const),
] as const;

type Values = ReturnType<typeof parse<typeof options>>;

/** `dursor pr`: opens a pull request from a candidate, or puts it onto the branch of one that is open. */
export async function openPull(args: readonly string[], context: CommandContext): Promise<CommandResult> {
  const values = parse(args, options);
  const folder = await folderOf(values.folder);
  const named = required(values.candidate, '--candidate');
  const update = numberOf(values.update, '--update', 1);
  const { commits, author, storage, verbose, forbid, remote, fork } = values;
  if (commits !== undefined && commits !== 'patch-only' && commits !== 'stacked')
    throw new UsageError('--commits is patch-only or stacked.');
  const lost = update === undefined ? undefined : onlyForNew.find((name) => values[name]);
  if (lost) throw new UsageError(`--${lost} is for a new pull request, and --update for one that is there.`);
  if (author !== 'git' && author !== 'account') throw new UsageError('--author is git or account.');
  const body = values['body-file'] === undefined ? undefined : await readText(values['body-file'], '--body-file');
  const checks = await readChecks(values.checks);
  const session = { folder, storage, verbose, checks, commitAuthor: author, ...(forbid && { forbid }) } as const;
  return withEngine(context, session, async (engine) => {
    const candidate = await candidateOf(engine, named, folder, context);
    const { task, round } = engine.candidate(candidate);
    // Nothing is run here: what is known of these checks goes into the text.
    await engine.evidence.agree(task.folder, checks);
    await engine.evidence.ready(round.id);
    const talk = commandTalk(context, { remote, commits, fork });
    const pull =
      update === undefined
        ? await engine.createPullRequest(candidate, await draftOf(engine, candidate, values, body), talk)
        : await updated(engine, { candidate, number: update, acceptSecrets: values['accept-secrets'] }, talk, context);
    const { number, url, branch, base } = pull;
    for (const warning of talk.warnings) context.terminal.err(warning);
    return {
      code: exitCodes.ok,
      json: {
        command: 'pr',
        candidate,
        isUpdate: update !== undefined,
        number,
        url,
        branch,
        base,
        warnings: talk.warnings,
      },
      text: url,
    };
  });
}

/** The candidate of a folder, brought into the engine, or the one that an earlier command has left in the storage. */
async function candidateOf(
  engine: Engine,
  named: string,
  folder: string,
  context: CommandContext,
): Promise<CandidateId> {
  if (!existsSync(resolve(named))) {
    const id = named as RunId;
    engine.candidate(id);
    return id;
  }
  const { found } = await candidatesIn([named], context);
  const [only, ...others] = found;
  if (!only || others.length > 0) throw new UsageError(`${named} holds several candidates. Name the folder of one.`);
  const { roundId } = await bring(engine, { folder, found }, context);
  const [run] = engine.round(roundId).round.runs;
  if (run?.state.status === 'failed') throw new UserError(run.state.problem);
  return run?.id ?? only.candidate.id;
}

/** What the command line says of the pull request, and what dursor proposes where it says nothing. */
async function draftOf(engine: Engine, id: CandidateId, values: Values, body: string | undefined) {
  const { title, base, branch, remote, draft, reviewer, label, assignee } = values;
  const proposal =
    title === undefined || body === undefined ? await engine.proposePullRequest(id) : { title: '', body: '' };
  const closes = numberOf(values.closes, '--closes', 1);
  const text = body ?? proposal.body;
  return {
    title: title ?? proposal.title,
    body: closes === undefined ? text : `${text}\n\nCloses #${closes}.`,
    isDraft: draft,
    ...(values['accept-secrets'] && { acceptSecrets: true }),
    ...(base !== undefined && { base }),
    ...(branch !== undefined && { branch }),
    ...(remote !== undefined && { remote }),
    ...(reviewer && { reviewers: reviewer }),
    ...(label && { labels: label }),
    ...(assignee && { assignees: assignee }),
  };
}

async function updated(
  engine: Engine,
  order: { readonly candidate: CandidateId; readonly number: number; readonly acceptSecrets: boolean },
  talk: ReturnType<typeof commandTalk>,
  context: CommandContext,
): Promise<PullRequest> {
  const { candidate, number, acceptSecrets } = order;
  const place = await placeAt(context, number);
  const facts = await readPullFacts(place, context.signal);
  const { task } = engine.candidate(candidate);
  const pull = engine.imports.knowPull(task.id, { ...facts, number, repository: place.repository });
  return engine.following.update(candidate, pull, talk, { acceptSecrets });
}
