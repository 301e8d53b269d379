import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Run } from '../../src/core/domain.ts';
import { shownFrom, withLiveText } from './steps.ts';
import { useTaskContext } from './taskContext.ts';

/**
 * The end of what a run says, as it comes. New text is put behind what is there, without drawing anything else again: eight runs that
 * stream at once do this a hundred times a second.
 */
export function StreamText({ run }: { readonly run: Run }): JSX.Element {
  const { live } = useTaskContext();
  const place = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const node = new Text();
    place.current?.replaceChildren(node);
    let from = 0;
    let length = 0;
    const show = () => {
      const last = withLiveText(run.steps, live.textOf(run.id)).at(-1);
      const text = last?.type === 'text' ? last.text.trimEnd() : '';
      const start = shownFrom(text.length);
      if (start === from && text.length >= length) node.appendData(text.slice(length));
      else node.data = text.slice(start);
      from = start;
      length = text.length;
    };
    show();
    return live.listen(run.id, show);
  }, [live, run]);
  return (
    <div class="stream quiet">
      <p class="plain" ref={place} />
    </div>
  );
}
