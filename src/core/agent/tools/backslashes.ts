import type { Copy } from '../../workspace/copy.ts';
import { failed, type ToolOutcome } from './tool.ts';

/** Says how to spell a path that is meant to have folders in it: with backslashes it is a single name, where the policy lets one be. */
export async function misreadBackslashes(
  path: string,
  copy: Copy,
  signal: AbortSignal,
): Promise<ToolOutcome | undefined> {
  if (!path.includes('\\')) return undefined;
  const meant = path.replaceAll('\\', '/');
  const folder = meant.slice(0, meant.lastIndexOf('/') + 1);
  const entries = await copy.list(signal);
  if (!entries.some((entry) => entry.path === meant || entry.path.startsWith(folder))) return undefined;
  return failed('backslashes', `${path} has backslashes in it. Did you mean ${meant}? Separate folders with "/".`);
}
