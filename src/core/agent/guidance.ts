import { posix } from 'node:path';
import { UserError } from '../problem.ts';
import type { Copy, CopyEntry } from '../workspace/copy.ts';
import { decodeFile } from './tools/fileText.ts';

/** A file in which a project tells agents how to work on it. */
export interface Guidance {
  readonly path: string;
  readonly text: string;
}

const guidancePaths = ['AGENTS.md', '.github/copilot-instructions.md'];

/** The project's own guidance. What can't be read, or may not be, is left out. */
export async function readGuidance(
  copy: Copy,
  entries: readonly CopyEntry[],
  signal: AbortSignal,
): Promise<Guidance[]> {
  const found: Guidance[] = [];
  for (const path of guidancePaths) {
    const entry = entries.find((candidate) => candidate.path === path);
    const text = entry === undefined ? undefined : await readText(copy, entry, signal);
    if (text !== undefined && text.trim() !== '') found.push({ path, text: text.trim() });
  }
  return found;
}

async function readText(copy: Copy, entry: CopyEntry, signal: AbortSignal): Promise<string | undefined> {
  try {
    let file = await copy.read(entry.path, signal);
    // AGENTS.md is often a link to another agent's file of the same kind.
    if (file?.mode === '120000') {
      const target = new TextDecoder().decode(file.bytes);
      file = await copy.read(posix.join(posix.dirname(file.path), target), signal);
    }
    if (file === undefined || file.mode === '120000' || file.mode === '160000') return undefined;
    const decoded = decodeFile(file.bytes);
    return decoded.kind === 'binary' ? undefined : decoded.text.replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
