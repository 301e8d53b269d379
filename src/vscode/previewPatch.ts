import * as vscode from 'vscode';
import { type FileChange, pathOf, type Run, type RunId } from '../core/domain.ts';
import { nothingToShip } from '../core/engine/applyPlan.ts';
import type { Engine } from '../core/engine.ts';
import { runFileUri } from './runFiles.ts';

/** Opens all of a run's files in VS Code's multi-diff editor. Throws `UserError` when there are none. */
export async function previewPatch(engine: Engine, runId: RunId): Promise<void> {
  const { run } = engine.run(runId);
  if (run.changes.length === 0) throw nothingToShip();
  const resources = run.changes.map((change) => {
    const { base, after } = urisOf(run, change);
    return [after, change.base ? base : undefined, change.after ? after : undefined];
  });
  await vscode.commands.executeCommand('vscode.changes', `Patch of ${run.profile.label}`, resources);
}

/** Opens one file of a run in VS Code's diff editor: as the round began against as the run left it. */
export async function openDiff(engine: Engine, runId: RunId, path: string): Promise<void> {
  const { run } = engine.run(runId);
  const change = run.changes.find((candidate) => pathOf(candidate) === path);
  if (!change) return;
  const { base, after } = urisOf(run, change);
  const title = `${path.split('/').at(-1)} (base ↔ ${run.profile.label})`;
  await vscode.commands.executeCommand('vscode.diff', base, after, title, { preview: true });
}

function urisOf(run: Run, change: FileChange) {
  return {
    base: runFileUri(run.id, change.base?.path ?? pathOf(change), change.base),
    after: runFileUri(run.id, pathOf(change), change.after),
  };
}
