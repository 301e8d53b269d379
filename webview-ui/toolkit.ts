/**
 * The only file that knows `@vscode/webview-ui-toolkit`, which its vendor no longer develops. To replace it, give these wrappers other
 * elements.
 */

import { provideVSCodeDesignSystem, vsCodeButton, vsCodeDropdown, vsCodeOption } from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type JSX } from 'preact';

/** Defines the custom elements. Must be called before the first render, once. */
export function defineElements(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption());
}

type DataAttributes = { readonly [name: `data-${string}`]: string | number | undefined };

export interface ButtonProps extends DataAttributes {
  readonly appearance: 'primary' | 'secondary' | 'icon';
  /** The accessible name, where the content is an icon or needs more words. */
  readonly label?: string | undefined;
  readonly title?: string | undefined;
  readonly class?: string;
  readonly isDisabled?: boolean;
  readonly isExpanded?: boolean | undefined;
  readonly opensMenu?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/**
 * A command. The toolkit's button forwards `aria-*` to its inner button only when they are set as properties, and squeezes a `span` into an
 * icon's size.
 */
export function Button(props: ButtonProps): JSX.Element {
  const { appearance, label, title, isDisabled = false, isExpanded, opensMenu, onClick, children, ...rest } = props;
  return h(
    'vscode-button',
    {
      ...rest,
      appearance,
      title,
      disabled: isDisabled,
      'aria-label': label,
      ...(isExpanded === undefined ? {} : { ariaExpanded: String(isExpanded) }),
      ...(opensMenu ? { ariaHaspopup: 'menu' } : {}),
      onClick: () => {
        if (!isDisabled) onClick();
      },
    },
    children,
  );
}

export interface DropdownProps<Id extends string> extends DataAttributes {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
}

/** One choice of several. It is made anew when its options change, because the toolkit's keeps the old selection then. */
export function Dropdown<Id extends string>(props: DropdownProps<Id>): JSX.Element {
  const { label, options, value, onChange, ...rest } = props;
  return h(
    'vscode-dropdown',
    {
      ...rest,
      key: JSON.stringify(options),
      ref: (element: HTMLSelectElement | null) => {
        if (element?.isConnected && element.value !== value) element.value = value;
      },
      positionAttribute: 'above',
      'aria-label': label,
      title: label,
      onChange: (event: Event) => {
        const chosen = options.find((option) => option.id === (event.currentTarget as HTMLSelectElement).value);
        if (chosen && chosen.id !== value) onChange(chosen.id);
      },
    },
    options.map((option) =>
      h('vscode-option', { key: option.id, value: option.id, selected: option.id === value }, option.label),
    ),
  );
}
