import type { JSX } from 'preact';

/** A button that turns something on or off. */
export function Toggle(props: {
  readonly label: string;
  readonly title: string;
  readonly shortcut: string;
  readonly testId: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="button ghost"
      title={props.title}
      aria-pressed={props.isOn}
      aria-keyshortcuts={props.shortcut}
      data-testid={props.testId}
      onClick={props.onToggle}
    >
      {props.label}
    </button>
  );
}
