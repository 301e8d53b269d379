import * as vscode from 'vscode';
import { isComposition, labelOf } from '../core/composition.ts';
import { type CandidateId, placeOf, type Task } from '../core/domain.ts';
import type { Apply } from '../core/engine/applies.ts';
import { editsOfResolution, isSameConflict } from '../core/engine/applyConflict.ts';
import type { ApplyPlan } from '../core/engine/applyPlan.ts';
import type { FileState } from '../core/engine/fileState.ts';
import type { Engine } from '../core/engine.ts';
import { UserError } from '../core/problem.ts';
import { signalOf } from './abort.ts';
import { type Answer, refuseSecondMerge, resolveConflicts } from './applyConflicts.ts';
import { carryOut } from './applyEdits.ts';
import { readState } from './applyFiles.ts';

export interface ApplySelection {
  /** Only these files of the patch; all of them when absent. */
  readonly paths?: readonly string[];
}

/** How often a folder may change while it is being applied to. */
const maxAttempts = 5;
const undo = 'Undo Apply';
const review = 'Review in Source Control';

/** What came of an attempt: the record of it (none where there was nothing to do), open conflicts, or a folder that changed meanwhile. */
type Outcome =
  | { readonly type: 'applied'; readonly apply: Apply | undefined }
  | { readonly type: 'conflicts'; readonly plan: ApplyPlan }
  | { readonly type: 'changed' };

/**
 * Puts a candidate's patch, or some of its files, into the open folder as one edit that can be undone. Where it doesn't fit, the user resolves
 * the conflicts first; until then nothing is changed. Throws `UserError`, and then has changed nothing.
 */
export async function applyCandidate(engine: Engine, id: CandidateId, selection: ApplySelection = {}): Promise<void> {
  refuseSecondMerge();
  const { candidate } = engine.candidate(id);
  let answers: readonly Answer[] = [];
  for (let attempt = 1; attempt <= maxAttempts; ) {
    const outcome = await attemptApply(engine, id, selection, answers);
    if (outcome.type === 'applied') {
      if (!selection.paths) engine.chooseRun(candidate.roundId, id);
      return tell(engine, id, outcome.apply, answers.length > 0);
    }
    if (outcome.type === 'changed') attempt++;
    else {
      const { conflicts, edits } = outcome.plan;
      const open = conflicts.filter((conflict) => !answerTo(conflict, answers));
      const label = isComposition(candidate) ? 'your composition' : labelOf(candidate);
      const more = await resolveConflicts({ conflicts: open, label, fitting: edits.length });
      if (!more) return;
      answers = [...answers, ...more];
    }
  }
  throw new UserError({
    code: 'patch-conflict',
    message:
      'The files of the patch keep changing in the workspace, so nothing was applied. Wait until that ends, then try again.',
    action: { type: 'retry' },
  });
}

function attemptApply(
  engine: Engine,
  id: CandidateId,
  { paths }: ApplySelection,
  answers: readonly Answer[],
): Promise<Outcome> {
  const { task, candidate } = engine.candidate(id);
  const name = isComposition(candidate) ? 'your composition' : `the patch of ${labelOf(candidate)}`;
  const location = vscode.ProgressLocation.Notification;
  const progress = { location, title: `Applying ${name}`, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(progress, async (_progress, token): Promise<Outcome> => {
      const seen = new Map<string, FileState | undefined>();
      const signal = signalOf(token);
      const plan = await engine.planApply(id, rememberIn(seen, task), { paths, signal });
      const resolved = plan.conflicts.map((conflict) => ({ conflict, answer: answerTo(conflict, answers) }));
      if (resolved.some(({ answer }) => !answer)) return { type: 'conflicts', plan };
      const edits = [
        ...plan.edits,
        ...resolved.flatMap(({ conflict, answer }) => (answer ? editsOfResolution(conflict, answer.resolution) : [])),
      ];
      signal.throwIfAborted();
      if (edits.length === 0) return { type: 'applied', apply: undefined };
      const apply = await carryOut(engine, { folder: task.folder, name, candidate, edits, seen });
      return apply ? { type: 'applied', apply } : { type: 'changed' };
    }),
  );
}

/** Reads each file once, so that the whole plan is made from one look at it. */
function rememberIn(seen: Map<string, FileState | undefined>, { folder }: Task) {
  return async (path: string): Promise<FileState | undefined> => {
    if (!seen.has(path)) seen.set(path, await readState(folder, path));
    return seen.get(path);
  };
}

function answerTo(conflict: Answer['conflict'], answers: readonly Answer[]): Answer | undefined {
  return answers.findLast((answer) => isSameConflict(answer.conflict, conflict));
}

async function tell(engine: Engine, id: CandidateId, apply: Apply | undefined, wasAsked: boolean): Promise<void> {
  if (!apply) {
    const said = wasAsked ? 'Nothing was changed: all of your versions stay.' : 'The workspace already has this patch.';
    void vscode.window.showInformationMessage(said);
    return;
  }
  const changed = new Set(apply.files.map(({ path }) => path));
  const [secret, ...others] = (await engine.secretsInPatch(id)).filter(({ path }) => changed.has(path));
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const secretsNote = secret ? ` It has a secret in it: ${placeOf(secret)}${more}.` : '';
  const count = apply.files.length === 1 ? '1 file' : `${apply.files.length} files`;
  const said = `Applied ${apply.name} to ${count}.${secretsNote}`;
  void vscode.window.showInformationMessage(said, undo, review).then((picked) => {
    if (picked === undo) void vscode.commands.executeCommand('dursor.undoApply', apply.id);
    if (picked === review) void vscode.commands.executeCommand('workbench.view.scm');
  });
}
