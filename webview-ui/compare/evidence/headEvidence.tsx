import type { ComponentChildren, JSX } from 'preact';
import type { EvidenceFacts } from '../../../src/protocol/compareEvidence.ts';
import type { Column } from '../../../src/protocol/comparePanel.ts';
import { EvidenceText } from './evidenceLine.tsx';
import { checkLines, type EvidenceRoom } from './evidenceRoom.ts';
import { restText } from './evidenceTexts.ts';
import { CheckText, MarkText } from './knownLines.tsx';

/** What is known about a candidate, in rows that all heads have alike. */
export function HeadEvidence(props: {
  readonly column: Column;
  readonly room: EvidenceRoom;
  readonly isReviewing: boolean;
  readonly onMore: (opener: HTMLElement) => void;
}): JSX.Element {
  const { column, room, isReviewing, onMore } = props;
  const { evidence } = column;
  if (!evidence) return <div class="evidence" />;
  const all = `Show all evidence of ${column.label}`;
  return (
    <dl class="evidence" data-testid="evidence">
      {room.checks > 0 && (
        <EvidenceRow name="Checks" isFirst>
          <CheckRows column={column} checks={evidence.checks} onMore={onMore} />
        </EvidenceRow>
      )}
      {room.hasCrossTests && (
        <EvidenceRow name="Cross-tests">
          <dd>
            {evidence.crossTests ? (
              <EvidenceText line={evidence.crossTests} does={all} onOpen={onMore} />
            ) : (
              <Nothing text="none" />
            )}
          </dd>
        </EvidenceRow>
      )}
      {room.hasReview && (
        <EvidenceRow name="Review">
          <dd data-testid="review">
            {evidence.review ? (
              <EvidenceText line={evidence.review} does={all} onOpen={onMore} />
            ) : (
              <Nothing text={isReviewing ? 'reviewers are at work' : 'not reviewed'} />
            )}
          </dd>
        </EvidenceRow>
      )}
      {room.hasMarks && (
        <EvidenceRow name="Marks">
          <dd>
            <MarkRow column={column} marks={evidence.marks} onMore={onMore} />
          </dd>
        </EvidenceRow>
      )}
    </dl>
  );
}

function CheckRows(props: {
  readonly column: Column;
  readonly checks: EvidenceFacts['checks'];
  readonly onMore: (opener: HTMLElement) => void;
}): JSX.Element {
  const { column, checks, onMore } = props;
  const { shown, rest } = checkLines(checks);
  if (checks.length === 0) {
    return (
      <dd>
        <Nothing text="not run yet" />
      </dd>
    );
  }
  return (
    <>
      {shown.map((line) => (
        <dd key={line.check}>
          <CheckText column={column} line={line} isNamed={checks.length > 1} />
        </dd>
      ))}
      {rest.length > 0 && (
        <dd>
          <More text={restText(rest)} of={column.label} onMore={onMore} />
        </dd>
      )}
    </>
  );
}

function MarkRow(props: {
  readonly column: Column;
  readonly marks: EvidenceFacts['marks'];
  readonly onMore: (opener: HTMLElement) => void;
}): JSX.Element {
  const { column, marks, onMore } = props;
  const [first] = marks;
  if (!first) return <Nothing text="none" />;
  return (
    <>
      <MarkText column={column} mark={first} />
      {marks.length > 1 && <More text={`${marks.length - 1} more`} of={column.label} onMore={onMore} />}
    </>
  );
}

function EvidenceRow(props: {
  readonly name: string;
  /** Whether it stays where there is little height. */
  readonly isFirst?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={props.isFirst ? 'first' : ''}>
      <dt>{props.name}</dt>
      {props.children}
    </div>
  );
}

function Nothing(props: { readonly text: string }): JSX.Element {
  return <span class="quiet one-line">{props.text}</span>;
}

function More(props: {
  readonly text: string;
  readonly of: string;
  readonly onMore: (opener: HTMLElement) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="link more"
      aria-haspopup="dialog"
      aria-label={`${props.text}. Show all evidence of ${props.of}`}
      onClick={(event) => props.onMore(event.currentTarget)}
    >
      {props.text}
    </button>
  );
}
