import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Candidate } from '../core/composition.ts';
import { candidatesOf } from '../core/composition.ts';
import type { Round, Task } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { type CheckOutput, checkOutputOf } from './checkOutputUri.ts';
import { type OutputPlace, pathsFor, placesIn } from './checkPlaces.ts';
import { keyOf } from './comparisonIds.ts';
import { runFileUri } from './runFiles.ts';

/** What a path of an output may lead to. */
interface Subject {
  readonly task: Task;
  readonly round: Round;
  /** Absent for the base. */
  readonly candidate: Candidate | undefined;
}

/**
 * Makes links of the files that an output names: to the candidate's version of those that it changed, and to the user's own of those that it
 * left alone.
 */
export async function checkLinks(
  engine: Pick<Engine, 'round' | 'evidence'>,
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
): Promise<vscode.DocumentLink[]> {
  const output = checkOutputOf(document.uri);
  const subject = output && subjectOf(engine, output);
  if (!output || !subject) return [];
  const folder = engine.evidence.checkRun(output.roundId, output.subject, output.check)?.check.folder;
  const targets = new Map<string, Promise<vscode.Uri | undefined>>();
  const links: vscode.DocumentLink[] = [];
  for (const place of placesIn(document.getText())) {
    if (token.isCancellationRequested) break;
    const target = targets.get(place.path) ?? targetOf(subject, pathsFor(place.path, folder));
    targets.set(place.path, target);
    const uri = await target;
    if (uri) links.push(linkTo(document, place, uri));
  }
  return links;
}

function subjectOf(engine: Pick<Engine, 'round'>, { roundId, subject }: CheckOutput): Subject | undefined {
  try {
    const { task, round } = engine.round(roundId);
    return { task, round, candidate: candidatesOf(round).find(({ id }) => id === subject) };
  } catch {
    // Its task is gone.
    return undefined;
  }
}

function linkTo(document: vscode.TextDocument, { start, end, line, column }: OutputPlace, uri: vscode.Uri) {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  // VS Code takes the place out of the fragment.
  return new vscode.DocumentLink(range, uri.with({ fragment: `L${line}${column === undefined ? '' : `,${column}`}` }));
}

async function targetOf(subject: Subject, paths: readonly string[]): Promise<vscode.Uri | undefined> {
  for (const path of paths) {
    const uri = changedFile(subject, path) ?? (await ownFile(subject, path));
    if (uri) return uri;
  }
  return undefined;
}

function changedFile({ candidate, round }: Subject, path: string): vscode.Uri | undefined {
  if (candidate) {
    const change = candidate.changes.find(({ after }) => after?.path === path);
    return change && runFileUri({ candidate: candidate.id, key: keyOf(change), side: 'after' }, path, change.after);
  }
  for (const { id, changes } of candidatesOf(round)) {
    const change = changes.find(({ base }) => base?.path === path);
    if (change) return runFileUri({ candidate: id, key: keyOf(change), side: 'base' }, path, change.base);
  }
  return undefined;
}

/** What the candidate left alone is the user's own, unless it is in the way of what it did. */
async function ownFile({ task, candidate }: Subject, path: string): Promise<vscode.Uri | undefined> {
  if (candidate?.changes.some(({ base }) => base?.path === path)) return undefined;
  const uri = vscode.Uri.file(join(task.folder, path));
  try {
    return (await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File ? uri : undefined;
  } catch {
    // Not there: then the output means something else.
    return undefined;
  }
}
