import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { indexesOf, rowsInView } from './virtualRows.ts';

/** A list inside a scroller; its rows all have one height, in pixels. */
export interface RowList {
  readonly scroller: HTMLElement | null;
  readonly list: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly rowHeight: number;
  /** How much of the scroller's top is covered by what sticks to it. */
  readonly covered: number;
  /** The row that has the focus, or would get it: it stays laid out wherever it is. */
  readonly kept: number;
  /** How much of it will be in view, as long as that can't be measured; all of the window's height unless it is known better. */
  readonly expected?: number;
}

/** The indexes of the rows to lay out, renewed as the scroller moves and changes its size. */
export function useRowsInView(parts: RowList): readonly number[] {
  const { scroller, list, count, rowHeight, covered, kept, expected = window.innerHeight } = parts;
  const [range, setRange] = useState(() => rowsInView({ top: 0, height: expected, rowHeight, count }));
  useLayoutEffect(() => {
    if (!scroller) return;
    const measure = () => {
      if (!list.current) return;
      const top = scroller.getBoundingClientRect().top + covered - list.current.getBoundingClientRect().top;
      const next = rowsInView({ top, height: scroller.clientHeight - covered, rowHeight, count });
      setRange((last) => (last.start === next.start && last.end === next.end ? last : next));
    };
    // Its first call comes with the first layout; measuring here would ask for one more.
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    scroller.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', measure);
    };
  }, [scroller, list, count, rowHeight, covered]);
  const end = Math.min(range.end, count);
  return indexesOf({ start: Math.min(range.start, end), end }, kept < count ? kept : -1);
}
