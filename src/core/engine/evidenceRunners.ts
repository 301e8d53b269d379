import type { ObjectName, Snapshot, Task, TaskId } from '../domain.ts';
import type { CheckConsents } from '../evidence/checks/checkConsents.ts';
import type { CheckFolders } from '../evidence/checks/checkFolders.ts';
import { CheckRunner } from '../evidence/checks/checkRunner.ts';
import type { KeptResults } from '../evidence/checks/treeJob.ts';
import type { Sandbox } from '../evidence/sandbox/sandbox.ts';
import type { Check } from '../evidence.ts';
import type { TaskStorage } from '../workspace/workspace.ts';
import type { EngineHost } from './engineHost.ts';
import type { Slots } from './slots.ts';
import { policyOf } from './taskPolicy.ts';

export interface RunnerParts {
  readonly host: EngineHost;
  readonly storage: (taskId: TaskId) => TaskStorage;
  readonly consents: CheckConsents;
  readonly folders: CheckFolders;
  readonly slots: Slots;
  readonly kept: KeptResults;
  readonly sandbox: Sandbox;
}

/** A snapshot, and the checks that the user agreed to. */
export interface CheckedSnapshot {
  readonly task: Task;
  readonly snapshot: Snapshot;
  readonly checks: readonly Check[];
}

/** What runs checks on trees of a snapshot. */
export interface Runners {
  readonly runner: CheckRunner;
  /** For trees that agents ask about: nothing comes along there that policy forbids, as what is printed goes to a model. */
  readonly agentRunner: CheckRunner;
}

export function runnersOf(parts: RunnerParts, { task, snapshot, checks }: CheckedSnapshot): Runners {
  const { host, storage, consents, folders, slots, kept, sandbox } = parts;
  const turns = {
    run: <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => slots.use(work, signal),
  };
  const runnerFor = (reader: 'user' | 'model') => {
    const materialise = async (tree: ObjectName, destination: string, signal: AbortSignal) => {
      const policy = await policyOf(task, host);
      const include = { patterns: host.settings().copies.include, by: 'copy', policy, reader } as const;
      return storage(task.id).materialise({ snapshot, tree, destination, include }, signal);
    };
    const surroundings = { sandbox, log: host.log, consents, folders, taskFolder: task.folder };
    return new CheckRunner({ ...surroundings, kept, turns, materialise }, snapshot.tree, checks);
  };
  return { runner: runnerFor('user'), agentRunner: runnerFor('model') };
}
