import { bring, candidatesIn } from './bringCandidates.ts';
import { writeResults } from './checkResults.ts';
import { exitCodes } from './exitCode.ts';
import { type CommandResult, checkChoices, checkOptions, folderOf, folderOptions, parse, required } from './options.ts';
import { assertWritable } from './outputs.ts';
import { checked } from './rounds.ts';
import { type CommandContext, withEngine } from './session.ts';
import { plain } from './terminal.ts';

const options = {
  ...folderOptions,
  ...checkOptions,
  candidates: { type: 'string', multiple: true },
  out: { type: 'string' },
} as const;

/** `dursor check`: runs the checks on the base and on candidates that were made elsewhere, and writes what they came to. */
export async function checkCandidates(args: readonly string[], context: CommandContext): Promise<CommandResult> {
  const values = parse(args, options);
  const folder = await folderOf(values.folder);
  const { found, problems } = await candidatesIn(values.candidates, context);
  required(values.checks, '--checks');
  const choices = await checkChoices(values);
  const { storage, verbose, out } = values;
  if (out !== undefined) await assertWritable(out, '--out');
  return withEngine(context, { ...choices, folder, storage, verbose }, async (engine) => {
    const { checks = [] } = choices;
    const brought = await bring(engine, { folder, found, checks }, context);
    const { roundId } = brought;
    const { runs } = engine.round(roundId).round;
    const usable = runs.filter(({ changes }) => changes.length > 0);
    if (checks.length > 0 && usable.length > 0) await checked(engine, roundId, context);
    else await engine.evidence.ready(roundId);
    if (out !== undefined) await writeResults(out, engine, brought);
    const evidence = engine.evidence.of(roundId);
    const candidates = runs.map((run) => {
      const own = evidence.candidates.find(({ candidate }) => candidate === run.id);
      return {
        id: run.id,
        label: run.profile.label,
        isUsable: usable.includes(run),
        ...(run.state.status === 'failed' && { problem: run.state.problem.message }),
        checks: Object.fromEntries(
          own?.checks.map(({ check, verdict }) => [check, verdict?.verdict ?? 'unknown']) ?? [],
        ),
        marks: own?.marks ?? [],
      };
    });
    return {
      code: usable.length > 0 ? exitCodes.ok : exitCodes.nothing,
      json: { command: 'check', ...(evidence.isolation && { isolation: evidence.isolation }), candidates, problems },
      text: candidates
        .map(({ id, label, checks: verdicts, problem }) => {
          const lines = Object.entries(verdicts).map(([name, verdict]) => `${name} ${verdict}`);
          return plain([`${id} ${label}`, ...lines, ...(problem ? [problem] : [])].join(', '));
        })
        .join('\n'),
    };
  });
}
