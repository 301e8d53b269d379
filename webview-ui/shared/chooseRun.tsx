import type { JSX } from 'preact';
import { Icon } from './icon.tsx';

/** The mark of the one candidate that the next message starts from. */
export function ChooseRun(props: {
  readonly isChosen: boolean;
  readonly name: string;
  readonly label: string;
  readonly onChoose: () => void;
}): JSX.Element {
  const { isChosen, name, label } = props;
  return (
    <button
      type="button"
      class={`choose ${isChosen ? 'chosen' : ''}`}
      aria-pressed={isChosen}
      aria-label={`${isChosen ? 'Chosen' : label}: ${name}`}
      title={`${isChosen ? 'Chosen' : label}: the next message starts from the chosen result.`}
      data-testid="choose-run"
      onClick={props.onChoose}
    >
      <Icon name={isChosen ? 'pass-filled' : 'circle-large-outline'} />
      <span class="choose-text">{isChosen ? 'Chosen' : label}</span>
    </button>
  );
}
