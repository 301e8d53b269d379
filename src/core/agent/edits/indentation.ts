/** How a model indented a line, and how the file does. */
export interface IndentPair {
  readonly written: string;
  readonly inFile: string;
}

export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/**
 * A new line with the indentation that the file has where the model has the line's: `pairs` are of lines that are in both, the closest
 * first. An indentation that none of them has is counted from the one it is nearest to, in the file's own tabs or spaces.
 */
export function reindent(line: string, pairs: readonly IndentPair[]): string {
  if (line.trim() === '' || pairs.every(({ written, inFile }) => written === inFile)) return line;
  const indent = indentOf(line);
  const same = pairs.find(({ written }) => written === indent);
  if (same) return same.inFile + line.slice(indent.length);
  const outer = pairs
    .filter(({ written }) => indent.startsWith(written))
    .reduce<IndentPair | undefined>(
      (best, pair) => (best && best.written.length >= pair.written.length ? best : pair),
      undefined,
    );
  return (outer ? deeper(indent, outer, pairs) : shallower(indent, pairs)) + line.slice(indent.length);
}

function deeper(indent: string, outer: IndentPair, pairs: readonly IndentPair[]): string {
  const more = indent.slice(outer.written.length);
  const usesTabs = pairs.some(({ inFile }) => inFile.includes('\t'));
  const usesSpaces = pairs.some(({ inFile }) => inFile.startsWith(' '));
  if (usesTabs && !usesSpaces && !more.includes('\t')) {
    const step = stepOf(pairs.map(({ written }) => written).concat(indent));
    return outer.inFile + '\t'.repeat(Math.max(1, Math.round(more.length / step)));
  }
  if (usesSpaces && !usesTabs && more.includes('\t')) {
    return outer.inFile + more.replaceAll('\t', ' '.repeat(stepOf(pairs.map(({ inFile }) => inFile))));
  }
  return outer.inFile + more;
}

/** Less indented than every line there is to compare with. */
function shallower(indent: string, pairs: readonly IndentPair[]): string {
  const [first, ...others] = pairs;
  if (first === undefined) return indent;
  const nearest = others.reduce((best, pair) => (pair.written.length < best.written.length ? pair : best), first);
  const missing = nearest.written.length - indent.length;
  if (missing <= 0) return nearest.inFile;
  const inOtherUnits = nearest.inFile.includes('\t') !== nearest.written.includes('\t');
  const step = inOtherUnits ? stepOf(pairs.map(({ written }) => written)) : 1;
  const width = nearest.inFile.includes('\t') || !inOtherUnits ? 1 : 4;
  return nearest.inFile.slice(0, Math.max(0, nearest.inFile.length - Math.round(missing / step) * width));
}

/** The smallest indentation there is: one level. */
function stepOf(indents: readonly string[]): number {
  const widths = indents.filter((indent) => /^ +$/.test(indent)).map((indent) => indent.length);
  return widths.length === 0 ? 4 : Math.min(...widths);
}
