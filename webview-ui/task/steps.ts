import type { Step } from '../../src/core/domain.ts';

type ToolStep = Extract<Step, { type: 'tool' }>;

const words: Readonly<Record<string, readonly [done: string, doing: string]>> = {
  list_files: ['list', 'listing'],
  read_file: ['read', 'reading'],
  search: ['search', 'searching'],
  edit_file: ['edit', 'editing'],
  write_file: ['write', 'writing'],
  delete_file: ['delete', 'deleting'],
  move_file: ['move', 'moving'],
  apply_patch: ['patch', 'patching'],
  finish: ['finish', 'finishing'],
};

/** The steps that say something afterwards: no waiting, and no `finish`, whose summary has a place of its own. */
export function listedSteps(steps: readonly Step[]): readonly Step[] {
  return steps.filter((step) => step.type === 'text' || (step.type === 'tool' && step.tool !== 'finish'));
}

/** The verb of a step in a list: "read", or what became of it: "refused". */
export function stepWord(step: ToolStep): string {
  if (step.outcome === 'refused' || step.outcome === 'failed') return step.outcome;
  return words[step.tool]?.[0] ?? step.tool;
}

/** The verb of a step that is going on: "reading". */
export function stepDoing(step: ToolStep): string {
  return words[step.tool]?.[1] ?? step.tool;
}

/** What fits into a line of the narrowest view, in characters. */
const lineLength = 32;

/** Whether a step's line may be cut off where the view is narrow. */
export function hasMore({ target, detail }: ToolStep): boolean {
  return target.length + detail.length > lineLength || /\n/.test(target + detail);
}

/** The steps with streamed text behind the last of them, as a text step of its own where the last is none. */
export function withLiveText(steps: readonly Step[], text: string): readonly Step[] {
  if (!text) return steps;
  const last = steps.at(-1);
  if (last?.type === 'text') return [...steps.slice(0, -1), { type: 'text', text: last.text + text }];
  return [...steps, { type: 'text', text }];
}

/** Of a streamed text only the end is shown, at least and at most so many characters of it. */
const leastShown = 400;
const mostShown = 800;

/** From which character on a streamed text is shown. It moves rarely, because the lines break anew when it does. */
export function shownFrom(length: number): number {
  const step = mostShown - leastShown;
  return Math.max(0, Math.floor((length - leastShown) / step) * step);
}

/** Why a run stands still: "rate limited, goes on in 9 s". */
export function waitingText(step: Extract<Step, { type: 'waiting' }>, now: number): string {
  const seconds = Math.ceil((step.until - now) / 1000);
  return seconds > 0 ? `${step.reason}, goes on in ${seconds} s` : `${step.reason}, going on`;
}
