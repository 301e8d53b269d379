import { useEffect, useRef } from 'preact/hooks';
import { keyAction, type PressedKey } from './keys.ts';
import { usePanel } from './panelContext.ts';

/** What keys do that only the frame can. */
export interface KeyTargets {
  showKeys(): void;
  focusFilter(): void;
}

/** Listens to the panel's keys wherever the focus is; what a part has handled itself is left alone. */
export function useKeys(targets: KeyTargets): void {
  const panel = usePanel();
  const latest = useRef(targets);
  latest.current = targets;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const action = keyAction(pressedKey(event));
      const { view } = panel;
      const isFileOpen = view.fileId !== undefined;
      switch (action) {
        case undefined:
          return;
        case 'next-place':
        case 'previous-place':
          panel.goFurther(action === 'next-place' ? 1 : -1);
          break;
        case 'filter':
          latest.current.focusFilter();
          break;
        case 'keys':
          latest.current.showKeys();
          break;
        case 'differences':
          panel.change({ onlyDifferences: !view.onlyDifferences });
          break;
        case 'base':
          if (isFileOpen) panel.toggleBase();
          break;
        case 'unfold':
          if (isFileOpen) panel.change({ isUnfolded: !view.isUnfolded });
          break;
        case 'composition':
          if (isFileOpen) panel.change({ showsComposition: !view.showsComposition });
          break;
        case 'all-files':
          if (isFileOpen) panel.showAllFiles();
          break;
        default:
          return action satisfies never;
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [panel]);
}

/** What takes letters itself, or is in front of what they act on. */
const textFields = 'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]';

/** Reads a keyboard event. With AltGr some keyboards type brackets, and report Control and Alt. */
function pressedKey(event: KeyboardEvent): PressedKey {
  const target = event.composedPath()[0];
  return {
    key: event.key,
    hasModifier: event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph')),
    isTyped: event.isComposing || (target instanceof Element && target.closest(textFields) !== null),
  };
}
