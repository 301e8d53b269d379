import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Something that is open over the panel. */
export interface Popup {
  readonly isOpen: boolean;
  /** What it belongs to: a press outside of these closes. */
  readonly roots: readonly RefObject<HTMLElement | null>[];
  /** What gets the focus. */
  readonly popup: RefObject<HTMLElement | null>;
  readonly closingKeys: readonly string[];
  /** `hasFocus`: the focus is to go back where it came from. */
  readonly close: (hasFocus: boolean) => void;
}

/** Gives a popup the focus as it opens, and closes it by a key or by a press outside. */
export function usePopup({ isOpen, roots, popup, closingKeys, close }: Popup): void {
  const latest = useRef({ roots, close });
  latest.current = { roots, close };
  useLayoutEffect(() => {
    if (!isOpen) return;
    popup.current?.focus({ preventScroll: true });
    const closeOutside = (event: Event) => {
      const path = event.composedPath();
      if (!latest.current.roots.some((root) => root.current && path.includes(root.current)))
        latest.current.close(false);
    };
    // Before the panel's own keys, also where the focus has gone elsewhere.
    const closeByKey = (event: KeyboardEvent) => {
      if (!closingKeys.includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.close(true);
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('keydown', closeByKey, { capture: true });
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('keydown', closeByKey, { capture: true });
    };
  }, [isOpen, popup, closingKeys]);
}
