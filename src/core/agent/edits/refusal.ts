import { nearestText } from '../tools/nearestText.ts';

/** Why an edit can't be made: `detail` for people, `message` for the model. */
export interface Refusal {
  readonly ok: false;
  readonly detail: string;
  readonly message: string;
}

export const maxListed = 10;

export function refuse(detail: string, message: string): Refusal {
  return { ok: false, detail, message };
}

/** The text is nowhere, not even nearly. */
export function noMatch(what: string, text: string, wanted: string): Refusal {
  const nearest = nearestText(text, wanted) ?? 'Nothing in the file is like it. Read the file again.';
  return refuse('no match', `${what} is not in the file (0 matches). ${nearest}`);
}

/** The text is at several places. `rows` count from 0, and need not be all of the `count`; `how`: in what the places may differ from it. */
export function severalMatches(what: string, rows: readonly number[], count: number, how: string): Refusal {
  const lines = rows.slice(0, maxListed).map((row) => row + 1);
  const more = count > lines.length ? ', …' : '';
  return refuse(
    `${count} matches`,
    `${what} is in the file ${count} times${how === '' ? '' : `, but for ${how}`}, beginning at lines ${lines.join(', ')}${more}. Take in more of the lines around the place you mean, so that it is there once.`,
  );
}
