import type { RunState } from '../domain.ts';

/** Aborts a run for a reason that the user is told. */
export class CanceledBecause extends DOMException {
  constructor(reason: string) {
    super(reason, 'AbortError');
  }
}

/** The state of a run that this signal ended. */
export function canceledState(
  { reason }: AbortSignal,
  times: { readonly startedAt?: number; readonly endedAt: number },
): RunState {
  return { status: 'canceled', ...times, ...(reason instanceof CanceledBecause && { reason: reason.message }) };
}
