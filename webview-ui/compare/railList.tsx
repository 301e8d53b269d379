import type { JSX, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { moveInGrid } from './gridMove.ts';
import { useRowsInView } from './useRowsInView.ts';

/** In pixels; rail.css has the same. */
const rowHeight = 22;

/** What the button of a row must have, so that the list is one stop for Tab and arrows move within. */
export interface RailButton {
  readonly tabIndex: number;
  readonly 'aria-current': boolean;
  readonly 'data-row': number;
  readonly onFocus: () => void;
}

/** A list of the rail, of which only the rows in view are in the page. */
export function RailList(props: {
  readonly class: string;
  readonly labelledBy: string;
  readonly count: number;
  /** The row that is brought into view; -1 for none. */
  readonly selected: number;
  readonly keyOf: (index: number) => string;
  /** Makes a row's button; a new function where rows have to be made anew. */
  readonly row: (index: number, button: RailButton) => VNode | undefined;
}): JSX.Element {
  const { labelledBy, count, selected, keyOf, row } = props;
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState(0);
  const wantsFocus = useRef(false);
  const kept = Math.min(focused, count - 1);
  // The rail's two lists share its height.
  const expected = window.innerHeight / 2;
  const shown = useRowsInView({ scroller, list, count, rowHeight, covered: 0, kept, expected });

  useLayoutEffect(() => {
    if (selected >= 0) {
      setFocused(selected);
      if (scroller) reveal(scroller, selected);
    }
  }, [selected, scroller]);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    list.current?.querySelector<HTMLElement>(`[data-row="${kept}"]`)?.focus();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const next = moveInGrid({ row: kept, column: 0 }, event.key, { rows: count, columns: 1 });
    if (!next || next.row === kept || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    wantsFocus.current = true;
    setFocused(next.row);
  };

  const items = useMemo(
    () =>
      shown.map((index) => (
        <li key={keyOf(index)} aria-setsize={count} aria-posinset={index + 1} style={{ top: `${index * rowHeight}px` }}>
          {row(index, {
            tabIndex: index === kept ? 0 : -1,
            'aria-current': index === selected,
            'data-row': index,
            onFocus: () => setFocused(index),
          })}
        </li>
      )),
    [shown.join(), count, kept, selected, keyOf, row],
  );
  return (
    <div class={`rail-list ${props.class}`} ref={setScroller}>
      <ul aria-labelledby={labelledBy} ref={list} style={{ height: `${count * rowHeight}px` }} onKeyDown={onKeyDown}>
        {items}
      </ul>
    </div>
  );
}

/** Moves the list as little as is needed to see a row, which may not be laid out. */
function reveal(scroller: HTMLElement, row: number): void {
  const top = row * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else scroller.scrollTop = Math.max(scroller.scrollTop, top + rowHeight - scroller.clientHeight);
}
