import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Round, Run } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { RoundEvidence } from '../core/evidence.ts';
import { longestMessage } from './candidateFacts.ts';
import { codeOfProblem, exitCodes, UsageError } from './exitCode.ts';
import { costOfRun, dollarsOf, exportRun } from './exportRun.ts';
import { readModels, readText } from './models.ts';
import {
  type CommandResult,
  checkChoices,
  checkOptions,
  folderOf,
  folderOptions,
  numberOf,
  parse,
  required,
} from './options.ts';
import { makeFolder } from './outputs.ts';
import { checked, roundEnded } from './rounds.ts';
import { type CommandContext, withEngine } from './session.ts';
import { plain } from './terminal.ts';

const options = {
  ...folderOptions,
  ...checkOptions,
  task: { type: 'string' },
  'task-file': { type: 'string' },
  models: { type: 'string' },
  scope: { type: 'string' },
  out: { type: 'string' },
  'max-seconds': { type: 'string' },
  'max-steps': { type: 'string' },
} as const;

/** How often the storage is looked through for what nobody uses, in milliseconds. */
const tidyEvery = 24 * 60 * 60 * 1000;

/** `dursor run`: runs a task on models, each on its own copy of the folder. */
export async function runTask(args: readonly string[], context: CommandContext): Promise<CommandResult> {
  const values = parse(args, options);
  const folder = await folderOf(values.folder);
  const message = await taskOf(values);
  const models = await readModels(required(values.models, '--models'));
  const choices = await checkChoices(values);
  const maxSeconds = numberOf(values['max-seconds'], '--max-seconds', 1);
  const maxSteps = numberOf(values['max-steps'], '--max-steps', 1);
  const limits = { ...(maxSeconds && { maxSeconds }), ...(maxSteps && { maxSteps }) };
  const { storage, verbose, out } = values;
  const scope = values.scope === undefined ? undefined : await scopeOf(folder, values.scope);
  if (out !== undefined) await makeFolder(out, '--out');
  return withEngine(context, { ...choices, ...limits, models, folder, storage, verbose }, async (engine) => {
    const { checks = [] } = choices;
    await engine.evidence.agree(folder, checks);
    const start = { from: 'workspace' } as const;
    const request = { folder, message, profiles: models, start, ...(scope !== undefined && { scope }) };
    const { taskId, roundId } = engine.startRound(request);
    const runs = await roundEnded(engine, roundId, context);
    const { round } = engine.round(roundId);
    const hasPatch = runs.some(({ changes }) => changes.length > 0);
    const evidence = checks.length > 0 && hasPatch ? await checked(engine, roundId, context) : undefined;
    await engine.disk.tidy(Date.now() - tidyEvery);
    const candidates = await Promise.all(runs.map((run) => told(engine, { round, run, evidence, out }, context)));
    return {
      code: codeOf(runs),
      json: {
        command: 'run',
        taskId,
        roundId,
        ...(round.snapshot?.head && { commit: round.snapshot.head }),
        candidates,
      },
      text: candidates
        .map(({ id, label, status, files, added, removed, problem }) =>
          plain(
            [
              `${id} ${label}: ${status}`,
              files === 1 ? '1 file' : `${files} files`,
              `+${added} −${removed}`,
              ...(problem ? [problem] : []),
            ].join(', '),
          ),
        )
        .join('\n'),
    };
  });
}

/** A folder in the folder, as it is called from there. Throws `UsageError`. */
async function scopeOf(folder: string, path: string): Promise<string> {
  const scope = relative(folder, await folderOf(resolve(folder, path)));
  if (!isAbsolute(scope) && scope.split(sep)[0] !== '..') return scope;
  throw new UsageError(`${path}, which --scope names, is not in ${folder}.`);
}

async function taskOf(values: { readonly task?: string | undefined; readonly 'task-file'?: string | undefined }) {
  const { task, 'task-file': file } = values;
  if ((task === undefined) === (file === undefined)) throw new UsageError('Give either --task or --task-file.');
  const message = file === undefined ? (task ?? '') : await readText(file, '--task-file');
  if (message.trim() === '') throw new UsageError('The task is empty.');
  if (message.length > longestMessage)
    throw new UsageError(
      `The task has more than ${longestMessage} characters. Say it in fewer, and name files to read.`,
    );
  return message;
}

async function told(
  engine: Engine,
  {
    round,
    run,
    evidence,
    out,
  }: {
    readonly round: Round;
    readonly run: Run;
    readonly evidence: RoundEvidence | undefined;
    readonly out: string | undefined;
  },
  { environment }: CommandContext,
) {
  const { state, changes, profile, usage } = run;
  const artifact = out === undefined ? undefined : await exportRun(engine, { round, run }, out, environment);
  const own = evidence?.candidates.find(({ candidate }) => candidate === run.id);
  return {
    id: run.id,
    model: `${profile.provider}:${profile.model}`,
    label: profile.label,
    status: state.status,
    ...(state.status === 'failed' && { problem: state.problem.message, code: state.problem.code }),
    files: changes.length,
    added: changes.reduce((sum, { lines }) => sum + (lines?.added ?? 0), 0),
    removed: changes.reduce((sum, { lines }) => sum + (lines?.removed ?? 0), 0),
    usage,
    ...dollarsOf(await costOfRun(run, environment)),
    ...(own && { checks: Object.fromEntries(own.checks.map(({ check, verdict }) => [check, verdict?.verdict])) }),
    ...(artifact !== undefined && { artifact: relative(out ?? '', artifact) }),
  };
}

/** One candidate is enough; without any, why the first has none. */
function codeOf(runs: readonly Run[]): number {
  if (runs.some(({ state, changes }) => state.status === 'succeeded' && changes.length > 0)) return exitCodes.ok;
  const failure = runs.map(({ state }) => state).find(({ status }) => status === 'failed');
  return failure?.status === 'failed' ? codeOfProblem(failure.problem.code) : exitCodes.nothing;
}
