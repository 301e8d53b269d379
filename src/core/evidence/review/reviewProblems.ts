import type { ModelProfile } from '../../domain.ts';
import type { Problem } from '../../problem.ts';

/** The candidates' changes alone are more than the model takes. Counts are of tokens. */
export function doesNotFit({ label }: ModelProfile, needed: number, room: number): Problem {
  return {
    code: 'context-too-long',
    message: `The changes of all candidates together are too long for ${label} to review: about ${thousands(needed)} tokens, and it has room for ${thousands(room)}. Choose a reviewer with a larger context.`,
  };
}

/** The service found the request too long. */
export function foundTooLong({ label }: ModelProfile, detail?: string): Problem {
  return {
    code: 'context-too-long',
    message: `The candidates are too long for ${label} to review. Choose a reviewer with a larger context.`,
    ...(detail !== undefined && { detail }),
  };
}

/** The model, or its provider's safety system, declined. */
export function declined({ label }: ModelProfile): Problem {
  return {
    code: 'refused-by-model',
    message: `${label} declined to review these candidates. Choose another reviewer.`,
  };
}

/** The answer hit its token limit before the review was complete. */
export function cutOff({ label }: ModelProfile): Problem {
  return {
    code: 'cut-off',
    message: `The review by ${label} was cut off at its output limit, so nothing of it is used. Raise the maximum of output tokens of ${label} in the setting dursor.models, then review again.`,
    action: { type: 'open-settings', setting: 'dursor.models' },
  };
}

/** There was no usable review, also after the model was told what was wrong. `detail` is for the log. */
export function malformed({ label }: ModelProfile, detail: string): Problem {
  return {
    code: 'malformed-answer',
    message: `${label} gave no usable review, twice, so nothing of it is used. Review again, or choose another reviewer.`,
    action: { type: 'retry' },
    detail,
  };
}

function thousands(tokens: number): string {
  return `${Math.ceil(tokens / 1000)},000`;
}
