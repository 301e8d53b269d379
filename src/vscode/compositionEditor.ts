import * as vscode from 'vscode';
import type { CompositionId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { editsOf, lineAfter } from './comparisonLines.ts';
import { compositionUri } from './compositionFiles.ts';
import { isText, versionsOf } from './fileVersions.ts';
import { runFileUri } from './runFiles.ts';

/** What of a composition is edited. */
export interface ComposedPlace {
  readonly id: CompositionId;
  readonly key: string;
  /** Where the cursor goes: a line of the base, counted from 1. */
  readonly baseLine: number;
}

/**
 * Opens a composed file beside its base in VS Code's diff editor, whose right side can be edited and saved. Throws `UserError`
 * (`nothing-to-ship`) for a file without lines.
 */
export async function editComposedFile(engine: Engine, { id, key, baseLine }: ComposedPlace): Promise<void> {
  const { round, candidate } = engine.candidate(id);
  const composition = round.compositions.find((other) => other.id === id);
  const result = composition?.files.find((file) => file.key === key)?.result;
  if (result?.type === 'whole' || !isText(round, key))
    throw new UserError({ code: 'nothing-to-ship', message: noLines });
  const { base, path } = versionsOf(round, key, candidate);
  const line = lineAfter(editsOf(result), baseLine) - 1;
  await vscode.commands.executeCommand(
    'vscode.diff',
    runFileUri({ candidate: id, key, side: 'base' }, path, base),
    compositionUri(id, key, path),
    `${path.split('/').at(-1)} (base ↔ Your composition, editable)`,
    { preview: true, selection: new vscode.Range(line, 0, line, 0) } satisfies vscode.TextDocumentShowOptions,
  );
}

const noLines = 'This file has no lines that could be edited by hand. Take it as a whole from one of the candidates.';
