import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from '../shared/icon.tsx';
import { regionKeyList } from './aligned/keys.ts';
import { type KeyList, keyList } from './keys.ts';
import { usePopup } from './usePopup.ts';

const closingKeys = ['Escape', 'Tab', '?'];

/** A button that lists the panel's keys. */
export function KeysPopup(props: {
  readonly isOpen: boolean;
  readonly onShow: (isOpen: boolean) => void;
}): JSX.Element {
  const { isOpen, onShow } = props;
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  usePopup({
    isOpen,
    roots: [root],
    popup,
    closingKeys,
    close: (hasFocus) => {
      onShow(false);
      if (hasFocus) button.current?.focus();
    },
  });
  return (
    <div class="keys" ref={root}>
      <button
        type="button"
        ref={button}
        class="icon-button"
        aria-label="Keys"
        title="Keys (?)"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        data-testid="keys"
        onClick={() => onShow(!isOpen)}
      >
        <Icon name="question" />
      </button>
      {isOpen && (
        <div class="keys-popup" role="dialog" aria-label="Keys" tabIndex={-1} ref={popup}>
          <KeyRows list={keyList} />
          <p class="quiet">In a place of the open file</p>
          <KeyRows list={regionKeyList} />
        </div>
      )}
    </div>
  );
}

function KeyRows(props: { readonly list: KeyList }): JSX.Element {
  return (
    <dl>
      {props.list.map(({ keys, does }) => (
        <div key={does}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
