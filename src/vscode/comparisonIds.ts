import { createHash } from 'node:crypto';
import type { FileChange } from '../core/domain.ts';
import { UserError } from '../core/problem.ts';
import type { FileId } from '../protocol/comparePanel.ts';

/** What a change's file is called over all candidates: its path in the base, or the new one. */
export function keyOf(change: FileChange): string {
  return (change.base ?? change.after)?.path ?? '';
}

/** Names for files that are no paths; the same in every window, also when files come and go. */
export class FileIds {
  readonly #ids = new Map<string, FileId>();
  readonly #keys = new Map<FileId, string>();

  idOf(key: string): FileId {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = createHash('sha256').update(key).digest('hex').slice(0, 16);
    this.#ids.set(key, id);
    this.#keys.set(id, key);
    return id;
  }

  /** Undefined for an id that was not made here: only files that were listed have one. */
  keyOf(id: FileId): string | undefined {
    return this.#keys.get(id);
  }
}

/** A region's name in its file. */
export function regionIdOf({ start, length }: { readonly start: number; readonly length: number }): string {
  return `${start}-${length}`;
}

/** What `regionIdOf` named; undefined for anything else. */
export function regionOf(id: string): { readonly start: number; readonly length: number } | undefined {
  const [, start, length] = /^(\d{1,9})-(\d{1,9})$/.exec(id) ?? [];
  return start === undefined || length === undefined ? undefined : { start: Number(start), length: Number(length) };
}

/** The problem of an id that stands for nothing here (any more). */
export function gone(what: 'candidate' | 'file' | 'place'): UserError {
  const message = `This ${what} is no longer part of the comparison. Look at what is shown now, then choose again.`;
  return new UserError({ code: 'not-found', message });
}
