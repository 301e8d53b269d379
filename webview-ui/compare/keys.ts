/** What a key asks the panel to do. */
export type KeyAction =
  | 'next-place'
  | 'previous-place'
  | 'filter'
  | 'base'
  | 'differences'
  | 'unfold'
  | 'composition'
  | 'all-files'
  | 'keys';

/** A key press, as far as it matters. */
export interface PressedKey {
  readonly key: string;
  /** Whether Control, Alt or Command is held, other than to type the character. */
  readonly hasModifier: boolean;
  /** Whether it goes into a field that takes text. */
  readonly isTyped: boolean;
}

const actions: Readonly<Record<string, KeyAction>> = {
  n: 'next-place',
  ']': 'next-place',
  p: 'previous-place',
  '[': 'previous-place',
  f: 'filter',
  b: 'base',
  d: 'differences',
  u: 'unfold',
  c: 'composition',
  Escape: 'all-files',
  '?': 'keys',
};

/** Keys as they are listed for people. */
export type KeyList = readonly { readonly keys: readonly string[]; readonly does: string }[];

export const keyList: KeyList = [
  { keys: ['n', ']'], does: 'Next place' },
  { keys: ['p', '['], does: 'Previous place' },
  { keys: ['f'], does: 'Filter files' },
  { keys: ['d'], does: 'Only files where they differ' },
  { keys: ['b'], does: 'Show or hide the base' },
  { keys: ['u'], does: 'Unfold unchanged lines' },
  { keys: ['c'], does: 'Show or hide the composition’s column' },
  { keys: ['Esc'], does: 'Back to all files' },
  { keys: ['Enter'], does: 'Open the file in the table' },
  { keys: ['Ctrl', 'Enter'], does: 'Open it in VS Code’s diff editor' },
  { keys: ['?'], does: 'Show these keys' },
];

/** What a key does in the panel; nothing where it is typed, or belongs to VS Code. */
export function keyAction({ key, hasModifier, isTyped }: PressedKey): KeyAction | undefined {
  if (hasModifier || isTyped) return undefined;
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}
