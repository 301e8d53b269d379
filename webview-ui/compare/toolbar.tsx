import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Column } from '../../src/protocol/comparePanel.ts';
import { countText } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { Menu, type MenuItem } from '../shared/menu.tsx';
import { KeysPopup } from './keysPopup.tsx';
import { usePanel } from './panelContext.ts';
import { sortLabels, sortOrders } from './sortColumns.ts';
import { Toggle } from './toggle.tsx';

/** How the comparison is looked at. */
export function Toolbar(props: {
  readonly hidden: readonly Column[];
  readonly areKeysShown: boolean;
  readonly onShowKeys: (areShown: boolean) => void;
}): JSX.Element {
  const panel = usePanel();
  const { view } = panel;
  const root = useRef<HTMLFieldSetElement>(null);
  const count = props.hidden.length;
  const lastCount = useRef(count);
  useLayoutEffect(() => {
    // The column had the focus and is gone; here is the way to get it back.
    const isMore = count > lastCount.current;
    lastCount.current = count;
    if (isMore && document.activeElement === document.body) focusFirstMenu(root.current);
  }, [count]);
  return (
    <fieldset class="toolbar" aria-label="View" ref={root}>
      <Toggle
        label="Only Differences"
        title="Only files where candidates differ (d)"
        shortcut="d"
        testId="only-differences"
        isOn={view.onlyDifferences}
        onToggle={() => panel.change({ onlyDifferences: !view.onlyDifferences })}
      />
      {props.hidden.length > 0 && <HiddenMenu hidden={props.hidden} />}
      <Menu
        label={`Sort candidates: ${sortLabels[view.sort]}`}
        title="Sort candidates"
        testId="sort"
        items={sortOrders.map((sort) => ({
          id: sort,
          label: sortLabels[sort],
          isChecked: sort === view.sort,
          onSelect: () => panel.change({ sort }),
        }))}
      >
        <Icon name="sort-precedence" />
        {view.sort === 'order' ? 'Sort' : sortLabels[view.sort]}
      </Menu>
      <KeysPopup isOpen={props.areKeysShown} onShow={props.onShowKeys} />
    </fieldset>
  );
}

/** The first menu is that of hidden candidates, when there are some. */
function focusFirstMenu(toolbar: HTMLElement | null): void {
  toolbar?.querySelector<HTMLElement>('[aria-haspopup="menu"]')?.focus();
}

function HiddenMenu(props: { readonly hidden: readonly Column[] }): JSX.Element {
  const panel = usePanel();
  const { hidden } = props;
  const all: MenuItem = {
    id: 'all',
    label: 'Show All',
    isFirstOfGroup: true,
    onSelect: () => panel.unhide(hidden.map(({ id }) => id)),
  };
  const items = hidden.map(({ id, label }) => ({ id, label: `Show ${label}`, onSelect: () => panel.unhide([id]) }));
  return (
    <Menu
      label={`Show one of ${countText(hidden.length, 'hidden candidate')}`}
      title="Show hidden candidates"
      testId="hidden-candidates"
      items={hidden.length > 1 ? [...items, all] : items}
    >
      <Icon name="eye-closed" />
      Hidden ({hidden.length})
    </Menu>
  );
}
