import type { Round, Run, Step, Task } from '../core/domain.ts';

/**
 * The runs by which a task differs from what it was, other than by text at the end of what a run says: that is told as it comes. Undefined
 * where more than runs changed. The engine keeps what did not change as it is, so identity tells.
 */
export function changedRuns(before: Task, after: Task): readonly Run[] | undefined {
  const { rounds: oldRounds, ...old } = before;
  const { rounds, ...rest } = after;
  if (rounds.length !== oldRounds.length || !hasSameParts(old, rest)) return undefined;
  const changed: Run[] = [];
  for (const [index, round] of rounds.entries()) {
    const runs = changedInRound(oldRounds[index] as Round, round);
    if (!runs) return undefined;
    changed.push(...runs);
  }
  return changed;
}

function changedInRound(before: Round, after: Round): readonly Run[] | undefined {
  const { runs: oldRuns, ...old } = before;
  const { runs, ...rest } = after;
  if (runs.length !== oldRuns.length || !hasSameParts(old, rest)) return undefined;
  return runs.filter((run, index) => !differsByText(oldRuns[index] as Run, run));
}

/** Whether a run is as it was, but for text at its end. */
function differsByText(before: Run, after: Run): boolean {
  if (before === after) return true;
  const { steps: oldSteps, ...old } = before;
  const { steps, ...rest } = after;
  if (!hasSameParts(old, rest)) return false;
  if (steps === oldSteps) return true;
  const last = steps.at(-1);
  const lastBefore = oldSteps.at(-1);
  const isLonger = steps.length === oldSteps.length + 1;
  if (last?.type !== 'text' || (!isLonger && steps.length !== oldSteps.length)) return false;
  const grown = isLonger || (lastBefore?.type === 'text' && last.text.startsWith(lastBefore.text));
  return grown && hasSameParts(withoutLast(steps), isLonger ? oldSteps : withoutLast(oldSteps));
}

function withoutLast(steps: readonly Step[]): readonly Step[] {
  return steps.slice(0, -1);
}

function hasSameParts(a: object, b: object): boolean {
  const parts = Object.entries(a);
  if (parts.length !== Object.keys(b).length) return false;
  return parts.every(([name, value]) => (b as Readonly<Record<string, unknown>>)[name] === value);
}
