import {
  type CandidateId,
  isEnded,
  type ModelProfile,
  noUsage,
  type ObjectName,
  type Patch,
  type RoundId,
  type Run,
  type RunId,
  type RunState,
  type Snapshot,
  type Task,
  type TaskId,
  type TokenUsage,
} from '../domain.ts';
import type { CheckRun, CrossTest } from '../evidence.ts';
import { problemOf, UserError } from '../problem.ts';
import type { PullRequest } from '../pullRequest.ts';
import type { EvidenceRows, Trees } from '../store/evidence.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import type { EngineHost } from './engineHost.ts';
import { assertPatchAllowed, type ReadBlob } from './patchGate.ts';
import { newTask } from './roundRequest.ts';
import type { TaskBook } from './taskBook.ts';
import { policyOf } from './taskPolicy.ts';

/** A candidate that another machine made. Nothing of it is trusted. */
export interface ForeignCandidate {
  readonly id: RunId;
  readonly profile: ModelProfile;
  /** How its run ended. */
  readonly state: Extract<RunState, { readonly endedAt: number }>;
  readonly usage: TokenUsage;
  /** What it was made from. */
  readonly base: { readonly commit?: ObjectName; readonly tree: ObjectName };
  /** The tree with its patch in it. */
  readonly tree?: ObjectName;
  /** A unified diff, full-index and binary; empty for none. */
  readonly patch: string;
}

/** What checks came to on another machine, by the trees that they ran on. */
export interface ForeignResults {
  readonly runs: readonly { readonly tree: ObjectName; readonly run: CheckRun }[];
  readonly crossTests: readonly CrossTest[];
}

export interface ImportRequest {
  /** As an absolute path; its files have to be those that the candidates were made from. */
  readonly folder: string;
  readonly message: string;
  /** Each id once. */
  readonly candidates: readonly ForeignCandidate[];
  readonly results?: ForeignResults;
}

export interface ImportParts {
  readonly host: EngineHost;
  readonly book: TaskBook;
  readonly rows: EvidenceRows;
  readonly storage: (taskId: TaskId) => TaskStorage;
  /** Whether a run of this id is here already. */
  readonly hasRun: (id: RunId) => boolean;
}

/** Makes rounds of candidates that came from elsewhere, as if their runs had ended here. */
export class Imports {
  readonly #parts: ImportParts;

  constructor(parts: ImportParts) {
    this.#parts = parts;
  }

  /**
   * A new task with one round of these candidates, in their order; one that was here before gets another id. One whose patch is damaged, not allowed, or made from other files is in it as a
   * failed run that says why. Rejects with what keeps the folder from being read.
   */
  async bring(
    request: ImportRequest,
    signal: AbortSignal,
  ): Promise<{ readonly taskId: TaskId; readonly roundId: RoundId }> {
    const { book, host, storage, hasRun } = this.#parts;
    const { folder, message } = request;
    const candidates = request.candidates.map((candidate) =>
      hasRun(candidate.id) ? { ...candidate, id: crypto.randomUUID() as string as RunId } : candidate,
    );
    const start = { from: 'workspace' } as const;
    const taskId = crypto.randomUUID() as string as TaskId;
    const roundId = crypto.randomUUID() as string as RoundId;
    const profiles = candidates.map(({ profile }) => profile);
    const task = newTask(taskId, { folder, message, profiles, start });
    book.saveTask(task);
    const runs = candidates.map((candidate) => queuedRun(candidate, { taskId, roundId }));
    book.addRound({ id: roundId, taskId, message, createdAt: Date.now(), start, runs, compositions: [] });
    try {
      const snapshot = await storage(taskId).takeSnapshot(
        { folder, unsaved: [], policy: await policyOf(task, host) },
        signal,
      );
      book.updateRound(roundId, (round) => ({ ...round, snapshot }));
      for (const candidate of candidates) await this.#bringOne(task, snapshot, candidate, signal);
      this.#keepResults(roundId, request);
    } finally {
      // After a failure nobody works on the others any more.
      const state: RunState = { status: 'canceled', endedAt: Date.now() };
      for (const run of book.round(roundId).round.runs.filter((each) => !isEnded(each)))
        book.endRun(run.id, (queued) => ({ ...queued, state }));
    }
    return { taskId, roundId };
  }

  /** Lets a task know of a pull request that is on GitHub, so that a candidate can become an update of it. Answers with its name here. */
  knowPull(taskId: TaskId, pull: Omit<PullRequest, 'runId' | 'createdAt'>): CandidateId {
    const runId = crypto.randomUUID() as string as RunId;
    this.#parts.book.addPullRequest(taskId, { ...pull, runId, createdAt: Date.now() });
    return runId;
  }

