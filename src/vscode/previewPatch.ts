import * as vscode from 'vscode';
import { labelOf } from '../core/composition.ts';
import { type CandidateId, pathOf } from '../core/domain.ts';
import { nothingToShip } from '../core/engine/applyPlan.ts';
import type { Engine } from '../core/engine.ts';
import { keyOf } from './comparisonIds.ts';
import { runFileUri } from './runFiles.ts';

/** Opens all of a candidate's files in VS Code's multi-diff editor. Throws `UserError` when there are none. */
export async function previewPatch(engine: Engine, id: CandidateId): Promise<void> {
  const { candidate } = engine.candidate(id);
  if (candidate.changes.length === 0) throw nothingToShip();
  const resources = candidate.changes.map((change) => {
    const { base, after } = change;
    const [key, path] = [keyOf(change), pathOf(change)];
    const shown = runFileUri({ candidate: id, key, side: 'after' }, path, after);
    return [shown, base && runFileUri({ candidate: id, key, side: 'base' }, path, base), after && shown];
  });
  await vscode.commands.executeCommand('vscode.changes', `Patch of ${labelOf(candidate)}`, resources);
}
