import { useEffect, useReducer } from 'preact/hooks';
import type { RunId } from '../../src/core/domain.ts';
import type { LiveText } from './liveText.ts';

/** The streamed text of a run; draws its component again when more comes. */
export function useLiveText(live: LiveText, runId: RunId): string {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => live.listen(runId, () => redraw(undefined)), [live, runId]);
  return live.textOf(runId);
}
