import { compareCandidates } from '../../../src/core/compare/compareCandidates.ts';
import type { RoundComparison } from '../../../src/core/comparison.ts';
import type { Composition } from '../../../src/core/composition.ts';
import type {
  CompositionId,
  FileChange,
  ObjectName,
  Round,
  RoundId,
  Run,
  RunId,
  Task,
  TaskId,
} from '../../../src/core/domain.ts';
import { noUsage } from '../../../src/core/domain.ts';

/** A base file of ten lines, `line 1` to `line 10`; a change replaces one of them by another text. */
export interface Replaced {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly by: string;
}

/** A run that replaced lines, each in another file. */
export interface ScriptedRun {
  readonly id: string;
  readonly status?: 'succeeded' | 'running' | 'failed';
  readonly replaced: readonly Replaced[];
}

/** The round of these runs, as the engine has it. */
export function roundOf(runs: readonly ScriptedRun[], more: Partial<Round> = {}): Round {
  const id = 'round' as RoundId;
  const taskId = 'task' as TaskId;
  return {
    id,
    taskId,
    message: 'Go',
    createdAt: 1,
    start: { from: 'workspace' },
    runs: runs.map((run) => runOf(run, id, taskId)),
    compositions: [],
    ...more,
  };
}

/** The runs of a round that ended, compared from their patches; `ended` names fewer. */
export function comparisonOf(runs: readonly ScriptedRun[], ended = runs.map(({ id }) => id)): RoundComparison {
  const compared = runs.filter(({ id }) => ended.includes(id));
  return compareCandidates(
    compared.map((run) => ({
      type: 'run',
      id: run.id as RunId,
      changes: run.replaced.map(changeOf),
      patch: run.replaced.map(patchOf).join(''),
    })),
    { ignoreFormatting: false },
  );
}

export function taskOf(round: Round, more: Partial<Task> = {}): Task {
  return {
    id: round.taskId,
    title: 'Title',
    folder: '/folder',
    createdAt: 1,
    updatedAt: 1,
    rounds: [round],
    pullRequests: [],
    ...more,
  };
}

export function compositionOf(id: string, more: Partial<Composition> = {}): Composition {
  return {
    id: id as CompositionId,
    taskId: 'task' as TaskId,
    roundId: 'round' as RoundId,
    createdAt: 1,
    updatedAt: 1,
    files: [],
    name: "A's",
    changes: [],
    tree: 'tree' as ObjectName,
    secretsInPatch: [],
    ...more,
  };
}

export function changeOf({ path, line, by }: Replaced): FileChange {
  const mode = '100644';
  return {
    kind: 'modified',
    base: { path, mode, blob: blobOf(path) },
    after: { path, mode, blob: blobOf(`${path}:${line}:${by}`) },
    lines: { added: 1, removed: 1 },
  };
}

function runOf({ id, status = 'succeeded', replaced }: ScriptedRun, roundId: RoundId, taskId: TaskId): Run {
  const times = { startedAt: 1, endedAt: 2 };
  const problem = { code: 'timeout', message: 'Too slow.' } as const;
  return {
    id: id as RunId,
    taskId,
    roundId,
    profile: { id: id as Run['profile']['id'], provider: 'openai', model: id, label: id.toUpperCase(), options: {} },
    state:
      status === 'running'
        ? { status, startedAt: 1, step: 1 }
        : status === 'failed'
          ? { status, ...times, problem }
          : { status, ...times, summary: 'Done.' },
    steps: [{ type: 'text', text: 'Thinking.' }],
    usage: noUsage,
    changes: replaced.map(changeOf),
    ...(status !== 'running' && { tree: blobOf(JSON.stringify(replaced)) }),
  };
}

function patchOf({ path, line, by }: Replaced): string {
  const { base, after } = changeOf({ path, line, by });
  return `diff --git a/${path} b/${path}
index ${base?.blob}..${after?.blob} 100644
--- a/${path}
+++ b/${path}
@@ -${line} +${line} @@
-line ${line}
+${by}
`;
}

function blobOf(text: string): ObjectName {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) % 0xfffffff;
  return hash.toString(16).padStart(40, '0') as ObjectName;
}
