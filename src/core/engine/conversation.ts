import type { ConversationEntry } from '../agent/prompt.ts';
import { type FileChange, isEnded, pathOf, type Round, type Run, type Task } from '../domain.ts';

/** What was said and done on the way to a round, oldest first: the rounds it goes on from, each with the run that was taken. */
export function conversationBefore(task: Task, round: Round): readonly ConversationEntry[] {
  const before = stepBack(task, round);
  return before ? [...conversationBefore(task, before.round), entryOf(before.round, before.run)] : [];
}

/** The round of the run that was gone on from; for one that started from the folder, the round before it. */
function stepBack(task: Task, round: Round): { readonly round: Round; readonly run: Run | undefined } | undefined {
  const at = task.rounds.findIndex((other) => other.id === round.id);
  const earlier = task.rounds.slice(0, Math.max(0, at));
  const { start } = round;
  if (start.from === 'run') {
    for (const candidate of earlier) {
      const run = candidate.runs.find(({ id }) => id === start.runId);
      if (run) return { round: candidate, run };
    }
  }
  const last = earlier.at(-1);
  return last && { round: last, run: takenOf(last) };
}

/** The chosen run; where only one model was asked there was nothing to choose. */
function takenOf({ runs, chosenRunId }: Round): Run | undefined {
  return runs.length === 1 ? runs[0] : runs.find((run) => run.id === chosenRunId);
}

function entryOf({ message }: Round, run: Run | undefined): ConversationEntry {
  if (!run || !isEnded(run)) return { message };
  return { message, answer: answerOf(run), changes: run.changes.map(changeLine) };
}

function answerOf({ state, steps }: Run): string {
  if (state.status === 'succeeded') return state.summary;
  const said = steps.findLast((step) => step.type === 'text')?.text.trim() ?? '';
  return `${said}\n\n(This was stopped before it was done.)`.trim();
}

/** `src/a.ts (+3 −1)`, `src/b.ts (added, +9 −0)`. */
function changeLine(change: FileChange): string {
  const { kind, lines, base } = change;
  const notes = [
    ...(kind === 'modified' ? [] : [kind === 'renamed' ? `renamed from ${base?.path}` : kind]),
    ...(lines ? [`+${lines.added} −${lines.removed}`] : []),
  ];
  return `${pathOf(change)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}
