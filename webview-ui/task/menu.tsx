import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shared/icon.tsx';
import { Button } from '../toolkit.ts';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly onSelect: () => void;
}

/** A button with a menu behind it: arrow keys move, Escape closes and gives the focus back. */
export function Menu(props: {
  readonly label: string;
  /** What the button says when pointed at; the label where that says enough. */
  readonly title?: string;
  readonly testId: string;
  readonly items: readonly MenuItem[];
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!isOpen) return;
    focusItem(list.current, 0);
    const closeOutside = (event: Event) => {
      if (!event.composedPath().includes(root.current as EventTarget)) setOpen(false);
    };
    const close = () => setOpen(false);
    document.addEventListener('pointerdown', closeOutside);
    window.addEventListener('blur', close);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      window.removeEventListener('blur', close);
    };
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('vscode-button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.children ?? [])];
    const index = items.indexOf(document.activeElement as Element);
    if (event.key === 'ArrowDown') focusItem(list.current, (index + 1) % items.length);
    else if (event.key === 'ArrowUp') focusItem(list.current, (index + items.length - 1) % items.length);
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
  };

  return (
    <div class="menu" ref={root}>
      <Button
        appearance="icon"
        label={props.label}
        title={props.title ?? props.label}
        opensMenu
        isExpanded={isOpen}
        data-testid={props.testId}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="ellipsis" />
      </Button>
      {isOpen && (
        <div class="menu-list" role="menu" aria-label={props.label} tabIndex={-1} ref={list} onKeyDown={onKeyDown}>
          {props.items.map((item) => (
            <button
              key={item.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function focusItem(list: HTMLElement | null, index: number): void {
  (list?.children[index] as HTMLElement | undefined)?.focus();
}