  async #bringOne(task: Task, snapshot: Snapshot, candidate: ForeignCandidate, signal: AbortSignal): Promise<void> {
    const { book, host } = this.#parts;
    const { id, state } = candidate;
    if (state.status !== 'succeeded') return book.endRun(id, (run) => ({ ...run, state }));
    try {
      const { text, ...result } = await this.#patchOf(task, snapshot, candidate, signal);
      book.endRun(id, (run) => ({ ...run, state, ...result }), text);
    } catch (error) {
      signal.throwIfAborted();
      const failed: RunState = { status: 'failed', endedAt: Date.now(), problem: problemOf(error, host.log) };
      book.endRun(id, (run) => ({ ...run, state: failed }));
    }
  }

  /** The patch as it is here, once it is known to be what it is said to be and to be allowed. */
  async #patchOf(task: Task, snapshot: Snapshot, candidate: ForeignCandidate, signal: AbortSignal) {
    const { host } = this.#parts;
    const storage = this.#parts.storage(task.id);
    assertSameBase(candidate, snapshot);
    const readBlob: ReadBlob = (blob) => storage.readBlob(blob, signal);
    const patch = await applied(storage, snapshot, candidate.patch, signal);
    await assertPatchAllowed(patch.changes, await policyOf(task, host), readBlob);
    if (candidate.tree !== patch.tree) throw damaged('It does not lead to the files that it says it does.');
    await storage.keep(patch.changes, signal);
    const { secretsAdded } = await import('./patchSecrets.ts');
    return { ...patch, secretsInPatch: await secretsAdded(patch.changes, readBlob) };
  }

  /** Of trees that are in the round. */
  #keepResults(roundId: RoundId, { results, candidates }: ImportRequest): void {
    if (!results) return;
    const { book, rows } = this.#parts;
    const { task, round } = book.round(roundId);
    const idHere = (id: CandidateId) => round.runs[candidates.findIndex((candidate) => candidate.id === id)]?.id ?? id;
    const trees: Trees = Object.fromEntries(round.runs.flatMap(({ id, tree }) => (tree ? [[id, tree]] : [])));
    const known = new Set([round.snapshot?.tree, ...Object.values(trees)]);
    for (const [index, { tree, run }] of results.runs.entries())
      if (known.has(tree)) rows.saveCheckRun(task.id, tree, `imported ${index}`, run);
    const crossTests = results.crossTests
      .map((each) => ({ ...each, codeOf: idHere(each.codeOf), testsOf: idHere(each.testsOf) }))
      .filter(({ codeOf, testsOf }) => trees[codeOf] && trees[testsOf]);
    if (crossTests.length > 0)
      rows.save(roundId, 'cross-tests', { source: 'imported', trees, results: crossTests, skipped: [] });
  }
}

function queuedRun(
  { id, profile, usage }: ForeignCandidate,
  ids: { readonly taskId: TaskId; readonly roundId: RoundId },
): Run {
  return { id, ...ids, profile, state: { status: 'queued' }, steps: [], usage: usage ?? noUsage, changes: [] };
}

function assertSameBase({ base }: ForeignCandidate, snapshot: Snapshot): void {
  if (base.tree === snapshot.tree && base.commit === snapshot.head) return;
  const isSameCommit = base.commit === snapshot.head;
  throw new UserError({
    code: 'patch-conflict',
    message: isSameCommit
      ? 'It was made from other files than those here: files that are not committed, or another list of forbidden paths. Use the same on all machines.'
      : `It was made from commit ${base.commit ?? 'none'}, and here is ${snapshot.head ?? 'none'}. Check out the same commit on all machines.`,
  });
}

/** The snapshot with a patch in it. Throws `UserError` (`patch-conflict`) for what is no patch of it. */
async function applied(
  storage: TaskStorage,
  snapshot: Snapshot,
  patchText: string,
  signal: AbortSignal,
): Promise<Patch> {
  // As if the folder were a repository of its own: then its tree is all there is, and nothing has to be merged.
  const alone = { ...snapshot, prefix: '' };
  const placement = await storage.placePatch(alone, patchText, snapshot.tree, signal).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.problem.code !== 'patch-conflict') throw error;
    throw damaged('Git can not apply it.', error.problem.detail);
  });
  if (!placement.placed) throw damaged('Git can not apply it.');
  const files = placement.changes.map(({ path, version }) => {
    if (version?.mode === '160000') throw damaged('It has a submodule in it.');
    return { key: path, ...(version && { after: { path, mode: version.mode, content: () => version.bytes } }) };
  });
  return storage.compose(snapshot, files, signal);
}

function damaged(why: string, detail?: string): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `Its patch can not be used. ${why} Make the candidate again.`,
    ...(detail !== undefined && { detail }),
  });
}
