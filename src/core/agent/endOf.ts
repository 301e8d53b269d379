import type { ModelProfile } from '../domain.ts';
import type { Problem } from '../problem.ts';
import type { Answer } from './answer.ts';
import * as problems from './runProblems.ts';

/** Answers in a row that may be cut off, as long as each has a complete tool call. */
const maxCutOffs = 3;

/** Why the run can't go on after this answer. A cut-off answer with complete calls in it is progress, a few times. */
export function endOf({ end, toolCalls }: Answer, cutOffs: number, profile: ModelProfile): Problem | undefined {
  switch (end.reason) {
    case 'error':
      return end.failure.problem;
    case 'refusal':
      return problems.refusedByModel(profile);
    case 'length':
      return toolCalls.length === 0 || cutOffs > maxCutOffs ? problems.cutOff(profile) : undefined;
    case 'stop':
    case 'tool-calls':
      return undefined;
    default:
      return end satisfies never;
  }
}
