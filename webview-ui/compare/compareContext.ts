import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CompareHost } from '../../src/protocol/comparePanel.ts';
import type { Remote } from '../../src/protocol/rpc.ts';

export const CompareContext = createContext<Remote<CompareHost> | undefined>(undefined);

/** The host of the compare panel. Must be used inside the panel. */
export function useCompareHost(): Remote<CompareHost> {
  const host = useContext(CompareContext);
  if (!host) throw new Error('This part of the compare panel is not inside it.');
  return host;
}
