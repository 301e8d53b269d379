import type { Run, RunId, Task } from '../../src/core/domain.ts';
import type { Progress, TaskViewState } from '../../src/protocol/taskView.ts';

/** The state with newer runs in it. What didn't change stays the same object, by which its part of the view is not drawn again. */
export function withProgress(state: TaskViewState, { runs, costs }: Progress): TaskViewState {
  if (!state.task || runs.length === 0) return state;
  const newer = new Map(runs.map((run) => [run.id, run]));
  return { ...state, task: withRuns(state.task, newer), costs: { ...state.costs, ...costs } };
}

function withRuns(task: Task, newer: ReadonlyMap<RunId, Run>): Task {
  const rounds = task.rounds.map((round) => {
    if (!round.runs.some(({ id }) => newer.has(id))) return round;
    return { ...round, runs: round.runs.map((run) => newer.get(run.id) ?? run) };
  });
  return { ...task, rounds };
}
