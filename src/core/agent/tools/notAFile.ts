import type { CopyFile } from '../../workspace/copy.ts';
import { failed, type ToolOutcome } from './tool.ts';

/** Refuses what has no content of its own: written to, a link would change its target's name, not its target. */
export function notAFile({ path, mode, bytes }: CopyFile): ToolOutcome | undefined {
  if (mode === '160000') return failed('submodule', `${path} is a submodule; its files can't be changed from here.`);
  if (mode === '120000') {
    const target = new TextDecoder().decode(bytes);
    return failed('symbolic link', `${path} is a symbolic link to ${target}. Change the file it points to instead.`);
  }
  return undefined;
}
