import { useContext, useEffect, useState } from 'preact/hooks';
import type { OpenFile, SyntaxTheme } from '../../../src/protocol/comparePanel.ts';
import { FileSyntax } from './fileSyntax.ts';
import { HighlighterContext } from './highlighterContext.ts';
import { languageFor, loaderOf } from './languages.ts';

/** How long a slice of work may take, in milliseconds: a part of a frame. */
const slice = 5;
/** For how long after scrolling frames are left to that, in milliseconds. */
const rest = 120;

/** What is coloured, and in which colours. */
export interface SyntaxSource {
  readonly file: OpenFile;
  readonly base: readonly string[];
  readonly theme: SyntaxTheme | undefined;
  /** Colours wait while this scrolls. */
  readonly scroller: HTMLElement;
}

/** The syntax of a file, once its language is loaded; worked out while the page is idle. `onProgress`: more of it is known. */
export function useSyntax(
  { file, base, theme, scroller }: SyntaxSource,
  onProgress: () => void,
): FileSyntax | undefined {
  const [syntax, setSyntax] = useState<{ readonly base: readonly string[]; readonly file: FileSyntax }>();
  const highlighter = useContext(HighlighterContext);
  const language = file.type === 'lines' ? languageFor(file.language, file.path) : undefined;

  useEffect(() => {
    let isOver = false;
    const loader = language === undefined ? undefined : loaderOf(language);
    const load = async () => {
      const tokenizer = loader && theme ? await (await highlighter()).tokenizer(loader, theme) : undefined;
      if (!isOver) setSyntax(tokenizer && { base, file: new FileSyntax(tokenizer, base) });
    };
    void load();
    return () => {
      isOver = true;
    };
  }, [language, base, theme, highlighter]);

  const current = syntax?.base === base ? syntax.file : undefined;
  useEffect(() => {
    if (!current) return undefined;
    current.setRegions(file.regions);
    return whileIdle(scroller, (isOver) => {
      const isDone = current.work(isOver);
      onProgress();
      return isDone;
    });
  }, [current, file.regions, scroller, onProgress]);
  return current;
}

/** Calls `work` again and again while the page is idle, until it answers true or the returned function is called. */
function whileIdle(scroller: HTMLElement, work: (isOver: () => boolean) => boolean): () => void {
  let scrolledAt = Number.NEGATIVE_INFINITY;
  const onScroll = () => {
    scrolledAt = performance.now();
  };
  const step = (deadline: IdleDeadline) => {
    const now = performance.now();
    if (now - scrolledAt < rest) {
      timer = setTimeout(request, rest);
      return;
    }
    const end = now + Math.max(1, Math.min(slice, deadline.timeRemaining()));
    if (!work(() => performance.now() >= end)) request();
    else scroller.removeEventListener('scroll', onScroll);
  };
  const request = () => {
    handle = requestIdleCallback(step, { timeout: 200 });
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let handle = 0;
  scroller.addEventListener('scroll', onScroll, { passive: true });
  request();
  return () => {
    scroller.removeEventListener('scroll', onScroll);
    clearTimeout(timer);
    cancelIdleCallback(handle);
  };
}
