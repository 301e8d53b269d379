/** A part of a list of rows of one height, in pixels. */
export interface RowsInView {
  /** How far the list is scrolled up, counted from its own top; negative while its top is further down. */
  readonly top: number;
  /** How much of the list can be seen. */
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
}

/** Rows are laid out in steps, so that scrolling by a line draws nothing anew. */
const step = 4;
/** How many rows are there above and below, so that none is missing when scrolling fast. */
const spare = 8;

/** The rows to lay out: those in view and some around them; `end` is not one of them. */
export function rowsInView({ top, height, rowHeight, count }: RowsInView): {
  readonly start: number;
  readonly end: number;
} {
  const first = Math.floor(Math.max(0, top) / rowHeight / step) * step - spare;
  const last = Math.ceil((Math.max(0, top) + Math.max(0, height)) / rowHeight / step) * step + spare;
  const start = Math.min(Math.max(0, first), count);
  return { start, end: Math.max(start, Math.min(last, count)) };
}

/** The indexes to lay out, ascending; with the one that has the focus, wherever it is. */
export function indexesOf(range: { readonly start: number; readonly end: number }, kept: number): readonly number[] {
  const indexes = Array.from({ length: range.end - range.start }, (_, index) => range.start + index);
  if (kept < 0 || (kept >= range.start && kept < range.end)) return indexes;
  return kept < range.start ? [kept, ...indexes] : [...indexes, kept];
}
