import { type ComponentChildren, Fragment, type JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  /** For one of several choices: whether it is the one. */
  readonly isChecked?: boolean;
  /** Begins a new group, with a line above it. */
  readonly isFirstOfGroup?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps {
  readonly label: string;
  /** What the button says when pointed at; the label where that says enough. */
  readonly title?: string;
  readonly testId: string;
  readonly items: readonly MenuItem[];
  /** The button's content; three dots where there is none. */
  readonly children?: ComponentChildren;
}

/** A button with a menu behind it: arrow keys move, Escape closes and gives the focus back. */
export function Menu(props: MenuProps): JSX.Element {
  const { label, title = label, testId, items, children } = props;
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!isOpen) return;
    if (list.current && button.current) placeUnder(list.current, button.current);
    const checked = items.findIndex((item) => item.isChecked);
    focusItem(list.current, Math.max(0, checked));
    const closeOutside = (event: Event) => {
      if (!event.composedPath().includes(root.current as EventTarget)) setOpen(false);
    };
    const close = () => setOpen(false);
    const place = () => button.current?.getBoundingClientRect();
    const opened = place();
    // A list that stays where it was while its button scrolls away would belong to nothing.
    const closeMoved = () => {
      const now = place();
      if (now?.top !== opened?.top || now?.left !== opened?.left) close();
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('scroll', closeMoved, true);
    window.addEventListener('blur', close);
    window.addEventListener('resize', close);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('scroll', closeMoved, true);
      window.removeEventListener('blur', close);
      window.removeEventListener('resize', close);
    };
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = itemsOf(list.current).indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') focusItem(list.current, (index + 1) % items.length);
    else if (event.key === 'ArrowUp') focusItem(list.current, (index + items.length - 1) % items.length);
    else if (event.key === 'Home') focusItem(list.current, 0);
    else if (event.key === 'End') focusItem(list.current, items.length - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
  };

  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        ref={button}
        class={children === undefined ? 'icon-button' : 'button ghost'}
        aria-label={label}
        title={title}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-testid={testId}
        onClick={() => setOpen(!isOpen)}
      >
        {children ?? <Icon name="ellipsis" />}
      </button>
      {isOpen && (
        <div class="menu-list" role="menu" aria-label={label} tabIndex={-1} ref={list} onKeyDown={onKeyDown}>
          {items.map((item, index) => (
            <Fragment key={item.id}>
              {item.isFirstOfGroup && index > 0 && <hr class="separator" />}
              <MenuButton
                item={item}
                onSelect={() => {
                  close();
                  item.onSelect();
                }}
              />
            </Fragment>
          ))}
        </div>
      )}
    </div>
  );
}

function MenuButton(props: { readonly item: MenuItem; readonly onSelect: () => void }): JSX.Element {
  const { item } = props;
  const isChoice = item.isChecked !== undefined;
  return (
    <button
      type="button"
      {...(isChoice ? { role: 'menuitemradio', 'aria-checked': item.isChecked } : { role: 'menuitem' })}
      tabIndex={-1}
      data-item={item.id}
      onClick={props.onSelect}
    >
      {isChoice && <Icon name={item.isChecked ? 'check' : 'blank'} />}
      {item.label}
    </button>
  );
}

/** Places what is fixed to the window, so that no scroller cuts it, beside its button: to where there is room. */
export function placeUnder(list: HTMLElement, button: HTMLElement): void {
  const place = button.getBoundingClientRect();
  const below = window.innerHeight - place.bottom;
  const isAbove = list.offsetHeight > below && place.top > below;
  list.style.top = `${Math.max(2, isAbove ? place.top - list.offsetHeight : place.bottom)}px`;
  list.style.left = `${Math.max(2, Math.min(place.right - list.offsetWidth, window.innerWidth - list.offsetWidth - 2))}px`;
}

function itemsOf(list: HTMLElement | null): readonly HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('button') ?? [])];
}

function focusItem(list: HTMLElement | null, index: number): void {
  itemsOf(list)[index]?.focus({ preventScroll: true });
}
