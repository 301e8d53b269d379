import * as vscode from 'vscode';
import type { Round, RoundId, TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';

/** What opening by itself depends on. */
export interface OpenWhenDoneParts {
  readonly engine: Engine;
  /** The user's setting. */
  isWanted(): boolean;
  /** Whether a folder is open in this window. */
  isHere(folder: string): boolean;
  open(roundId: RoundId): void;
}

interface EndedRound {
  readonly taskId: TaskId;
  readonly roundId: RoundId;
}

/** After typing in an editor for so long without a pause, nothing opens in its place. */
const typingMs = 10_000;

/**
 * Opens the compare panel when a round that this window worked on has ended with something to compare. Never in front of somebody who
 * is typing; while the window is in the background, it waits until the user is back.
 */
export function openWhenDone({ engine, isWanted, isHere, open }: OpenWhenDoneParts): vscode.Disposable {
  let typedAt = 0;
  let waiting: EndedRound | undefined;
  const isForHere = ({ taskId, roundId }: EndedRound) => {
    const task = engine.task(taskId);
    const round = task?.rounds.find(({ id }) => id === roundId);
    return task !== undefined && round !== undefined && isHere(task.folder) && isWorthComparing(round);
  };
  const openWaiting = () => {
    if (!waiting || !vscode.window.state.focused) return;
    const ended = waiting;
    waiting = undefined;
    const isTyping = Date.now() - typedAt < typingMs;
    if (isWanted() && isForHere(ended) && !isTyping) open(ended.roundId);
  };
  return vscode.Disposable.from(
    engine.onDidChange((change) => {
      // One that isn't worth comparing must not take the place of one that waits.
      if (change.type !== 'round-ended' || !isForHere(change)) return;
      waiting = change;
      openWaiting();
    }),
    vscode.window.onDidChangeWindowState(openWaiting),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) typedAt = Date.now();
    }),
  );
}

/** Whether more than one run succeeded with changes. */
export function isWorthComparing({ runs }: Round): boolean {
  return runs.filter(({ state, changes }) => state.status === 'succeeded' && changes.length > 0).length > 1;
}
