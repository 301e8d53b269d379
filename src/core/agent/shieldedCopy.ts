import type { Patch } from '../domain.ts';
import { UserError } from '../problem.ts';
import { type SecretMask, withoutMarkers } from '../secrets/secretMask.ts';
import type { Copy, CopyEntry, CopyFile, SearchHit, SearchQuery } from '../workspace/copy.ts';
import { decodeFile, encodeFile, linesOf } from './tools/fileText.ts';

/**
 * A copy as a model gets to see it: with markers for secrets, in what is read and what is found. Where a model writes a file with the
 * markers of that same file's secrets, the secrets are put back; in any other file a marker stays a marker. Tools work on the text
 * with markers only, so that not even a match or an error tells something of a secret.
 */
export class ShieldedCopy implements Copy {
  readonly #copy: Copy;
  readonly #mask: SecretMask;

  constructor(copy: Copy, mask: SecretMask) {
    this.#copy = copy;
    this.#mask = mask;
  }

  list(signal?: AbortSignal): Promise<readonly CopyEntry[]> {
    return this.#copy.list(signal);
  }

  async read(path: string, signal?: AbortSignal): Promise<CopyFile | undefined> {
    const file = await this.#copy.read(path, signal);
    return file && { ...file, bytes: await this.#hide(file) };
  }

  /**
   * Without the hits that are in a secret. A regular expression's hits in a line with a secret are left out altogether, as nothing
   * tells whether the rest of the line matches, and expressions could spell the secret out.
   */
  async search(query: SearchQuery, signal?: AbortSignal): Promise<readonly SearchHit[]> {
    const files = new Map<string, ShownFile>();
    for (let { maxHits } = query; ; maxHits *= 2) {
      const hits = await this.#copy.search({ ...query, maxHits }, signal);
      const shown: SearchHit[] = [];
      for (const hit of hits) {
        const file = files.get(hit.path) ?? (await this.#showFile(hit.path, signal));
        files.set(hit.path, file);
        const hidden = file.shown[hit.line - 1];
        if (hidden === undefined) continue;
        if (hidden === file.lines[hit.line - 1]) shown.push(hit);
        else if (isFoundIn(hidden, query)) shown.push({ ...hit, text: hidden });
      }
      // Others take the place of what is left out, or how many are missing would tell what a secret matches.
      if (shown.length >= query.maxHits || hits.length < maxHits) return shown.slice(0, query.maxHits);
    }
  }

  async write(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#copy.write(path, await this.#reveal(path, bytes, signal), signal);
  }

  delete(path: string, signal?: AbortSignal): Promise<boolean> {
    return this.#copy.delete(path, signal);
  }

  move(from: string, to: string, signal?: AbortSignal): Promise<boolean> {
    return this.#copy.move(from, to, signal);
  }

  patch(signal?: AbortSignal): Promise<Patch> {
    return this.#copy.patch(signal);
  }

  dispose(): Promise<void> {
    return this.#copy.dispose();
  }

  /** The same bytes when there is nothing to hide. What is binary is not shown to models by any tool. */
  async #hide({ path, bytes }: CopyFile): Promise<Uint8Array> {
    const decoded = decode(bytes);
    if (decoded === undefined) return bytes;
    const hidden = await this.#mask.hide(decoded.text, path);
    return hidden === decoded.text ? bytes : decoded.encode(hidden);
  }

  async #reveal(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    const decoded = decode(bytes);
    if (decoded === undefined || this.#mask.secretsIn(decoded.text).length === 0) return bytes;
    // A model may spell the path otherwise than it is; secrets are known by where they were read.
    const home = (await this.#copy.read(path, signal))?.path ?? path;
    return decoded.encode(this.#mask.reveal(decoded.text, home));
  }

  /** None for what is gone or may not be read: what can't be looked through as a whole is not shown in parts either. */
  async #bytesOf(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    try {
      return (await this.#copy.read(path, signal))?.bytes ?? new Uint8Array();
    } catch (error) {
      if (error instanceof UserError) return new Uint8Array();
      throw error;
    }
  }

  async #showFile(path: string, signal?: AbortSignal): Promise<ShownFile> {
    const text = decode(await this.#bytesOf(path, signal))?.text ?? '';
    return { lines: linesOf(text), shown: linesOf(await this.#mask.hide(text, path)) };
  }
}

/** A file's lines as they are and as a model may see them; none when the file has no text. */
interface ShownFile {
  readonly lines: readonly string[];
  readonly shown: readonly string[];
}

/** Bytes as text and the way back; undefined for what is binary. */
function decode(bytes: Uint8Array): { readonly text: string; encode(text: string): Uint8Array } | undefined {
  const decoded = decodeFile(bytes);
  switch (decoded.kind) {
    case 'text':
      return { text: decoded.text, encode: (text) => encodeFile(text, decoded.bom) };
    case 'not-utf8':
      // Unlike what models are shown, a character for each byte, so that there is a way back.
      return { text: Buffer.from(bytes).toString('latin1'), encode: (text) => Buffer.from(text, 'latin1') };
    case 'binary':
      return undefined;
    default:
      return decoded satisfies never;
  }
}

/** Whether literal text is in what is shown of a line, and not only in what is hidden. */
function isFoundIn(line: string, { pattern, isRegex, ignoreCase }: SearchQuery): boolean {
  if (isRegex) return false;
  const shown = withoutMarkers(line);
  return ignoreCase ? shown.toLowerCase().includes(pattern.toLowerCase()) : shown.includes(pattern);
}
