import { createContext } from 'preact';
import type { Highlighter } from './highlighter.ts';
import { TokenStyles } from './tokenStyles.ts';

/** Loads the highlighter the first time it is called, and answers with the same one ever after. */
export type HighlighterSource = () => Promise<Highlighter>;

/** A highlighter of its own. */
export function highlighterSource(): HighlighterSource {
  let loading: Promise<Highlighter> | undefined;
  return () => {
    loading ??= import('./highlighter.ts').then((module) => new module.Highlighter(new TokenStyles()));
    return loading;
  };
}

/** The page's highlighter: loading a language takes a moment, so it outlives the file that is open. */
export const HighlighterContext = createContext(highlighterSource());
