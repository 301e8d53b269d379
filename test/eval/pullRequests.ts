import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../src/core/problem.ts';
import type { Heard } from '../support/gitHubServer/gitHubServer.ts';
import { type FaultKind, faultKinds } from './pullRequestFaults.ts';
import type { Lane } from './pullRequestLanes.ts';
import { type Sequence, sequences } from './pullRequestSequences.ts';

export interface PullRequestReport {
  readonly sequences: number;
  /** How often something went wrong on purpose. */
  readonly faults: number;
  /** Where a failure left something behind. */
  readonly leftovers: number;
  /** Where something is there twice. */
  readonly duplicates: number;
  /** Where what was wanted isn't there in the end, or is wrong. */
  readonly wrongTrees: number;
}

/** A fault at one request of a sequence. */
interface Cell {
  readonly kind: FaultKind;
  /** The request, counted from 0, and what it is. */
  readonly index: number;
  readonly request: Pick<Heard, 'method' | 'path'>;
}

type Tally = { -readonly [Name in keyof PullRequestReport]: number };

/** Worlds that a sequence's faults are shared among at most, as most of the time passes waiting; and the faults that are worth a world. */
const mostLanes = 8;
const worthALane = 10;

/** Milliseconds until what goes wrong is left, and until what should go well has failed. */
const patience = 60_000;
const longPatience = 300_000;

/** What is run; everything there is where not given. */
export interface Selection {
  readonly sequences?: readonly Sequence[];
  readonly kinds?: readonly FaultKind[];
}

/** `only` is a part of a sequence's name, and after a slash one of a fault's. */
export function select(only: string): Selection {
  const [sequence = '', kind = ''] = only.split('/');
  return {
    sequences: sequences.filter(({ name }) => name.includes(sequence)),
    kinds: faultKinds.filter(({ name }) => name.includes(kind)),
  };
}

/**
 * Lets everything go wrong at every request of every sequence. After each fault what was wanted is there once and right, or nothing is
 * left behind and trying again works. `say` is told what isn't so, and how far it is.
 */
export async function evalPullRequests(
  say: (line: string) => void,
  { sequences: all = sequences, kinds = faultKinds }: Selection = {},
): Promise<PullRequestReport> {
  const tally: Tally = { sequences: 0, faults: 0, leftovers: 0, duplicates: 0, wrongTrees: 0 };
  // One after the other, as each has several lanes.
  for (const sequence of all) await runSequence(sequence, kinds, tally, say);
  return tally;
}

/** The same for every sequence and fault, on as many processors as there are. */
export async function evalAllPullRequests(say: (line: string) => void): Promise<PullRequestReport> {
  const tally: Tally = { sequences: 0, faults: 0, leftovers: 0, duplicates: 0, wrongTrees: 0 };
  const queue = sequences.values();
  const work = async () => {
    // All threads draw from one iterator.
    for (const { name } of queue) {
      const report = await inThread(name, say);
      for (const figure of Object.keys(tally) as (keyof Tally)[]) tally[figure] += report[figure];
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), sequences.length) }, work));
  return tally;
}

function inThread(name: string, say: (line: string) => void): Promise<PullRequestReport> {
  const { promise, resolve, reject } = Promise.withResolvers<PullRequestReport>();
  const thread = new Worker(new URL('./pullRequestWorker.ts', import.meta.url), { workerData: name });
  thread.on('message', (told: { readonly line: string } | { readonly report: PullRequestReport }) => {
    if ('line' in told) say(told.line);
    else resolve(told.report);
  });
  thread.on('error', reject);
  thread.on('exit', () => reject(new Error(`“${name}” ended without a result.`)));
  return promise;
}

async function runSequence(
  sequence: Sequence,
  kinds: readonly FaultKind[],
  tally: Tally,
  say: (line: string) => void,
): Promise<void> {
  tally.sequences += 1;
  const first = await sequence.begin();
  const requests = await rehearse(first, sequence.name, tally, say);
  const cells = cellsOf(requests, kinds);
  say(`${sequence.name}: ${requests.length} requests, ${cells.length} faults`);
  const queue = cells.values();
  const work = async (lane: Lane) => {
    try {
      // All lanes draw from one iterator.
      for (const cell of queue) {
        const about = `${sequence.name}: ${cell.kind.name} at ${cell.request.method} ${cell.request.path}`;
        await runCell(lane, cell, tally, (what) => say(`${about}: ${what}`));
      }
    } finally {
      await lane.dispose();
    }
  };
  const length = Math.min(mostLanes, Math.ceil(cells.length / worthALane)) - 1;
  const others = await Promise.all(Array.from({ length }, () => sequence.begin()));
  await Promise.all([first, ...others].map(work));
}

