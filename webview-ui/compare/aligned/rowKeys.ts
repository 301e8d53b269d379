/** The key of an unchanged line's row. */
export function contextKey(line: number): string {
  return `c${line}`;
}

/** The key of a row of a region. */
export function codeKey(regionId: string, row: number): string {
  return `t${regionId}:${row}`;
}
