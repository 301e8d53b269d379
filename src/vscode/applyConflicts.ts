import * as vscode from 'vscode';
import type { ApplyConflict, Resolution } from '../core/engine/applyConflict.ts';
import { UserError } from '../core/problem.ts';
import { mergeByHand } from './applyMerge.ts';
import { isMerging } from './applyMergeTabs.ts';

/** A conflict and what the user wants of it. */
export interface Answer {
  readonly conflict: ApplyConflict;
  readonly resolution: Resolution;
}

export interface Question {
  readonly conflicts: readonly ApplyConflict[];
  /** The candidate, for people. */
  readonly label: string;
  /** How many files fit as they are. */
  readonly fitting: number;
}

const resolve = 'Resolve Conflicts';
const keepAll = 'Keep Mine, Apply the Rest';
const maxShown = 10;

/**
 * Asks the user about every conflict: text in the merge editor, one file after the other, the rest by a choice. Undefined when the user wants
 * nothing of it. Throws `UserError` (`patch-conflict`, to be tried again) when a merge was left before it was complete.
 */
export async function resolveConflicts(question: Question): Promise<readonly Answer[] | undefined> {
  const { conflicts, label, fitting } = question;
  const picked = await vscode.window.showWarningMessage(
    titleOf(conflicts),
    { modal: true, detail: detailOf(question) },
    resolve,
    ...(fitting > 0 ? [keepAll] : []),
  );
  if (picked === keepAll) return conflicts.map((conflict) => ({ conflict, resolution: { take: 'mine' } }));
  if (picked !== resolve) return undefined;
  const answers: Answer[] = [];
  for (const conflict of conflicts) {
    const resolution = isMergeable(conflict) ? await merge(conflict, label) : await choose(conflict, label);
    if (!resolution) throw left(conflict);
    answers.push({ conflict, resolution });
  }
  return answers;
}

/** Throws `UserError` (`patch-conflict`) while another apply waits for a merge. */
export function refuseSecondMerge(): void {
  if (!isMerging()) return;
  throw new UserError({
    code: 'patch-conflict',
    message: 'Another apply waits for a merge. Complete it in its merge editor, or close that, then apply again.',
  });
}

function isMergeable({ kind }: ApplyConflict): boolean {
  return kind === 'both-changed' || kind === 'both-added';
}

async function merge(conflict: ApplyConflict, label: string): Promise<Resolution | undefined> {
  const { path, base, current, theirs } = conflict;
  const instead = 'Nothing was applied. Undo your changes in the conflicting files, or create a pull request instead.';
  const words = { mine: 'Workspace', theirs: label, instead };
  const bytes = await mergeByHand({ path, base, mine: current, theirs }, words);
  return bytes && { take: 'text', bytes };
}

async function choose(conflict: ApplyConflict, label: string): Promise<Resolution | undefined> {
  const mine = conflict.current ? 'Keep Mine' : 'Keep It Deleted';
  const theirs = conflict.theirs ? `Take the Version of ${label}` : 'Delete It';
  const picked = await vscode.window.showWarningMessage(sentenceOf(conflict, label), { modal: true }, mine, theirs);
  if (picked === mine) return { take: 'mine' };
  return picked === theirs ? { take: 'theirs' } : undefined;
}

function titleOf(conflicts: readonly ApplyConflict[]): string {
  const [first] = conflicts;
  const files = conflicts.length === 1 ? first?.source : `${conflicts.length} files`;
  return `The patch no longer fits: ${files} changed in the workspace in the same place.`;
}

function detailOf({ conflicts, label }: Question): string {
  const more = conflicts.length > maxShown ? [`and ${conflicts.length - maxShown} more`] : [];
  const shown = conflicts.slice(0, maxShown).map((conflict) => sentenceOf(conflict, label));
  const merging = conflicts.some(isMergeable)
    ? ['Finish each merge with Complete Merge, the check mark above its editor.']
    : [];
  const promise = 'Nothing is changed in the workspace before every conflict is resolved.';
  return [...shown, ...more, '', ...merging, promise].join('\n');
}

function sentenceOf({ kind, path, source }: ApplyConflict, label: string): string {
  switch (kind) {
    case 'both-changed':
      return `${source}: you and ${label} changed the same lines.`;
    case 'both-added':
      return `${path}: you and ${label} each added a file of this name.`;
    case 'deleted-here':
      return `${source}: you deleted it or moved it, and ${label} changed it.`;
    case 'deleted-there':
      return `${path}: ${label} deleted it, and you changed it.`;
    case 'binary':
      return `${source}: it is no text, and you and ${label} changed it.`;
    default:
      return kind satisfies never;
  }
}

function left({ path }: ApplyConflict): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: `Nothing was applied: the conflict in ${path} was not resolved. Try again to resolve it.`,
    action: { type: 'retry' },
  });
}
