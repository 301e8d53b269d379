import * as vscode from 'vscode';
import { isEnded, type RoundId, type TaskId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { FrameTimer } from './frameTimer.ts';
import { plainNotice } from './plainNotice.ts';

/** Work that took less has ended before anybody turned to something else. */
const longMs = 10_000;
const lookEveryMs = 1000;

export interface EvidenceNewsParts {
  readonly engine: Pick<Engine, 'task' | 'evidence' | 'onDidChange'>;
  /** Whether the user can see that it ends. */
  isWatching(taskId: TaskId, roundId: RoundId): boolean;
  openCompare(roundId: RoundId): void;
}

/** Tells what checks and reviews that took long came to, to a user who is looking elsewhere. */
export function announceEvidence({ engine, isWatching, openCompare }: EvidenceNewsParts): vscode.Disposable {
  const changed = new Set<TaskId>();
  const busySince = new Map<RoundId, number>();
  const frame = new FrameTimer(() => {
    for (const id of changed) void look(id);
    changed.clear();
  }, lookEveryMs);

  async function look(taskId: TaskId): Promise<void> {
    const round = engine.task(taskId)?.rounds.at(-1);
    if (!round) return;
    const evidence = engine.evidence.of(round.id);
    if (evidence.isChecking || evidence.isReviewing) {
      if (!busySince.has(round.id)) busySince.set(round.id, Date.now());
      return;
    }
    // Between two runs there may be nothing to check.
    if (!round.runs.every(isEnded)) return;
    const since = busySince.get(round.id);
    busySince.delete(round.id);
    if (since === undefined || Date.now() - since < longMs || isWatching(taskId, round.id)) return;
    const { evidenceSentence } = await import('./comparisonEvidence.ts');
    const text = evidenceSentence(round, evidence);
    if (!text) return;
    vscode.window.showInformationMessage(plainNotice(text), 'Compare').then((picked) => {
      if (picked) openCompare(round.id);
    });
  }

  const subscription = engine.onDidChange((change) => {
    if (change.type !== 'task') return;
    changed.add(change.taskId);
    frame.schedule();
  });
  return vscode.Disposable.from(subscription, frame);
}
