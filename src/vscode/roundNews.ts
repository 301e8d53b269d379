import * as vscode from 'vscode';
import type { RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';

/** Tells that a round has ended to a user who is looking elsewhere. */
export function announceRounds(
  engine: Engine,
  isWatching: () => boolean,
  openCompare: (roundId: RoundId) => void,
): vscode.Disposable {
  return engine.onDidChange((change) => {
    if (change.type !== 'round-ended' || isWatching()) return;
    const task = engine.task(change.taskId);
    const round = task?.rounds.find((candidate) => candidate.id === change.roundId);
    if (!task || !round) return;
    const succeeded = round.runs.filter((run) => run.state.status === 'succeeded').length;
    const buttons = succeeded > 0 ? ['Compare'] : [];
    vscode.window
      .showInformationMessage(`${succeeded} of ${round.runs.length} runs are done: ${task.title}`, ...buttons)
      .then((picked) => picked && openCompare(round.id));
  });
}
