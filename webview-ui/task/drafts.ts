import { useEffect, useState } from 'preact/hooks';
import type { Host } from '../host.ts';

type Texts = Readonly<Record<string, string>>;

/** What was written but not sent, by task; kept when the view is closed. */
export class Drafts {
  readonly #page: Pick<Host, 'saved' | 'save'>;
  readonly #listeners = new Set<() => void>();
  #texts: Texts;

  constructor(page: Pick<Host, 'saved' | 'save'>) {
    this.#page = page;
    this.#texts = page.saved().drafts;
  }

  of(key: string): string {
    return this.#texts[key] ?? '';
  }

  write(key: string, text: string): void {
    const { [key]: _, ...others } = this.#texts;
    this.#texts = text ? { ...others, [key]: text } : others;
    this.#page.save({ drafts: this.#texts });
    for (const listener of this.#listeners) listener();
  }

  /** Puts a text behind what is written already. */
  append(key: string, text: string): void {
    this.write(key, [this.of(key).trimEnd(), text].filter(Boolean).join('\n\n'));
  }

  /** Returns a function that stops listening. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Draws again when a draft changes. */
export function useDrafts(drafts: Drafts): void {
  const [, redraw] = useState(0);
  useEffect(() => drafts.listen(() => redraw((count) => count + 1)), [drafts]);
}
