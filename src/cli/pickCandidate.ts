import type { Round, RunId } from '../core/domain.ts';
import type { RoundEvidence } from '../core/evidence.ts';
import { bring, candidatesIn } from './bringCandidates.ts';
import { readResults } from './checkResults.ts';
import { exitCodes, UsageError } from './exitCode.ts';
import { readModels, readText } from './models.ts';
import { type CommandResult, checkChoices, checkOptions, folderOf, folderOptions, parse } from './options.ts';
import { checked } from './rounds.ts';
import { type CommandContext, withEngine } from './session.ts';
import { plain } from './terminal.ts';

const options = {
  ...folderOptions,
  ...checkOptions,
  candidates: { type: 'string', multiple: true },
  'task-file': { type: 'string' },
  results: { type: 'string' },
  review: { type: 'string' },
} as const;

/** `dursor pick`: ranks candidates that were made elsewhere, and says which one is best or why none is. */
export async function pickCandidate(args: readonly string[], context: CommandContext): Promise<CommandResult> {
  const values = parse(args, options);
  const folder = await folderOf(values.folder);
  const { found, problems } = await candidatesIn(values.candidates, context);
  const choices = await checkChoices(values);
  const { checks = [] } = choices;
  if (values.results !== undefined && values.checks === undefined)
    throw new UsageError('--results needs --checks: the checks that the results are of.');
  const results = values.results === undefined ? undefined : await readResults(values.results, checks);
  const reviewers = values.review ? await readModels(values.review) : [];
  const file = values['task-file'];
  const message = file === undefined ? undefined : await readText(file, '--task-file');
  const { storage, verbose } = values;
  return withEngine(context, { ...choices, reviewers, folder, storage, verbose }, async (engine) => {
    const { taskId, roundId } = await bring(engine, { folder, found, message, checks, results }, context);
    const { round } = engine.round(roundId);
    const isAnyUsable = round.runs.some(({ changes }) => changes.length > 0);
    if (isAnyUsable && !results && checks.length > 0) await checked(engine, roundId, context);
    await engine.evidence.ready(roundId);
    if (isAnyUsable && reviewers.length > 0) {
      context.terminal.err('Reviewing');
      const cancel = () => engine.evidence.cancelReview(roundId);
      context.signal.addEventListener('abort', cancel, { once: true });
      await engine.evidence.review(roundId, reviewers);
      context.signal.throwIfAborted();
    }
    const evidence = engine.evidence.of(roundId);
    const choice = chosenOf(round, evidence, checks.length > 0 || reviewers.length > 0);
    const places = evidence.ranking?.candidates ?? [];
    const candidates = round.runs.map((run, index) => {
      const place = places.find(({ candidate }) => candidate === run.id);
      const facts = found[index]?.facts;
      return {
        id: run.id,
        label: run.profile.label,
        files: run.changes.length,
        ...(place && { place: place.place, isMergeable: place.isMergeable, reason: place.reason }),
        ...(run.state.status === 'failed' && { problem: run.state.problem.message }),
        usage: run.usage,
        ...(facts?.cost !== undefined && { dollars: facts.cost }),
      };
    });
    const { recommended, why } = choice;
    const label = candidates.find(({ id }) => id === recommended)?.label;
    return {
      code: recommended === undefined ? exitCodes.nothing : exitCodes.ok,
      json: {
        ...{ command: 'pick', taskId, roundId },
        ...(recommended !== undefined && { recommended }),
        ...{ why, candidates, problems },
        reviewProblems: evidence.reviewProblems,
        evidence: engine.evidence.markdown(roundId, recommended),
      },
      text: plain(label === undefined ? `None. ${why}` : `${recommended} ${label}: ${why}`),
    };
  });
}

/** The best candidate, or why there is none, in a sentence or two. */
function chosenOf(
  round: Round,
  { ranking, candidates }: RoundEvidence,
  isMoreWanted: boolean,
): { readonly recommended?: RunId; readonly why: string } {
  const best = round.runs.find(({ id }) => id === ranking?.recommended);
  if (best) {
    const reason = ranking?.candidates.find(({ candidate }) => candidate === best.id)?.reason;
    return { recommended: best.id, why: reason ?? 'It is the best.' };
  }
  const usable = round.runs.filter(({ changes, state }) => state.status === 'succeeded' && changes.length > 0);
  const [only, ...others] = usable;
  if (!only) return { why: whyNone(round) };
  const gates = candidates.find(({ candidate }) => candidate === only.id)?.marks?.filter(({ isGate }) => isGate) ?? [];
  if (others.length === 0 && !isMoreWanted && gates.length === 0 && !ranking?.note)
    return { recommended: only.id, why: 'It is the only candidate. Nothing was checked or reviewed.' };
  return {
    why:
      ranking?.note ??
      'Nothing is known that tells the candidates apart: give checks with --checks, or reviewers with --review.',
  };
}

function whyNone({ runs }: Round): string {
  const failed = runs.flatMap(({ state, profile }) =>
    state.status === 'failed' ? [`${profile.label}: ${state.problem.message}`] : [],
  );
  const others = runs.length - failed.length;
  return [
    'No candidate has a patch that can be used.',
    ...failed,
    ...(others > 0 ? [`${others === 1 ? 'One model' : `${others} models`} changed nothing.`] : []),
  ].join(' ');
}
