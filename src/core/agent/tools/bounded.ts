/** `1 file`, `3 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The text, cut to a number of characters with a note of how much is missing. The note comes on top of the limit. */
export function bounded(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const kept = cutAt(text, maxCharacters);
  return `${kept}\n[cut: ${text.length - kept.length} more characters]`;
}

/** One line, cut to a number of characters with a mark. */
export function boundedLine(line: string, maxCharacters: number): string {
  if (line.length <= maxCharacters) return line;
  const kept = cutAt(line, maxCharacters);
  return `${kept}… [${line.length - kept.length} more characters]`;
}

/** How many of the lines, from the first, fit into a number of characters, line ends included. */
export function linesThatFit(lines: readonly string[], maxCharacters: number): number {
  let characters = 0;
  for (const [index, line] of lines.entries()) {
    characters += line.length + 1;
    if (characters > maxCharacters) return index;
  }
  return lines.length;
}

function cutAt(text: string, end: number): string {
  const last = text.charCodeAt(end - 1);
  // Half a surrogate pair is not valid in a request.
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, Math.max(0, splitsPair ? end - 1 : end));
}
