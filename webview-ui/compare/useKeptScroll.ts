import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FileId } from '../../src/protocol/comparePanel.ts';
import { usePanel } from './panelContext.ts';

/** How long nothing moves before the place is kept, in milliseconds. */
const rest = 150;
/** What a person scrolls with. */
const userEvents = ['wheel', 'keydown', 'pointerdown'];

/** Brings the stage back to where the user was in a file, or in the table, also over hiding and reload. */
export function useKeptScroll(parts: {
  readonly scroller: HTMLElement | null;
  readonly key: FileId;
  /** Whether there is something to scroll. */
  readonly isReady: boolean;
  /** Whether somebody else scrolls to a place of it. */
  readonly isPlaced: boolean;
}): void {
  const { scroller, key, isReady, isPlaced } = parts;
  const panel = usePanel();
  const wasPlaced = useRef(false);
  useLayoutEffect(() => {
    if (!scroller || !isReady) return;
    const wanted = isPlaced ? undefined : (panel.view.scroll[key] ?? 0);
    let isPlacing = wanted !== undefined;
    const place = () => {
      if (!isPlacing || wanted === undefined) return;
      scroller.scrollTop = wanted;
      isPlacing = Math.abs(scroller.scrollTop - wanted) > 1;
    };
    const leave = () => {
      isPlacing = false;
    };
    let last: number | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = () => {
      clearTimeout(timer);
      if (last !== undefined && !isPlacing) panel.keepScroll(key, last);
      last = undefined;
    };
    // Where it is is read while nothing waits for layout, which is so in scroll events and not when they have been worked on.
    const onScroll = () => {
      last = scroller.scrollTop;
      clearTimeout(timer);
      timer = setTimeout(remember, rest);
    };
    // At first it is at the top anyway, and to ask for it would cost a layout.
    if (wasPlaced.current || wanted !== 0) place();
    wasPlaced.current = true;
    // Rows may be laid out a moment later, and until then there is nothing to scroll.
    const observer = new ResizeObserver(place);
    for (const child of scroller.children) observer.observe(child);
    for (const event of userEvents) scroller.addEventListener(event, leave, { passive: true });
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      remember();
      observer.disconnect();
      for (const event of userEvents) scroller.removeEventListener(event, leave);
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [scroller, key, isReady]);
}
