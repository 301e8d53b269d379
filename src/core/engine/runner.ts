import { basename } from 'node:path';
import { type AgentOutcome, runAgent } from '../agent/agent.ts';
import type { ConversationEntry } from '../agent/prompt.ts';
import { checkSummary } from '../agent/summaryCheck.ts';
import type { AgentChecks } from '../agent/tools/runCheck.ts';
import type { FileChange, ObjectName, Round, Run, RunEvent, RunId, RunState, Snapshot, Task } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import { type Problem, problemOf, stackOf, UserError } from '../problem.ts';
import type { Copy } from '../workspace/copy.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import type { Accounts } from './accounts.ts';
import { canceledState } from './cancelReason.ts';
import { connectModel } from './connect.ts';
import type { EngineHost } from './engineHost.ts';
import { assertPatchAllowed, type ReadBlob } from './patchGate.ts';
import { secretsAdded, textOf } from './patchSecrets.ts';
import { applyEvent, withEarlierResult } from './runReducer.ts';
import type { TaskBook } from './taskBook.ts';

/** Everything a round's runs have in common. */
export interface RoundSetting {
  readonly task: Task;
  readonly round: Round;
  readonly snapshot: Snapshot;
  /** The tree the copies start as. */
  readonly startTree: ObjectName;
  /** How that tree differs from the snapshot's. */
  readonly startChanges: readonly FileChange[];
  readonly policy: Policy;
  readonly storage: TaskStorage;
  readonly conversation: readonly ConversationEntry[];
  readonly accounts: Accounts;
  /** The checks that an agent may run on its own copy; undefined for none. */
  readonly agentChecks: AgentChecks | undefined;
}

/** Carries out one run from `queued` to its end. Never rejects: whatever happens becomes the run's state. */
export async function executeRun(
  host: EngineHost,
  book: TaskBook,
  setting: RoundSetting,
  run: Run,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  book.updateRun(run.id, (queued) => ({ ...queued, state: { status: 'running', startedAt, step: 0 } }));
  let copy: Copy | undefined;
  let outcome: AgentOutcome;
  try {
    const { provider, gate, contextTokens } = await connectModel({ host, accounts: setting.accounts }, run.profile, {
      signal,
      next: 'retry this run',
    });
    const startTree = run.resumes?.tree ?? setting.startTree;
    copy = await setting.storage.openCopy(setting.snapshot, startTree, setting.policy, signal);
    outcome = await runAgent(
      {
        provider,
        gate,
        profile: run.profile,
        copy,
        instruction: setting.round.message,
        conversation: setting.conversation,
        folderName: basename(setting.task.folder),
        replacedTexts: await replacedTexts(setting, run, signal),
        markerKey: setting.task.id,
        limits: host.settings().limits,
        ...(setting.agentChecks && { checks: setting.agentChecks }),
        ...(setting.task.scope !== undefined && { scope: setting.task.scope }),
        ...(contextTokens !== undefined && { contextTokens }),
        ...(run.resumes && { soFar: { steps: run.steps, changes: run.resumes.changes } }),
      },
      (event) => record(book, run.id, event),
      signal,
    );
  } catch (error) {
    outcome = signal.aborted ? { kind: 'aborted' } : { kind: 'failed', problem: problemOf(error, host.log) };
  }
  const summary = outcome.kind === 'finished' ? outcome.summary : undefined;
  const { taken, problem } = await takePatch(host, setting, copy, summary);
  // A patch that policy refuses is what the user has to know of, however else the run ended.
  if (problem && (outcome.kind === 'finished' || problem.code === 'refused-by-policy')) {
    outcome = { kind: 'failed', problem };
  }
  const state = endState(outcome, startedAt, signal);
  // What is listed is what the patch holds: without one, nothing that the run reported while it worked.
  book.endRun(
    run.id,
    (running) => {
      const { resumes: _, ...ended }: Run = { ...running, state, ...taken?.result };
      return taken ? ended : withEarlierResult({ ...running, state, changes: [] });
    },
    taken?.text,
  );
  host.log.info(
    `Run ${run.id} (${run.profile.model}) ${state.status}${outcome.kind === 'failed' ? `: ${describe(outcome.problem)}` : ''}`,
  );
}

/** What the files were that an earlier round changed, or this run before it goes on. */
function replacedTexts(
  { startChanges, storage }: RoundSetting,
  run: Run,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const replaced = [...startChanges, ...(run.resumes?.changes ?? [])].flatMap(({ base }) => base ?? []);
  return Promise.all(replaced.map((version) => textOf(version, (blob) => storage.readBlob(blob, signal))));
}

const patchLost: Problem = {
  code: 'internal',
  message: 'The model finished, but what it changed could not be read, so none of it is kept. Retry this run.',
  action: { type: 'retry' },
};

/** A patch, as its text and as what the run shows of it. */
interface TakenPatch {
  readonly text: string;
  readonly result: Pick<Run, 'changes' | 'tree' | 'secretsInPatch' | 'unfounded'>;
}

async function pathsOf(copy: Copy): Promise<readonly string[]> {
  return (await copy.list()).map(({ path }) => path);
}

function record(book: TaskBook, id: RunId, event: RunEvent): void {
  if (event.type === 'text') book.streamText(id, event.text, (run) => applyEvent(run, event));
  else book.updateRun(id, (run) => applyEvent(run, event));
}

/** What the run changed so far, also when it failed or was canceled; none of it where that can't be read or is not allowed. */
async function takePatch(
  host: EngineHost,
  { storage, policy }: RoundSetting,
  copy: Copy | undefined,
  summary: string | undefined,
): Promise<{ readonly taken?: TakenPatch; readonly problem?: Problem }> {
  if (!copy) return {};
  try {
    const patch = await copy.patch();
    const readBlob: ReadBlob = (blob) => storage.readBlob(blob);
    await assertPatchAllowed(patch.changes, policy, readBlob);
    await storage.keep(patch.changes);
    const { changes, tree, text } = patch;
    const secretsInPatch = await secretsAdded(changes, readBlob);
    const unfounded = summary === undefined ? [] : checkSummary(summary, changes, await pathsOf(copy)).claimed;
    const result = { changes, tree, secretsInPatch, ...(unfounded.length > 0 && { unfounded }) };
    return { taken: { text, result } };
  } catch (error) {
    if (error instanceof UserError && error.problem.code === 'refused-by-policy') return { problem: error.problem };
    host.log.error(`A run's patch could not be read: ${stackOf(error)}`);
    return { problem: patchLost };
  } finally {
    await copy.dispose().catch((error: unknown) => host.log.warn(`A copy was not removed: ${stackOf(error)}`));
  }
}

function endState(outcome: AgentOutcome, startedAt: number, signal: AbortSignal): RunState {
  const endedAt = Date.now();
  switch (outcome.kind) {
    case 'finished':
      return { status: 'succeeded', startedAt, endedAt, summary: outcome.summary };
    case 'failed':
      return { status: 'failed', startedAt, endedAt, problem: outcome.problem };
    case 'aborted':
      return canceledState(signal, { startedAt, endedAt });
    default:
      return outcome satisfies never;
  }
}

function describe(problem: Problem): string {
  return `${problem.code}: ${problem.message}${problem.detail ? ` (${problem.detail})` : ''}`;
}
