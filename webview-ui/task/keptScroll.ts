import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Host } from '../host.ts';

/** How near to the bottom, in pixels, still counts as being there. */
const nearBottom = 24;

/** Keeps the newest in view while it is, and else the place where the user was, also over a reload. */
export function useKeptScroll(page: Host, key: string): RefObject<HTMLElement | null> {
  const scroller = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (!element || !content) return;
    let isAtBottom = page.saved().scroll[key] === undefined;

    const place = () => {
      if (isAtBottom) element.scrollTop = element.scrollHeight;
    };
    let lastTop = 0;
    const follow = () => {
      const { scrollTop } = element;
      // Growing content must not count as leaving the bottom; only moving up does.
      if (element.scrollHeight - scrollTop - element.clientHeight < nearBottom) isAtBottom = true;
      else if (scrollTop < lastTop) isAtBottom = false;
      lastTop = scrollTop;
    };
    const remember = () => {
      const { [key]: _, ...others } = page.saved().scroll;
      page.save({ scroll: isAtBottom ? others : { ...others, [key]: element.scrollTop } });
    };

    if (isAtBottom) place();
    else element.scrollTop = page.saved().scroll[key] ?? 0;
    const observer = new ResizeObserver(place);
    observer.observe(content);
    observer.observe(element);
    element.addEventListener('scroll', follow);
    element.addEventListener('scrollend', remember);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', follow);
      element.removeEventListener('scrollend', remember);
    };
  }, [page, key]);
  return scroller;
}
