/** A line of a file and what ends it: nothing only for a last line without a line end. */
export interface TextLine {
  readonly text: string;
  readonly end: LineEnd | '';
}

export type LineEnd = '\n' | '\r\n' | '\r';

/** The lines of a text with their ends; a final line end does not make another line. Joined again they are the same text. */
export function splitLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  const hasReturns = text.includes('\r');
  let start = 0;
  while (start < text.length) {
    const at = hasReturns ? nextEnd(text, start) : text.indexOf('\n', start);
    if (at === -1) {
      lines.push({ text: text.slice(start), end: '' });
      break;
    }
    const end = text[at] === '\n' ? '\n' : text[at + 1] === '\n' ? '\r\n' : '\r';
    lines.push({ text: text.slice(start, at), end });
    start = at + end.length;
  }
  return lines;
}

function nextEnd(text: string, start: number): number {
  const ends = /[\r\n]/g;
  ends.lastIndex = start;
  return ends.exec(text)?.index ?? -1;
}

export function joinLines(lines: readonly TextLine[]): string {
  return lines.map(({ text, end }) => text + end).join('');
}

/** The lines of what a model wrote, whatever their ends; a final line end does not make another line. */
export function plainLines(text: string): string[] {
  return splitLines(text).map((line) => line.text);
}

/** The line end that most lines have, the first of them when several are as common; `\n` when there is none. */
export function usualEnd(lines: readonly TextLine[]): LineEnd {
  const counts = new Map<LineEnd, number>();
  for (const { end } of lines) if (end !== '') counts.set(end, (counts.get(end) ?? 0) + 1);
  let usual: LineEnd = '\n';
  for (const [end, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = end;
  return usual;
}

/** Both plain and Windows line ends are in the text. */
export function hasMixedEnds(text: string): boolean {
  return text.includes('\r\n') && /(?<!\r)\n/.test(text);
}
