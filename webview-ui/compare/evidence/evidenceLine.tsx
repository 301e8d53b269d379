import type { ComponentChildren, JSX } from 'preact';
import type { CheckLine, EvidenceLine, Tone } from '../../../src/protocol/compareEvidence.ts';
import { durationText } from '../../shared/figures.ts';
import { Icon } from '../../shared/icon.tsx';
import { ProgressRing } from '../../shared/progressRing.tsx';
import { useNow } from '../../shared/useNow.ts';

const icons: Readonly<Record<Exclude<Tone, 'plain'>, string>> = { good: 'pass', bad: 'error', look: 'warning' };

/** A line of evidence with its icon; a button where there is more behind it. */
export function EvidenceText(props: {
  readonly line: EvidenceLine & Partial<Pick<CheckLine, 'isRunning' | 'startedAt' | 'hasOutput'>>;
  /** What it is about, where the text alone doesn't say. */
  readonly about?: string | undefined;
  /** What the button does, for tooltips and screen readers: "Show what test printed for Claude". */
  readonly does?: string;
  readonly testId?: string;
  /** Said after it, however little room there is. */
  readonly more?: string;
  readonly onOpen?: ((button: HTMLElement) => void) | undefined;
}): JSX.Element {
  const { line, about, does, testId, more, onOpen } = props;
  const { tone, detail, isRunning = false } = line;
  // What has not begun, or goes on, says nothing yet.
  const isQuiet = isRunning || line.hasOutput === false;
  const text = useRunningText(line);
  const title = [about === undefined ? text : `${about}: ${text}`, detail].filter(Boolean).join('\n');
  const content: ComponentChildren = (
    <>
      {isRunning ? <ProgressRing /> : tone !== 'plain' && <Icon name={icons[tone]} />}
      <span class="one-line">
        {about !== undefined && <span class="quiet">{about} </span>}
        <span class={isQuiet && tone === 'plain' ? 'quiet' : ''}>{text}</span>
      </span>
      {more && <span class="more">{more}</span>}
    </>
  );
  if (!onOpen) {
    return (
      <span class={`evidence-line number tone-${tone}`} title={title} data-testid={testId}>
        {content}
      </span>
    );
  }
  return (
    <button
      type="button"
      class={`evidence-line number tone-${tone}`}
      title={`${title}\n${does}`}
      aria-label={`${[about, text, more].filter(Boolean).join(' ')}. ${does}`}
      data-testid={testId}
      onClick={(event) => onOpen(event.currentTarget)}
    >
      {content}
    </button>
  );
}

/** The text, with the time that has passed while it runs. */
function useRunningText({
  text,
  isRunning,
  startedAt,
}: EvidenceLine & Partial<Pick<CheckLine, 'isRunning' | 'startedAt'>>): string {
  const now = useNow(isRunning === true && startedAt !== undefined);
  if (!isRunning || startedAt === undefined) return text;
  return `${text} ${durationText((Math.max(now, startedAt) - startedAt) / 1000)}`;
}

/** What more there is to say about a line, below it. */
export function Detail(props: { readonly line: EvidenceLine }): JSX.Element | null {
  const { detail } = props.line;
  return detail === undefined ? null : <p class="detail quiet">{detail}</p>;
}
