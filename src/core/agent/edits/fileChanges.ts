import type { Edit } from './applyEdits.ts';

/** What a model wants to have done to a file. `names`: the ways its path may be meant, the likeliest first. */
export type FileChange =
  | { readonly kind: 'add'; readonly names: readonly string[]; readonly content: string }
  | { readonly kind: 'delete'; readonly names: readonly string[] }
  | {
      readonly kind: 'update';
      readonly names: readonly string[];
      readonly edits: readonly Edit[];
      readonly moveTo?: string;
    };

/** What a text of changes says, or what is wrong with it, for the model. */
export type ParsedChanges =
  | { readonly ok: true; readonly changes: readonly FileChange[] }
  | { readonly ok: false; readonly message: string };

export function unreadable(message: string): ParsedChanges {
  return { ok: false, message };
}

/** A path as a model wrote it, without what is around it. */
export function cleanPath(written: string): string {
  return written
    .trim()
    .replace(/^["'`*]+|["'`*:]+$/g, '')
    .replace(/^(?:\.\/)+/, '');
}
