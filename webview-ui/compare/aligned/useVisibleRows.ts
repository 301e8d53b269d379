import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { anchorsAt, topFor } from './anchor.ts';
import type { Offsets } from './offsets.ts';
import type { AlignedModel } from './rowModel.ts';

/** How far beyond what is in sight rows are made, in pixels. */
const beyond = 500;
/** How near the end of the made rows may come before more are. */
const margin = 400;

/** All rows, where they are, and the scroller they are in. */
export interface RowView {
  readonly model: AlignedModel;
  readonly offsets: Offsets;
  readonly scroller: HTMLElement;
  readonly headsHeight: number;
  readonly container: RefObject<HTMLElement | null>;
}

/** Rows by index; `last` is the last one. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The rows to have in the page. When rows change, what is in sight stays where it is; `preferred` names the row that it matters most for.
 * The answer's `scrollTo` brings a height (in pixels from the first row's top) to the top of what is in sight.
 */
export function useVisibleRows(
  view: RowView,
  preferred: string | undefined,
): RowRange & { readonly scrollTo: (height: number) => void; readonly sight: () => { top: number; bottom: number } } {
  const { model, offsets, scroller, headsHeight, container } = view;
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  const shown = useRef<{ model: AlignedModel; offsets: Offsets } & RowRange>(undefined);
  const origin = useRef(0);

  const sight = () => {
    const top = scroller.scrollTop + headsHeight - origin.current;
    return { top, bottom: top + scroller.clientHeight - headsHeight };
  };
  const seen = sight();
  let moveTo: number | undefined;
  if (shown.current && shown.current.offsets !== offsets && scroller.scrollTop > 0) {
    moveTo = topFor(anchorsAt(shown.current.model, shown.current.offsets, { ...seen, preferred }), model, offsets);
  }
  const by = moveTo === undefined ? 0 : moveTo - seen.top;
  const first = Math.max(0, offsets.indexAt(seen.top + by - beyond));
  const last = offsets.indexAt(seen.bottom + by + beyond);

  const scrollTo = (height: number) => {
    measure(container.current, scroller, origin);
    scroller.scrollTop = height - headsHeight + origin.current;
  };
  useLayoutEffect(() => {
    if (moveTo !== undefined && Math.abs(by) >= 1) scrollTo(moveTo);
    shown.current = { model, offsets, first, last };
  });

  useLayoutEffect(() => {
    measure(container.current, scroller, origin);
    redraw(undefined);
  }, [scroller, headsHeight, container]);

  useEffect(() => {
    const onScroll = () => {
      const made = shown.current;
      if (!made) return;
      measure(container.current, scroller, origin);
      const top = scroller.scrollTop + headsHeight - origin.current;
      const bottom = top + scroller.clientHeight - headsHeight;
      const lacksAbove = made.first > 0 && made.offsets.startOf(made.first) > top - margin;
      const lacksBelow = made.last < made.offsets.count - 1 && made.offsets.startOf(made.last + 1) < bottom + margin;
      if (lacksAbove || lacksBelow) redraw(undefined);
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => scroller.removeEventListener('scroll', onScroll);
  }, [scroller, headsHeight, container]);

  return { first, last, scrollTo, sight };
}

/** Where the rows begin in what is scrolled. Read when nothing waits for layout: in scroll events and when the page was laid out anew. */
function measure(element: HTMLElement | null, scroller: HTMLElement, origin: { current: number }): void {
  if (!element) return;
  origin.current = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
}
