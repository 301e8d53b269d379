import { homedir, tmpdir } from 'node:os';
import { noUsage, placeOf, type Round, type Run } from '../core/domain.ts';
import { priceOf } from '../core/engine/modelPrice.ts';
import type { Engine } from '../core/engine.ts';
import { hideSecrets } from '../core/github/secrets.ts';
import { type Cost, costOf } from '../core/modelFacts/price.ts';
import { type CandidateFacts, candidateVersion, factsLine, factsProblem } from './candidateFacts.ts';
import { writeCandidate } from './candidateFiles.ts';
import { baseUrlsOf, type Environment, secretsIn } from './environment.ts';

/** Writes what a run came to into a folder below `out`; undefined for a round that has not even a snapshot. */
export async function exportRun(
  engine: Engine,
  { round, run }: { readonly round: Round; readonly run: Run },
  out: string,
  environment: Environment,
): Promise<string | undefined> {
  const { snapshot } = round;
  const { state } = run;
  if (!snapshot || state.status === 'queued' || state.status === 'running') return undefined;
  const clean = cleaner(environment, [snapshot.folder, ...(snapshot.gitDir ? [snapshot.gitDir] : [])]);
  const secrets = run.secretsInPatch ?? [];
  // Artifacts of public repositories are everybody's, so that no patch with a secret in it becomes one.
  const hasPatch = state.status === 'succeeded' && secrets.length === 0;
  const { dollars } = dollarsOf(await costOfRun(run, environment));
  const facts: CandidateFacts = {
    version: candidateVersion,
    id: run.id,
    message: round.message,
    model: { provider: run.profile.provider, name: factsLine(run.profile.model), label: factsLine(run.profile.label) },
    base: { tree: snapshot.tree, ...(snapshot.head && { commit: snapshot.head }) },
    ...(hasPatch && run.tree && { tree: run.tree }),
    state: exportedState(run, clean),
    startedAt: state.startedAt ?? state.endedAt,
    endedAt: state.endedAt,
    usage: { ...noUsage, ...run.usage },
    ...(dollars !== undefined && { cost: dollars }),
  };
  return writeCandidate(out, facts, hasPatch ? engine.patch(run.id) : '');
}

function exportedState({ state, secretsInPatch = [] }: Run, clean: (text: string) => string): CandidateFacts['state'] {
  if (state.status === 'failed')
    return { status: 'failed', code: state.problem.code, problem: factsProblem(clean(state.problem.message)) };
  if (state.status !== 'succeeded') return { status: 'canceled' };
  if (secretsInPatch.length === 0) return { status: 'succeeded', summary: clean(state.summary).slice(0, 200_000) };
  return {
    status: 'failed',
    code: 'secret-in-patch',
    problem: factsProblem(
      `Its patch has a secret in it, so it was not kept: ${secretsInPatch.map(placeOf).join(', ')}.`,
    ),
  };
}

/** What a run has cost where prices are known. */
export async function costOfRun(run: Run, environment: Environment): Promise<Cost | undefined> {
  const price = await priceOf(run.profile, { baseUrls: baseUrlsOf(environment) });
  return price && costOf(run.usage, price);
}

export function dollarsOf(cost: Cost | undefined): { readonly dollars?: number } {
  if (cost === undefined) return {};
  return { dollars: cost === 'local' ? 0 : cost.dollars };
}

/** Takes out of a text what is secret here, and where things are on this machine. */
function cleaner(environment: Environment, folders: readonly string[]): (text: string) => string {
  const secrets = secretsIn(environment);
  const places = [...folders, homedir(), tmpdir()].filter((place) => place.length > 1);
  return (text) => {
    const without = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
    return hideSecrets(places.reduce((rest, place) => rest.replaceAll(place, '…'), without));
  };
}
