import type { ModelProfile } from '../domain.ts';
import type { Problem } from '../problem.ts';

/** The answer hit its token limit with nothing in it to go on from. */
export function cutOff(profile: ModelProfile): Problem {
  const limit = profile.options.maxOutputTokens;
  const at = limit === undefined ? 'its output limit' : `its output limit of ${limit} tokens`;
  return {
    code: 'cut-off',
    message: `The model's answer was cut off at ${at}. Raise the maximum of output tokens of ${profile.label} in the setting dursor.models, then run it again.`,
    action: { type: 'open-settings', setting: 'dursor.models' },
  };
}

/** The model, or its provider's safety system, declined. */
export function refusedByModel(profile: ModelProfile): Problem {
  return {
    code: 'refused-by-model',
    message: `${profile.label} declined to work on this message. Word it differently, or choose another model.`,
  };
}

/** The run used up its steps. */
export function stepLimit(maxSteps: number): Problem {
  const steps = maxSteps === 1 ? '1 step' : `${maxSteps} steps`;
  return {
    code: 'step-limit',
    message: `The model wasn't done after ${steps}. Continue it, or raise the setting dursor.run.maxSteps.`,
    action: { type: 'open-settings', setting: 'dursor.run.maxSteps' },
  };
}

/** The run used up its time. */
export function timeLimit(maxSeconds: number): Problem {
  return {
    code: 'time-limit',
    message: `The model wasn't done after ${maxSeconds} seconds. Continue it, or raise the setting dursor.run.maxSeconds.`,
    action: { type: 'open-settings', setting: 'dursor.run.maxSeconds' },
  };
}

/** The model made one failing call over and over, also after it was told so. */
export function repeatedStep(call: string): Problem {
  return {
    code: 'step-limit',
    message: 'The model repeated the same failing step. Run it again, or choose another model.',
    action: { type: 'retry' },
    detail: call,
  };
}

/** The model went on without changing anything or reading anything new, also after it was told so. */
export function noProgress(profile: ModelProfile, steps: number): Problem {
  return {
    code: 'step-limit',
    message: `${profile.label} changed nothing and read nothing new in ${steps} steps in a row. Continue it, ask for something more definite, or choose another model.`,
    action: { type: 'retry' },
  };
}

/** The model answered with neither text nor a tool call, also after it was told so. */
export function emptyAnswer(profile: ModelProfile): Problem {
  return {
    code: 'malformed-answer',
    message: `${profile.label} answered with nothing, twice. Run it again, or choose another model.`,
    action: { type: 'retry' },
  };
}
