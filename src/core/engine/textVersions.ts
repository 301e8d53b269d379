/** A file's bytes, or undefined where there is no file. */
export type Content = Uint8Array | undefined;

/** Whether two contents are the same but for line endings: Git may keep text with LF that is checked out with CRLF. */
export function isSame(a: Content, b: Content): boolean {
  if (!a || !b) return a === b;
  return Buffer.from(a).equals(b) || Buffer.from(withLineFeeds(a)).equals(withLineFeeds(b));
}

/** Text with CRLF as LF; binary content as it is. */
export function withLineFeeds(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(13) || bytes.includes(0)) return bytes;
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** The version that `current` was most likely made from: the one with the fewest other lines; of equals the last. */
export function nearest(current: Uint8Array, versions: readonly Content[]): Content {
  let best: Content;
  let fewest = Number.POSITIVE_INFINITY;
  for (const version of versions) {
    const count = otherLines(current, version);
    if (count > fewest) continue;
    best = version;
    fewest = count;
  }
  return best;
}

/** How many lines only one of two contents has. Where in the file a line is doesn't matter. */
function otherLines(a: Content, b: Content): number {
  const balance = new Map<string, number>();
  for (const line of linesOf(a)) balance.set(line, (balance.get(line) ?? 0) + 1);
  for (const line of linesOf(b)) balance.set(line, (balance.get(line) ?? 0) - 1);
  return [...balance.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}

function linesOf(bytes: Content): readonly string[] {
  return bytes ? Buffer.from(withLineFeeds(bytes)).toString('latin1').split('\n') : [];
}
