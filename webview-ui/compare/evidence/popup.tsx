import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { placeUnder } from '../../shared/menu.tsx';
import { usePanel } from '../panelContext.ts';
import { usePopup } from '../usePopup.ts';

export interface PopupProps {
  readonly label: string;
  /** What it opens from, and under. */
  readonly opener: RefObject<HTMLElement | null>;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

const closingKeys = ['Escape'];

/** Something to read over the panel; it goes when something else gets the focus or another place is looked at. */
export function Popup(props: PopupProps): JSX.Element {
  const { label, opener, testId, onClose, children } = props;
  const popup = useRef<HTMLDivElement>(null);
  usePopup({
    isOpen: true,
    roots: [popup, opener],
    popup,
    closingKeys,
    close: (hasFocus) => {
      onClose();
      if (hasFocus) opener.current?.focus();
    },
  });
  const place = () => {
    if (popup.current && opener.current) placeUnder(popup.current, opener.current);
  };
  useLayoutEffect(place);
  useLayoutEffect(() => {
    document.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    return () => {
      document.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
    };
  }, []);
  const { target } = usePanel();
  const openedAt = useRef(target);
  useEffect(() => {
    if (openedAt.current !== target) onClose();
  }, [target]);
  return (
    <div
      class="evidence-popup"
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      ref={popup}
      data-testid={testId}
      onFocusOut={({ relatedTarget }) => {
        const isElsewhere = relatedTarget instanceof Node && !popup.current?.contains(relatedTarget);
        if (isElsewhere && relatedTarget !== opener.current) onClose();
      }}
    >
      {children}
    </div>
  );
}
