import type { JSX } from 'preact';

/** Lines added and removed: "+61 −12". */
export function LineCount(props: { readonly added: number; readonly removed: number }): JSX.Element {
  return (
    <span class="number">
      <span class="added-text">+{props.added}</span> <span class="removed-text">−{props.removed}</span>
    </span>
  );
}
