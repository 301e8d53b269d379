import { applyLines, type LinesEdit } from './hunks.ts';
import { newLinesOf, oldLinesOf } from './lineChanges.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { StageName } from './stages.ts';
import { applyTextEdit, type Edited, type TextEdit } from './textEdit.ts';

/** A change of a file's text, in whichever form a model gave it. */
export type Edit = TextEdit | LinesEdit | BlockEdit;

/** Whole lines for whole lines, or, where no lines are like that, a part of a line for another. */
export interface BlockEdit {
  readonly kind: 'block';
  readonly lines: LinesEdit;
}

/** The edited text, and for each edit how its place was found; or why there is none. */
export type EditResult = { readonly ok: true; readonly text: string; readonly stages: readonly StageName[] } | Refusal;

/** Makes the edits one after another, each on the result of the one before. All of them, or none. */
export function applyEdits(original: string, edits: readonly Edit[]): EditResult {
  let text = original;
  const stages: StageName[] = [];
  for (const [index, edit] of edits.entries()) {
    const result = applyEdit(text, edit);
    if (!result.ok) {
      if (edits.length === 1) return result;
      const which = `Edit ${index + 1} of ${edits.length}`;
      return { ...result, message: `${which} can't be made, so none was. ${result.message}` };
    }
    text = result.text;
    stages.push(result.stage);
  }
  const saysHowItEnds = edits.some((edit) => edit.kind === 'lines' && edit.finalLineEnd !== undefined);
  if (!saysHowItEnds && original.endsWith('\n') && text !== '' && !text.endsWith('\n')) {
    text += original.endsWith('\r\n') ? '\r\n' : '\n';
  }
  if (text === original)
    return refuse('no change', 'The edit leaves the file as it was: what it puts there is there already.');
  return { ok: true, text, stages };
}

function applyEdit(text: string, edit: Edit): Edited | Refusal {
  switch (edit.kind) {
    case 'text':
      return applyTextEdit(text, edit);
    case 'lines':
      return applyLines(text, edit);
    case 'block':
      return applyBlock(text, edit);
    default:
      return edit satisfies never;
  }
}

function applyBlock(text: string, { lines }: BlockEdit): Edited | Refusal {
  const result = applyLines(text, lines);
  const [hunk] = lines.hunks;
  if (result.ok || result.detail !== 'no match' || hunk === undefined) return result;
  const oldText = oldLinesOf(hunk.changes).join('\n');
  const partial = applyTextEdit(text, { kind: 'text', oldText, newText: newLinesOf(hunk.changes).join('\n') });
  return partial.ok ? partial : result;
}
