import { useState } from 'preact/hooks';
import type { Host } from '../host.ts';

type Drafts = Readonly<Record<string, string>>;

/** What was written but not sent, by task; kept when the view is closed. */
export function useDrafts(page: Host): readonly [drafts: Drafts, write: (key: string, text: string) => void] {
  const [drafts, setDrafts] = useState<Drafts>(() => page.saved().drafts);
  const write = (key: string, text: string) => {
    setDrafts((old) => {
      const next = withDraft(old, key, text);
      page.save({ drafts: next });
      return next;
    });
  };
  return [drafts, write];
}

function withDraft(drafts: Drafts, key: string, text: string): Drafts {
  const { [key]: _, ...others } = drafts;
  return text ? { ...others, [key]: text } : others;
}
