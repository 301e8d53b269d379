import type { Round } from '../../src/core/domain.ts';

/** A round's message as people read it. */
export interface MessageParts {
  /** What was asked, by the user or on GitHub. */
  readonly asked: string;
  /** What dursor tells the models of how to take that; empty for nothing. */
  readonly rules: string;
}

/** How the models are told what is quoted, in a line that isn't quoted itself. */
const caution = /^(?!>).*Lines that begin with ">" are quoted from GitHub/m;

/** What was asked comes first, and the rules of a message that quotes GitHub behind it. Nothing is left out. Pure. */
export function messageParts({ message, start }: Pick<Round, 'message' | 'start'>): MessageParts {
  const paragraphs = message.split('\n\n');
  const at = start.from === 'pull-request' ? paragraphs.findIndex((paragraph) => caution.test(paragraph)) : -1;
  if (at < 0 || paragraphs.length === 1) return { asked: message, rules: '' };
  return { asked: paragraphs.toSpliced(at, 1).join('\n\n'), rules: paragraphs[at] ?? '' };
}
