import { basename } from 'node:path';
import { type AgentOutcome, runAgent } from '../agent/agent.ts';
import type { ConversationEntry } from '../agent/prompt.ts';
import type { ObjectName, Patch, Round, Run, RunEvent, RunId, RunState, Snapshot, Task } from '../domain.ts';
import type { Policy } from '../policy/policy.ts';
import { type Problem, problemOf, stackOf, UserError } from '../problem.ts';
import { providerNames } from '../providerId.ts';
import type { Copy } from '../workspace/copy.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import type { EngineHost } from './engineHost.ts';
import { applyEvent } from './runReducer.ts';
import type { TaskBook } from './taskBook.ts';

/** Everything a round's runs have in common. */
export interface RoundSetting {
  readonly task: Task;
  readonly round: Round;
  readonly snapshot: Snapshot;
  /** The tree the copies start as. */
  readonly startTree: ObjectName;
  readonly policy: Policy;
  readonly storage: TaskStorage;
  readonly conversation: readonly ConversationEntry[];
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
    const provider = await connect(host, run);
    copy = await setting.storage.openCopy(setting.snapshot, setting.startTree, setting.policy, signal);
    outcome = await runAgent(
      {
        provider,
        profile: run.profile,
        copy,
        instruction: setting.round.message,
        conversation: setting.conversation,
        folderName: basename(setting.task.folder),
        limits: host.settings().limits,
        ...(setting.task.scope !== undefined && { scope: setting.task.scope }),
      },
      (event) => record(book, run.id, event),
      signal,
    );
  } catch (error) {
    outcome = signal.aborted ? { kind: 'aborted' } : { kind: 'failed', problem: problemOf(error, host.log) };
  }
  const patch = await takePatch(host, setting.storage, copy);
  if (!patch && outcome.kind === 'finished') outcome = { kind: 'failed', problem: patchLost };
  const state = endState(outcome, startedAt);
  // What is listed is what the patch holds: without one, nothing that the run reported while it worked.
  book.endRun(
    run.id,
    (running) => ({ ...running, state, changes: patch?.changes ?? [], ...(patch && { tree: patch.tree }) }),
    patch?.text,
  );
  host.log.info(
    `Run ${run.id} (${run.profile.model}) ${state.status}${outcome.kind === 'failed' ? `: ${describe(outcome.problem)}` : ''}`,
  );
}

const patchLost: Problem = {
  code: 'internal',
  message: 'The model finished, but what it changed could not be read, so none of it is kept. Retry this run.',
  action: { type: 'retry' },
};

async function connect(host: EngineHost, run: Run) {
  const { provider } = run.profile;
  const apiKey = await host.apiKey(run.profile);
  if (!apiKey) {
    throw new UserError({
      code: 'no-key',
      message: `There is no API key for ${providerNames[provider]}. Set one, then retry this run.`,
      action: { type: 'set-key', provider },
    });
  }
  const baseUrl = host.settings().baseUrls[provider];
  return host.createProvider(provider, { apiKey, ...(baseUrl && { baseUrl }) });
}

function record(book: TaskBook, id: RunId, event: RunEvent): void {
  if (event.type === 'text') book.streamText(id, event.text, (run) => applyEvent(run, event));
  else book.updateRun(id, (run) => applyEvent(run, event));
}

/** What the run changed so far, also when it failed or was canceled. Undefined when it has no copy, or that can't be read. */
async function takePatch(host: EngineHost, storage: TaskStorage, copy: Copy | undefined): Promise<Patch | undefined> {
  try {
    const patch = await copy?.patch();
    if (patch) await storage.keep(patch.changes);
    return patch;
  } catch (error) {
    host.log.error(`A run's patch could not be read: ${stackOf(error)}`);
    return undefined;
  } finally {
    await copy?.dispose().catch((error: unknown) => host.log.warn(`A copy was not removed: ${stackOf(error)}`));
  }
}

function endState(outcome: AgentOutcome, startedAt: number): RunState {
  const endedAt = Date.now();
  switch (outcome.kind) {
    case 'finished':
      return { status: 'succeeded', startedAt, endedAt, summary: outcome.summary };
    case 'failed':
      return { status: 'failed', startedAt, endedAt, problem: outcome.problem };
    case 'aborted':
      return { status: 'canceled', startedAt, endedAt };
    default:
      return outcome satisfies never;
  }
}

function describe(problem: Problem): string {
  return `${problem.code}: ${problem.message}${problem.detail ? ` (${problem.detail})` : ''}`;
}