/** Does it without a fault, and answers with the requests that it takes. */
async function rehearse(
  lane: Lane,
  name: string,
  tally: Tally,
  say: (line: string) => void,
): Promise<readonly Heard[]> {
  const act = await lane.prepare();
  const before = lane.world.github.heard.length;
  await act(AbortSignal.timeout(longPatience));
  judge(lane, tally, (what) => say(`${name}: ${what}`));
  return lane.world.github.heard.slice(before);
}

function cellsOf(requests: readonly Heard[], kinds: readonly FaultKind[]): readonly Cell[] {
  const seen = new Set<string>();
  return requests.flatMap((request, index) => {
    const { method, path } = likeIt(request);
    const like = `${method} ${path}`;
    const isFirst = !seen.has(like);
    seen.add(like);
    return kinds
      .filter(
        ({ at, stays }) =>
          (!at || (at.method === method && at.path.test(request.path))) && (isFirst || stays !== 'like-it'),
      )
      .map((kind) => ({ kind, index, request }));
  });
}

async function runCell(lane: Lane, cell: Cell, tally: Tally, say: (what: string) => void): Promise<void> {
  const act = await lane.prepare();
  const { github } = lane.world;
  const { kind, index, request } = cell;
  let met = 0;
  const onHeard = () => {
    met += 1;
  };
  if (kind.stays === 'like-it') github.fault({ ...likeIt(request), answer: kind.answer, onHeard });
  else if (kind.stays === 'everywhere') github.fault({ answer: kind.answer, after: index, onHeard });
  else github.fault({ answer: kind.answer, after: index, times: 1, onHeard });
  const signal = AbortSignal.timeout(patience);
  const failure = await act(signal).then(
    () => undefined,
    (error: unknown) => error,
  );
  github.clearFaults();
  // Not every try asks the same: what it found out may be kept.
  if (met > 0) tally.faults += 1;
  if (failure !== undefined) {
    // Who doesn't want to wait for a fork any longer leaves.
    if (!(failure instanceof UserError || signal.aborted)) {
      count(tally, 'wrongTrees', say, `it is not explained: ${String(failure)}`);
    }
    const left = lane.leftovers();
    // Where nothing can be cleaned up any more, that is told, and the next try goes on from there.
    const isTold = kind.stays === 'everywhere' && /is left on GitHub/.test(String(failure));
    if (left.length > 0 && !isTold) count(tally, 'leftovers', say, `it left ${left.join(', ')} (${String(failure)})`);
    try {
      await act(AbortSignal.timeout(longPatience));
    } catch (error) {
      return count(tally, 'wrongTrees', say, `trying again fails: ${String(error)}`);
    }
  }
  judge(lane, tally, say);
}

function judge(lane: Lane, tally: Tally, say: (what: string) => void): void {
  const twice = lane.duplicates();
  if (twice.length > 0) count(tally, 'duplicates', say, `there is more than one: ${twice.join(', ')}`);
  const wrong = lane.wrong();
  if (wrong.length > 0) count(tally, 'wrongTrees', say, wrong.join(', '));
}

function count(tally: Tally, what: keyof Tally, say: (what: string) => void, line: string): void {
  tally[what] += 1;
  say(`${what}: ${line}`);
}

/** That request and all of its kind: names of objects and of branches differ from try to try. */
function likeIt({ method, path }: Cell['request']): { method: string; path: RegExp } {
  const source = path
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/[0-9a-f]{40}/g, '[0-9a-f]{40}')
    .replace(/dursor\/.*/, 'dursor/.*')
    .replace(/\d{4,}/g, '\\d+');
  return { method, path: new RegExp(`^${source}$`) };
}

/** A table for people. */
export function showPullRequests(report: PullRequestReport): string {
  return Object.entries(report)
    .map(([name, figure]) => `${name.padEnd(16)}${String(figure).padStart(6)}`)
    .join('\n');
}
