import type { RoundId, RunId, TaskId } from '../domain.ts';

/** What changed, for whoever shows tasks. `text` is a delta of a run's last text step; anything else: ask again. */
export type EngineChange =
  | { readonly type: 'tasks' }
  | { readonly type: 'task'; readonly taskId: TaskId }
  | { readonly type: 'text'; readonly taskId: TaskId; readonly runId: RunId; readonly text: string }
  /** The last run of a round ended: once each time, in the window that worked on that run. */
  | { readonly type: 'round-ended'; readonly taskId: TaskId; readonly roundId: RoundId };
