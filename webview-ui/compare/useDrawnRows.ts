import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

/**
 * Gives rows that were in view before as they were, so that scrolling draws only those that come into view. All are drawn again when
 * `basis`, what they are made of, changes.
 */
export function useDrawnRows(basis: readonly unknown[]): (name: string, draw: () => JSX.Element) => JSX.Element {
  const last = useRef<{ basis: readonly unknown[]; rows: ReadonlyMap<string, JSX.Element> }>({
    basis,
    rows: new Map(),
  });
  const known = basis.every((part, index) => part === last.current.basis[index]) ? last.current.rows : new Map();
  const rows = new Map<string, JSX.Element>();
  last.current = { basis, rows };
  return (name, draw) => {
    const row = known.get(name) ?? draw();
    rows.set(name, row);
    return row;
  };
}
