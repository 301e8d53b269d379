import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PanelStore } from './panelStore.ts';

export const PanelContext = createContext<PanelStore | undefined>(undefined);

/** What the panel shows, and how to change it. Must be used inside the frame of the compare panel. */
export function usePanel(): PanelStore {
  const store = useContext(PanelContext);
  if (!store) throw new Error('This part of the compare panel is outside its frame.');
  return store;
}
