import * as vscode from 'vscode';
import { isText } from '../core/engine/applyConflict.ts';
import { UserError } from '../core/problem.ts';
import type { ConflictedFile } from '../core/pullRequest.ts';
import { mergeByHand } from './applyMerge.ts';
import { isMerging, leaveMerge } from './applyMergeTabs.ts';

/** Files that were changed on GitHub and by a candidate. */
export interface PullConflicts {
  readonly files: readonly ConflictedFile[];
  /** The branch on GitHub. */
  readonly base: string;
  /** The candidate, for people. */
  readonly label: string;
}

type Content = Uint8Array | undefined;

const resolve = 'Resolve Conflicts';
const maxShown = 10;

/**
 * Asks about every file: text in the merge editor, one after the other, the rest by a choice. Undefined where the user left any of it.
 * Throws `UserError` (`patch-conflict`) while another merge is under way, or without a merge editor.
 */
export async function resolvePullConflicts(
  conflicts: PullConflicts,
  token: vscode.CancellationToken,
): Promise<ReadonlyMap<string, Content> | undefined> {
  if (isMerging()) throw mergeUnderWay();
  const picked = await vscode.window.showWarningMessage(
    titleOf(conflicts),
    { modal: true, detail: detailOf(conflicts) },
    resolve,
  );
  if (picked !== resolve) return undefined;
  const canceled = token.onCancellationRequested(() => void leaveMerge());
  try {
    return await resolveEach(conflicts, token);
  } finally {
    canceled.dispose();
  }
}

async function resolveEach(
  conflicts: PullConflicts,
  token: vscode.CancellationToken,
): Promise<ReadonlyMap<string, Content> | undefined> {
  const answers = new Map<string, Content>();
  for (const file of conflicts.files) {
    if (token.isCancellationRequested) return undefined;
    const answer = isMergeable(file) ? await merge(file, conflicts) : await choose(file, conflicts, token);
    if (!answer) return undefined;
    answers.set(file.path, answer.content);
  }
  return answers;
}

/** Whether both sides have a text that can be brought together. */
export function isMergeable({ base, theirs, ours }: ConflictedFile): boolean {
  return theirs !== undefined && ours !== undefined && [base ?? theirs, theirs, ours].every(isText);
}

async function merge(file: ConflictedFile, { base, label }: PullConflicts): Promise<{ content: Content } | undefined> {
  const content = await mergeByHand(
    { path: file.path, base: file.base, mine: file.theirs, theirs: file.ours },
    { mine: `${base} on GitHub`, theirs: label, instead: `Nothing was written to GitHub. ${instead}` },
  );
  return content && { content };
}

async function choose(
  file: ConflictedFile,
  { base, label }: PullConflicts,
  token: vscode.CancellationToken,
): Promise<{ content: Content } | undefined> {
  const theirs = {
    label: file.theirs ? "Take GitHub's" : 'Leave It Deleted, as on GitHub',
    description: `as it is on ${base}`,
    content: file.theirs,
  };
  const ours = {
    label: file.ours ? "Take the Candidate's" : 'Delete It, as the Candidate Does',
    description: `as ${label} has it`,
    content: file.ours,
  };
  const picked = await vscode.window.showQuickPick(
    [theirs, ours],
    { title: file.path, placeHolder: sentenceOf(file, label), ignoreFocusOut: true },
    token,
  );
  return picked && { content: picked.content };
}

function titleOf({ files, base }: PullConflicts): string {
  const [first] = files;
  const what = files.length === 1 ? first?.path : `${files.length} files`;
  return `The patch no longer fits: ${what} changed on ${base} in the same place.`;
}

function detailOf({ files, label }: PullConflicts): string {
  const more = files.length > maxShown ? [`and ${files.length - maxShown} more`] : [];
  const merging = files.some(isMergeable)
    ? ['Finish each merge with Complete Merge, the check mark above its editor.']
    : [];
  const promise = 'Nothing is written to GitHub before every conflict is resolved.';
  const shown = files.slice(0, maxShown).map((file) => sentenceOf(file, label));
  return [...shown, ...more, '', ...merging, promise].join('\n');
}

/** For people: what both sides did to a file. */
export function sentenceOf(file: ConflictedFile, label: string): string {
  const { path, base, theirs, ours } = file;
  if (!theirs) return `${path}: it was deleted on GitHub, and ${label} changed it.`;
  if (!ours) return `${path}: ${label} deleted it, and it was changed on GitHub.`;
  if (!isMergeable(file)) return `${path}: it is no text, and was changed on GitHub and by ${label}.`;
  return base
    ? `${path}: the same lines were changed on GitHub and by ${label}.`
    : `${path}: a file of this name was added on GitHub and by ${label}.`;
}

const instead = 'Bring your branch up to date, send a follow-up message, and create the pull request from its result.';

function mergeUnderWay(): UserError {
  return new UserError({
    code: 'patch-conflict',
    message: 'Another merge waits for you. Complete it in its merge editor, or close that, then try again.',
    action: { type: 'retry' },
  });
}
