import { findTool } from '../../src/core/agent/tools.ts';
import { UserError } from '../../src/core/problem.ts';
import type { Copy, CopyFile } from '../../src/core/workspace/copy.ts';
import type { EditRow, Files } from './editRows.ts';

/** What is there after a row's call, and what the tool said where it refused. */
export async function runToolCall(row: EditRow): Promise<{ readonly files: Files; readonly refusal?: string }> {
  const copy = new TextCopy(row.before);
  const ready = findTool(row.tool)?.prepare(JSON.stringify(row.arguments)) ?? `There is no tool ${row.tool}.`;
  if (typeof ready === 'string') return { files: copy.texts(), refusal: ready };
  try {
    const { outcome, content } = await ready.run({ copy, maxOutput: 100_000, signal: new AbortController().signal });
    return { files: copy.texts(), ...(outcome !== 'ok' && { refusal: content }) };
  } catch (error) {
    if (error instanceof UserError) return { files: copy.texts(), refusal: error.message };
    throw error;
  }
}

/** A copy of a few texts in memory, with what the editing tools need of one. */
class TextCopy implements Copy {
  readonly #files: Map<string, Uint8Array>;

  constructor(files: Files) {
    this.#files = new Map([...files].map(([path, text]) => [path, new TextEncoder().encode(text)]));
  }

  texts(): Files {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return new Map([...this.#files].map(([path, bytes]) => [path, decoder.decode(bytes)]));
  }

  async list() {
    return [...this.#files.keys()].map((path) => ({ path, mode: '100644' as const }));
  }

  async read(path: string): Promise<CopyFile | undefined> {
    const bytes = this.#files.get(path);
    return bytes && { path, mode: '100644', bytes };
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, bytes);
  }

  async delete(path: string): Promise<boolean> {
    return this.#files.delete(path);
  }

  async move(from: string, to: string): Promise<boolean> {
    const bytes = this.#files.get(from);
    if (bytes) this.#files.set(to, bytes);
    return this.#files.delete(from);
  }

  async search(): Promise<never> {
    throw new Error('No edit searches.');
  }

  async patch(): Promise<never> {
    throw new Error('No edit asks for the patch.');
  }

  async dispose(): Promise<void> {}
}
