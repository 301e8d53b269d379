import { join } from 'node:path';
import * as vscode from 'vscode';
import { candidatesOf, labelOf } from '../core/composition.ts';
import type { CandidateId, RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { Side } from '../protocol/comparePanel.ts';
import { baseOf, isText, versionsOf } from './fileVersions.ts';
import { runFileUri } from './runFiles.ts';

/** Two versions of a file of a round. */
export interface DiffRequest {
  readonly roundId: RoundId;
  /** What the file is called over all candidates: its path in the base, or the new one. */
  readonly key: string;
  readonly left: Side;
  readonly right: Side;
  /** Where to look: a line of the right side, counted from 1; VS Code goes to the first difference when it is absent. */
  readonly line?: number;
}

interface Opened {
  readonly name: string;
  readonly uri: vscode.Uri;
  /** False for an empty file that stands for "not there". */
  readonly isThere: boolean;
}

/** Opens two versions of a file in VS Code's diff editor; of a binary file that one side lacks, the one that is there. */
export async function openDiff(engine: Engine, request: DiffRequest): Promise<void> {
  const { key, line } = request;
  const [left, right] = await Promise.all([
    sideOf(engine, request, request.left),
    sideOf(engine, request, request.right),
  ]);
  const { round } = engine.round(request.roundId);
  const name = key.split('/').at(-1);
  const options: vscode.TextDocumentShowOptions = {
    preview: true,
    ...(line !== undefined && { selection: new vscode.Range(line - 1, 0, line - 1, 0) }),
  };
  // An empty file is no image: beside one, VS Code's image viewer would say that it can't be shown.
  const only = left.isThere ? left : right;
  if (left.isThere !== right.isThere && !isText(round, key)) {
    await vscode.commands.executeCommand('vscode.open', only.uri, options, `${name} (${only.name})`);
    return;
  }
  await vscode.commands.executeCommand(
    'vscode.diff',
    left.uri,
    right.uri,
    `${name} (${left.name} ↔ ${right.name})`,
    options,
  );
}

async function sideOf(engine: Engine, { roundId, key, left, right }: DiffRequest, side: Side): Promise<Opened> {
  const { task, round } = engine.round(roundId);
  const others = [right, left].filter(isCandidate);
  const candidate = others[0] ?? (candidatesOf(round)[0]?.id as CandidateId);
  const began = { candidate, key, side: 'base' } as const;
  if (side === 'base') {
    const base = baseOf(round, key);
    return { name: 'base', uri: runFileUri(began, key, base), isThere: base !== undefined };
  }
  if (side === 'workspace') {
    const moved = others.map((id) => versionsOf(round, key, engine.candidate(id).candidate).after?.path);
    const uri = await firstThere(
      [...moved, key].flatMap((path) => (path ? [vscode.Uri.file(join(task.folder, path))] : [])),
    );
    return { name: 'workspace', uri: uri ?? runFileUri(began, key, undefined), isThere: uri !== undefined };
  }
  const shown = engine.candidate(side).candidate;
  const { after, path } = versionsOf(round, key, shown);
  const uri = runFileUri({ candidate: side, key, side: 'after' }, path, after);
  return { name: labelOf(shown), uri, isThere: after !== undefined };
}

/** Whether a side is a candidate's. */
export function isCandidate(side: Side): side is CandidateId {
  return side !== 'base' && side !== 'workspace';
}

/** The user may have the file where the candidate moved it, or where it was. */
async function firstThere(uris: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  for (const uri of uris) {
    if (await isFile(uri)) return uri;
  }
  return undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch (error) {
    const isMissing = error instanceof vscode.FileSystemError && /^FileNot(Found|ADirectory)$/.test(error.code);
    if (isMissing) return false;
    throw error;
  }
}
