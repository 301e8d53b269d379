import type { KeyList } from '../keys.ts';

/** What a key does in a region. Columns are counted from 0. */
export type KeyAction =
  | { readonly type: 'take'; readonly column: number }
  | { readonly type: 'keep-base' }
  | { readonly type: 'edit' }
  | { readonly type: 'open-diff' }
  | { readonly type: 'go'; readonly regions: -1 | 1 }
  | { readonly type: 'beside'; readonly columns: -1 | 1 };

/** What a pressed key does: 1–9 take a column's version, 0 the base's, E edits, Enter opens the diff, arrows move. */
export function keyAction(key: string): KeyAction | undefined {
  if (/^[1-9]$/.test(key)) return { type: 'take', column: Number(key) - 1 };
  switch (key) {
    case '0':
      return { type: 'keep-base' };
    case 'e':
    case 'E':
      return { type: 'edit' };
    case 'Enter':
      return { type: 'open-diff' };
    case 'ArrowUp':
      return { type: 'go', regions: -1 };
    case 'ArrowDown':
      return { type: 'go', regions: 1 };
    case 'ArrowLeft':
      return { type: 'beside', columns: -1 };
    case 'ArrowRight':
      return { type: 'beside', columns: 1 };
    default:
      return undefined;
  }
}

/** The keys of a region as they are listed for people. */
export const regionKeyList: KeyList = [
  { keys: ['1–9'], does: 'Take the version of that column' },
  { keys: ['0'], does: 'Keep the base' },
  { keys: ['e'], does: 'Edit by hand' },
  { keys: ['Enter'], does: 'Open in VS Code’s diff editor' },
  { keys: ['↑', '↓'], does: 'Region above or below' },
  { keys: ['←', '→'], does: 'Version to the left or right' },
];
