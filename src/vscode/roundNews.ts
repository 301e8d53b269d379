import * as vscode from 'vscode';
import type { RoundId, TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { outcomeText, stretchOf } from './roundStretch.ts';

/** A round that took less has ended before anybody turned to something else. */
const longMs = 10_000;

export interface RoundNewsParts {
  readonly engine: Engine;
  /** Whether the user can see that the round ends. */
  isWatching(taskId: TaskId, roundId: RoundId): boolean;
  /** Called for every round that ended out of sight, however short it was. */
  onUnseen(taskId: TaskId, roundId: RoundId): void;
  openCompare(roundId: RoundId): void;
  showTask(taskId: TaskId): void;
}

/** Tells that a long round has ended to a user who is looking elsewhere, or is away from the window. */
export function announceRounds(parts: RoundNewsParts): vscode.Disposable {
  const { engine, isWatching, onUnseen, openCompare, showTask } = parts;
  return engine.onDidChange((change) => {
    if (change.type !== 'round-ended' || isWatching(change.taskId, change.roundId)) return;
    const task = engine.task(change.taskId);
    const round = task?.rounds.find((candidate) => candidate.id === change.roundId);
    if (!task || !round) return;
    onUnseen(task.id, round.id);
    if (stretchOf(round.runs) < longMs) return;
    const count = (status: string) => round.runs.filter(({ state }) => state.status === status).length;
    // Who canceled all of them knows.
    if (count('canceled') === round.runs.length) return;
    const text = `${outcomeText(round.runs)}: ${task.title}`;
    const { showInformationMessage, showWarningMessage } = vscode.window;
    const isBad = count('failed') > 0 && count('succeeded') === 0;
    const shown = isBad ? showWarningMessage(text, 'Show Task') : showInformationMessage(text, 'Compare', 'Show Task');
    shown.then((picked) => {
      if (picked === 'Compare') openCompare(round.id);
      else if (picked === 'Show Task') showTask(task.id);
    });
  });
}
