import { type Candidate, candidatesOf, labelOf } from '../composition.ts';
import { type CandidateId, pathOf, type Round, type Run, type RunId } from '../domain.ts';
import { quoteMarkdown } from '../github/quoting.ts';
import { hideSecrets } from '../github/secrets.ts';
import { type Cost, costOf } from '../modelFacts/price.ts';
import { cut } from '../words.ts';
import type { EngineSettings } from './engineHost.ts';
import { priceOf } from './modelPrice.ts';

/** What becomes of the candidate that a round came to. */
export type Outcome =
  | { readonly type: 'pushed'; readonly candidate: CandidateId; readonly commit: string }
  /** `why`: a sentence. */
  | { readonly type: 'waits'; readonly candidate: CandidateId; readonly why: string }
  | { readonly type: 'nothing' };

export interface ReplySource {
  readonly round: Round;
  readonly outcome: Outcome;
  /** The evidence's own table, as Markdown; empty where nothing is known. */
  readonly evidence: string;
  /** What is known of what each run has cost. */
  readonly costs: ReadonlyMap<RunId, Cost>;
}

const longestSummary = 4000;
const longestEvidence = 20_000;
const mostFiles = 20;
/** Of a path, and of why a run failed. GitHub takes 65,536 characters in all. */
const longestName = 400;

/** What a comment that started a round is answered: which candidate, what it did, how the others fared, what it cost. As Markdown. */
export function replyText({ round, outcome, evidence, costs }: ReplySource): string {
  const candidate =
    outcome.type === 'nothing' ? undefined : candidatesOf(round).find(({ id }) => id === outcome.candidate);
  const table = [
    '| Model | Result | Lines | Cost |',
    '| --- | --- | --- | --- |',
    ...round.runs.map((run) => rowOf(run, costs)),
  ];
  return [
    headline(round, outcome, candidate),
    ...(candidate ? [summaryOf(candidate)] : []),
    table.join('\n'),
    `Cost in total: ${totalOf(round.runs, costs)}.`,
    ...(evidence === '' || evidence.length > longestEvidence
      ? []
      : ['<details>', '<summary>Candidates, checks, and why this one</summary>', evidence, '</details>']),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function headline(round: Round, outcome: Outcome, candidate: Candidate | undefined): string {
  const label = candidate ? inline(labelOf(candidate)) : '';
  switch (outcome.type) {
    case 'pushed':
      return `Done: ${label}'s changes are on the branch, in ${outcome.commit}.`;
    case 'waits':
      return `${label} has changes that wait to be pushed: ${inline(outcome.why)}`;
    case 'nothing':
      return nothing(round.runs);
    default:
      return outcome satisfies never;
  }
}

function nothing(runs: readonly Run[]): string {
  const failed = runs.flatMap(({ state, profile }) =>
    state.status === 'failed' ? [`${inline(profile.label)}: ${inline(cut(state.problem.message, longestName))}`] : [],
  );
  if (runs.every(({ state }) => state.status === 'canceled'))
    return 'This was canceled in VS Code before it came to a result. Comment again to start it anew.';
  const reasons = failed.length > 0 ? ` ${failed.join(' ')}` : ' No model changed anything.';
  return `This came to no result.${reasons} Comment again with more to go by, or open the task in VS Code.`;
}

function summaryOf(candidate: Candidate): string {
  const files = candidate.changes
    .slice(0, mostFiles)
    .map((change) => `- ${change.kind} ${inline(cut(pathOf(change), longestName))}`);
  const more = candidate.changes.length - files.length;
  const list = [...files, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
  const said = 'state' in candidate && candidate.state.status === 'succeeded' ? candidate.state.summary : '';
  return [quoteMarkdown(cut(said, longestSummary), { mayClose: false }), list]
    .filter((part) => part !== '')
    .join('\n\n');
}

function rowOf({ id, profile, state, changes }: Run, costs: ReplySource['costs']): string {
  const lines = changes.reduce(
    (sum, change) => sum + (change.lines ? change.lines.added + change.lines.removed : 0),
    0,
  );
  const result = {
    queued: 'waiting',
    running: 'running',
    succeeded:
      changes.length === 0
        ? 'changed nothing'
        : `changed ${changes.length === 1 ? '1 file' : `${changes.length} files`}`,
    failed: 'failed',
    canceled: 'canceled',
  }[state.status];
  return `| ${[inline(profile.label).replaceAll('|', '\\|'), result, String(lines), costText(costs.get(id))].join(' | ')} |`;
}

function totalOf(runs: readonly Run[], costs: ReplySource['costs']): string {
  let dollars = 0;
  let isLeast = false;
  for (const { id } of runs) {
    const cost = costs.get(id);
    if (cost === undefined) isLeast = true;
    else if (cost !== 'local') {
      dollars += cost.dollars;
      isLeast ||= cost.isLeast === true;
    }
  }
  if (isLeast && dollars === 0) return 'not known';
  return costText({ dollars, ...(isLeast && { isLeast }) });
}

function costText(cost: Cost | undefined): string {
  if (cost === undefined) return 'not known';
  if (cost === 'local') return 'none (local)';
  const { dollars, isLeast } = cost;
  const amount = dollars > 0 && dollars < 0.01 ? 'less than $0.01' : `$${dollars.toFixed(2)}`;
  return isLeast ? `at least ${amount}` : amount;
}

/** One line that renders as text. */
export function inline(text: string): string {
  return quoteMarkdown(hideSecrets(text).replace(/\s+/g, ' '), { mayClose: false });
}

/** What the runs have cost, where prices are known. */
export async function costsOf(
  runs: readonly Run[],
  settings: Pick<EngineSettings, 'baseUrls'>,
): Promise<ReadonlyMap<RunId, Cost>> {
  const costs = new Map<RunId, Cost>();
  for (const { id, profile, usage } of runs) {
    const price = await priceOf(profile, settings);
    if (price !== undefined) costs.set(id, costOf(usage, price));
  }
  return costs;
}
