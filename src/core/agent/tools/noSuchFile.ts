import type { Copy } from '../../workspace/copy.ts';
import { misreadBackslashes } from './backslashes.ts';
import { failed, type ToolOutcome } from './tool.ts';

const maxSuggestions = 5;

/** Says that there is no such file, and which files of that name there are elsewhere. */
export async function noSuchFile(path: string, copy: Copy, signal: AbortSignal): Promise<ToolOutcome> {
  const misread = await misreadBackslashes(path, copy, signal);
  if (misread) return misread;
  const entries = await copy.list(signal);
  const plain = path.replace(/\/+$/, '');
  if (entries.some((entry) => entry.path.startsWith(`${plain}/`))) {
    return failed('a folder', `${path} is a folder. Use list_files to see what is in it.`);
  }
  const name = baseName(plain).toLowerCase();
  const alike = entries.filter((entry) => baseName(entry.path).toLowerCase() === name).slice(0, maxSuggestions);
  const hint = alike.length > 0 ? ` Did you mean ${alike.map((entry) => entry.path).join(' or ')}?` : '';
  return failed('no such file', `There is no file ${path}.${hint}`);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
