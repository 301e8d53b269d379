import type { Step } from '../domain.ts';
import { boundedLine } from './tools/bounded.ts';

const maxText = 600;

/** What a run did, a line a step, oldest first; of a long one the end. */
export function accountOf(steps: readonly Step[], maxCharacters: number): string {
  const lines = steps.flatMap(lineOf);
  let room = maxCharacters;
  const first = lines.findLastIndex((line) => {
    room -= line.length + 1;
    return room < 0;
  });
  const kept = lines.slice(first + 1);
  return [...(first >= 0 ? [`(${first + 1} earlier lines left out)`] : []), ...kept].join('\n');
}

/** One call as a line: what it worked on, and what came of it. */
export function callLine({
  tool,
  target,
  detail,
}: Pick<Extract<Step, { type: 'tool' }>, 'tool' | 'target' | 'detail'>): string {
  return `${[tool, target].filter((part) => part !== '').join(' ')}: ${detail}`;
}

function lineOf(step: Step): string[] {
  switch (step.type) {
    case 'text': {
      const text = step.text.trim().replace(/\s+/g, ' ');
      return text === '' ? [] : [`You said: ${boundedLine(text, maxText)}`];
    }
    case 'tool':
      return [`- ${callLine(step)}`];
    case 'waiting':
      return [];
    default:
      return step satisfies never;
  }
}
