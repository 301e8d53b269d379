import type { ConversationEntry } from '../agent/prompt.ts';
import { type Candidate, candidatesOf, isComposition } from '../composition.ts';
import { type CandidateId, type FileChange, isEnded, pathOf, type Round, type Run, type Task } from '../domain.ts';

/**
 * What was said and done on the way to a round, oldest first: the rounds it goes on from, each with the candidate that was taken.
 * A round that starts from a pull request goes on from what was pushed to it last.
 */
export function conversationBefore(task: Task, round: Round): readonly ConversationEntry[] {
  const before = stepBack(task, round);
  return before ? [...conversationBefore(task, before.round), entryOf(before.round, before.taken)] : [];
}

/** The round of the candidate that was gone on from; for one that started from the folder, the round before it. */
function stepBack(
  task: Task,
  round: Round,
): { readonly round: Round; readonly taken: Candidate | undefined } | undefined {
  const at = task.rounds.findIndex((other) => other.id === round.id);
  const earlier = task.rounds.slice(0, Math.max(0, at));
  for (const wanted of startedFrom(task, round)) {
    for (const before of earlier) {
      const taken = candidatesOf(before).find(({ id }) => id === wanted);
      if (taken) return { round: before, taken };
    }
  }
  const last = earlier.at(-1);
  return last && { round: last, taken: takenOf(last) };
}

/** The candidates whose work was in place when the round began, the last one first; none for one that started from the folder. */
function startedFrom(task: Task, { start, createdAt }: Round): readonly CandidateId[] {
  switch (start.from) {
    case 'workspace':
      return [];
    case 'run':
      return [start.runId];
    case 'pull-request': {
      const pull = task.pullRequests.find(({ runId }) => runId === start.pull);
      const updates = pull?.updates?.filter(({ at }) => at <= createdAt) ?? [];
      return [...updates.map(({ candidate }) => candidate).reverse(), start.pull];
    }
    default:
      return start satisfies never;
  }
}

/** The chosen candidate; where only one model was asked there was nothing to choose. */
function takenOf(round: Round): Candidate | undefined {
  const candidates = candidatesOf(round);
  return candidates.length === 1 ? candidates[0] : candidates.find(({ id }) => id === round.chosenRunId);
}

function entryOf({ message }: Round, taken: Candidate | undefined): ConversationEntry {
  if (!taken) return { message };
  const changes = taken.changes.map(changeLine);
  if (isComposition(taken))
    return { message, answer: `Parts of several answers were put together: ${taken.name}.`, changes };
  return isEnded(taken) ? { message, answer: answerOf(taken), changes } : { message };
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
