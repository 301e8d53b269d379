import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Content that is cut after some lines, with a button to see the rest. */
export function Collapsible(props: { readonly lines: 6 | 10; readonly children: ComponentChildren }): JSX.Element {
  const content = useRef<HTMLDivElement>(null);
  const [isLong, setLong] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    const element = content.current;
    if (!element) return;
    const measure = () => {
      if (!element.classList.contains('open')) setLong(element.scrollHeight > element.clientHeight + 2);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return (
    <div class="cut">
      <div
        ref={content}
        onFocusIn={() => isLong && setOpen(true)}
        class={`cut-content lines-${props.lines} ${isOpen ? 'open' : isLong ? 'is-cut' : ''}`}
      >
        {props.children}
      </div>
      {isLong && (
        <button type="button" class="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Show Less' : 'Show More'}
        </button>
      )}
    </div>
  );
}
