import type { RoundId, TaskId } from '../core/domain.ts';
import type { ForeignResults } from '../core/engine/imports.ts';
import type { Engine } from '../core/engine.ts';
import type { Check } from '../core/evidence.ts';
import { type FoundCandidate, type FoundCandidates, readCandidates } from './candidateFiles.ts';
import { UsageError } from './exitCode.ts';
import type { CommandContext } from './session.ts';
import { plain } from './terminal.ts';

/** Candidates from folders, as a round of this engine. */
export interface BroughtRound {
  readonly taskId: TaskId;
  readonly roundId: RoundId;
  readonly found: readonly FoundCandidate[];
}

/** Reads candidates, and tells of those that are damaged. Throws `UsageError` where there is none. */
export async function candidatesIn(
  directories: readonly string[] | undefined,
  { terminal }: CommandContext,
): Promise<FoundCandidates> {
  if (!directories || directories.length === 0) throw new UsageError('--candidates is missing.');
  const all = await readCandidates(directories);
  if (all.found.length === 0)
    throw new UsageError(all.problems.join(' ') || `There is no candidate in ${directories.join(', ')}.`);
  for (const problem of all.problems) terminal.err(problem);
  return all;
}

/** Brings candidates into the engine, with the checks agreed to, and tells of those that can't be used. */
export async function bring(
  engine: Engine,
  request: {
    readonly folder: string;
    readonly found: readonly FoundCandidate[];
    readonly message?: string | undefined;
    readonly checks?: readonly Check[] | undefined;
    readonly results?: ForeignResults | undefined;
  },
  { terminal, signal }: CommandContext,
): Promise<BroughtRound> {
  const { folder, found, checks = [], results } = request;
  const message = request.message ?? found[0]?.facts.message ?? '';
  await engine.evidence.agree(folder, checks);
  const candidates = found.map(({ candidate }) => candidate);
  const brought = await engine.imports.bring({ folder, message, candidates, ...(results && { results }) }, signal);
  for (const { state, profile } of engine.round(brought.roundId).round.runs)
    if (state.status === 'failed') terminal.err(`${plain(profile.label)}: ${plain(state.problem.message)}`);
  return { ...brought, found };
}
