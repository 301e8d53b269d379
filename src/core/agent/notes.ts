/** What a model is told by the loop itself, in words of their own for each occasion. */

/** With this many steps left the model is told to come to an end. */
export const stepsToWarnAt = 3;

export const empty = 'Your answer was empty. Go on with the work, or call finish with a summary of what you did.';
export const announced =
  'You said what you are about to do, but made no call, so nothing was done. Do it now with the tools. If everything is done already, call finish with a summary.';
export const cutOff =
  'Your answer was cut off at its token limit. The calls above were complete and were carried out; anything after them was lost. Write shorter answers.';
export const repeated =
  'This same call has now failed three times. Do it differently, do something else, or call finish and say what did not work.';
export const idle =
  'Your last steps changed nothing and brought nothing new. Make the change now with what you know, or call finish and say what is missing.';
export const fewSteps = `Only ${stepsToWarnAt} more answers are left. Come to an end, then call finish.`;

/** Stands for the summary of a model that gave none. */
export const noSummary = 'The model changed files but gave no summary.';

const maxNamed = 10;

/** To be told when the model wants to end with files in which only white space is different. */
export function reformatted(paths: readonly string[]): string {
  const named = paths.slice(0, maxNamed).join(', ');
  const more = paths.length > maxNamed ? ` and ${paths.length - maxNamed} more` : '';
  return `Not finished yet: in these files your changes are white space only, which was not asked for: ${named}${more}. Put them back as they were, unless the change is needed. Then call finish again.`;
}
