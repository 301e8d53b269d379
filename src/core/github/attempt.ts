import { setTimeout as wait } from 'node:timers/promises';

/** What Octokit throws, known by its shape: bundling may bring several copies of its class. `response` is missing when none came. */
export interface RequestFailure extends Error {
  readonly status: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly response?: {
    readonly headers: Readonly<Record<string, string | number | undefined>>;
    readonly data: unknown;
  };
}

/** An answer that began well and was cut off. Octokit hands over such a body as text instead of failing. */
export class CutAnswer extends Error {
  override readonly name = 'CutAnswer';
}

/** The `request` option of one Octokit call. */
export interface RequestOption {
  readonly signal: AbortSignal;
}

/** Milliseconds that one request may take. Large files go through this too. */
const patience = 120_000;
const backOff = [300, 1000];

/** Whether Octokit threw this because of an answer, or for want of one. */
export function isRequestFailure(error: unknown): error is RequestFailure {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'request' in error;
}

/** Whether the same request may well succeed a moment later: no answer, a cut one, or a 5xx. Octokit says 500 when no answer came. */
export function isOutage(error: unknown): boolean {
  return error instanceof CutAnswer || (isRequestFailure(error) && error.status >= 500);
}

/**
 * Makes a request that does no harm when it is made twice, and makes it again, at most twice, after an outage.
 * Rejects with the signal's reason after an abort, otherwise with what Octokit threw last.
 */
export async function attempt<T extends { readonly status: number; readonly data: unknown }>(
  call: (request: RequestOption) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await once(call, signal);
    } catch (error) {
      if (!isOutage(error) || tried >= backOff.length) throw error;
    }
    await pause(tried, signal);
  }
}

/** Makes a request one time. Rejects like `attempt`. */
export async function once<T extends { readonly status: number; readonly data: unknown }>(
  call: (request: RequestOption) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  try {
    const answer = await call({ signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) });
    signal.throwIfAborted();
    if (answer.status !== 204 && (typeof answer.data !== 'object' || answer.data === null)) {
      throw new CutAnswer('the answer ended too early');
    }
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Makes a request that must not be made twice. After an outage its answer may only have been lost, so before each try `isThere` looks whether
 * it was done. Rejects like `attempt`.
 */
export async function onceUnlessThere(
  isThere: () => Promise<boolean>,
  write: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    if (await isThere()) return;
    try {
      await write();
      return;
    } catch (error) {
      if (!isOutage(error) || tried >= retries) throw error;
    }
    await pause(tried, signal);
  }
}

/** Waits before another try; `tried` counts from 0. Rejects with the signal's reason after an abort. */
export async function pause(tried: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(backOff[Math.min(tried, backOff.length - 1)], undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}

/** The tries after the first that an outage is worth. */
export const retries = backOff.length;
