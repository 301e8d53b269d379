/** The lines of a text, each with its own line ending; the last may lack one. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its ending. */
export function shownText(line: string): string {
  if (!line.endsWith('\n')) return line;
  return line.endsWith('\r\n') ? line.slice(0, -2) : line.slice(0, -1);
}

/** What to say about a line's ending, where that alone tells it from `other`. */
export function endingNote(line: string, other: string): string | undefined {
  if (line === other || shownText(line) !== shownText(other)) return undefined;
  if (!line.endsWith('\n')) return 'no line ending';
  return line.endsWith('\r\n') ? 'ends in CRLF' : 'ends in LF';
}
