import picomatch from 'picomatch';
import type { FileChange, FileMode, ObjectName, Patch } from '../../../../src/core/domain.ts';
import { UserError } from '../../../../src/core/problem.ts';
import type { Copy, CopyEntry, CopyFile, SearchHit, SearchQuery } from '../../../../src/core/workspace/copy.ts';

interface StoredFile {
  readonly mode: FileMode;
  readonly bytes: Uint8Array;
}

/** Content of a file: text, bytes, or a link or submodule. */
export type Content = string | Uint8Array | { readonly link: string } | 'submodule!';

/** A copy in memory. Paths that begin with `.env` are forbidden. */
export class MemoryCopy implements Copy {
  readonly files = new Map<string, StoredFile>();
  /** Methods that were called, in order. */
  readonly calls: string[] = [];
  /** A method named here never answers, and takes no notice of its signal. */
  hangsIn: string | undefined;
  /** Thrown by `search`. */
  searchError: UserError | undefined;
  readonly #base: ReadonlyMap<string, StoredFile>;

  constructor(files: Readonly<Record<string, Content>> = {}) {
    for (const [path, content] of Object.entries(files)) this.files.set(path, stored(content));
    this.#base = new Map(this.files);
  }

  text(path: string): string | undefined {
    const file = this.files.get(path);
    return file === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.bytes);
  }

  async list(): Promise<readonly CopyEntry[]> {
    await this.#enter('list');
    return [...this.files].map(([path, { mode }]) => ({ path, mode })).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async read(path: string): Promise<CopyFile | undefined> {
    await this.#enter('read', path);
    const file = this.files.get(path);
    return file === undefined ? undefined : { path, ...file };
  }

  async search(query: SearchQuery): Promise<readonly SearchHit[]> {
    await this.#enter('search');
    if (this.searchError !== undefined) throw this.searchError;
    const source = query.isRegex ? query.pattern : query.pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const wanted = new RegExp(source, query.ignoreCase ? 'i' : '');
    const isIncluded =
      query.glob === undefined ? () => true : picomatch(query.glob, { basename: !query.glob.includes('/') });
    const hits: SearchHit[] = [];
    for (const path of this.files.keys()) {
      if (!isIncluded(path)) continue;
      for (const [index, text] of (this.text(path) ?? '').split('\n').entries()) {
        if (wanted.test(text)) hits.push({ path, line: index + 1, text });
      }
    }
    return hits.slice(0, query.maxHits);
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    await this.#enter('write', path);
    this.files.set(path, { mode: this.files.get(path)?.mode ?? '100644', bytes });
  }

  async delete(path: string): Promise<boolean> {
    await this.#enter('delete', path);
    return this.files.delete(path);
  }

  async move(from: string, to: string): Promise<boolean> {
    await this.#enter('move', from);
    const file = this.files.get(from);
    if (file) this.files.delete(from);
    if (file) this.files.set(to, file);
    return file !== undefined;
  }

  async patch(): Promise<Patch> {
    await this.#enter('patch');
    const changes: FileChange[] = [];
    for (const path of new Set([...this.#base.keys(), ...this.files.keys()])) {
      const before = this.#base.get(path);
      const after = this.files.get(path);
      if (before === after) continue;
      const version = (file: StoredFile) => ({
        path,
        mode: file.mode,
        blob: Buffer.from(file.bytes).toString('hex') as ObjectName,
      });
      if (before === undefined && after !== undefined) changes.push({ kind: 'added', after: version(after) });
      else if (before !== undefined && after === undefined) changes.push({ kind: 'deleted', base: version(before) });
      else if (before && after) changes.push({ kind: 'modified', base: version(before), after: version(after) });
    }
    return { text: '', changes, tree: 'tree' as ObjectName };
  }

  async dispose(): Promise<void> {}

  async #enter(method: string, path = ''): Promise<void> {
    this.calls.push(path === '' ? method : `${method} ${path}`);
    if (this.hangsIn === method) await new Promise(() => {});
    if (path.startsWith('.env')) {
      const message = `${path} may hold secrets and is closed to models.`;
      throw new UserError({ code: 'refused-by-policy', refusal: 'forbidden path', message });
    }
  }
}

function stored(content: Content): StoredFile {
  if (content === 'submodule!') return { mode: '160000', bytes: new Uint8Array() };
  if (typeof content === 'string') return { mode: '100644', bytes: new TextEncoder().encode(content) };
  if (content instanceof Uint8Array) return { mode: '100644', bytes: content };
  return { mode: '120000', bytes: new TextEncoder().encode(content.link) };
}
