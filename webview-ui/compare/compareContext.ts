import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CandidateId } from '../../src/core/domain.ts';
import type { CompareHost } from '../../src/protocol/comparePanel.ts';
import type { Remote } from '../../src/protocol/rpc.ts';

export const CompareContext = createContext<Remote<CompareHost> | undefined>(undefined);

/** The host of the compare panel. Must be used inside the panel. */
export function useCompareHost(): Remote<CompareHost> {
  const host = useContext(CompareContext);
  if (!host) throw new Error('This part of the compare panel is not inside it.');
  return host;
}

/** How a candidate is told from the others, the same wherever it is shown and however columns are sorted. */
export interface CandidateMark {
  readonly label: string;
  /** Gives everything inside its colour, and the dot its shape. */
  readonly className: string;
}

export const CandidatesContext = createContext<ReadonlyMap<CandidateId, CandidateMark>>(new Map());

/** The marks of all candidates of the round, hidden ones too. */
export function useCandidates(): ReadonlyMap<CandidateId, CandidateMark> {
  return useContext(CandidatesContext);
}
