import type { JSX } from 'preact';
import type { EvidenceFacts, EvidenceLine, MarkLine } from '../../../src/protocol/compareEvidence.ts';
import type { Column } from '../../../src/protocol/comparePanel.ts';
import { Detail, EvidenceText } from './evidenceLine.tsx';
import { placeText } from './evidenceTexts.ts';
import { CheckText, MarkText } from './knownLines.tsx';
import { Popup, type PopupProps } from './popup.tsx';

/** Everything that is known about a candidate, in full. */
export function EvidencePopup(
  props: Pick<PopupProps, 'opener' | 'onClose'> & {
    readonly column: Column;
    readonly evidence: EvidenceFacts;
    /** What keeps checks to their copies. */
    readonly isolation: string | undefined;
  },
): JSX.Element {
  const { column, evidence, isolation, opener, onClose } = props;
  const { checks, crossTests, review, findings, marks, isRecommended, reason } = evidence;
  const placeName = placeText(evidence);
  return (
    <Popup label={`Evidence of ${column.label}`} opener={opener} testId="evidence-popup" onClose={onClose}>
      <h3>
        {column.label}
        {placeName && <span class="quiet">, {placeName}</span>}
        {isRecommended && <span class="quiet">, recommended</span>}
      </h3>
      {reason && <p>{reason}</p>}
      {checks.length > 0 && (
        <>
          <h4>Checks{isolation !== undefined && <span class="quiet"> ({isolation})</span>}</h4>
          <ul>
            {checks.map((line) => (
              <li key={line.check}>
                <CheckText column={column} line={line} isNamed />
                <Detail line={line} />
              </li>
            ))}
          </ul>
        </>
      )}
      <OneLine name="Cross-tests" line={crossTests} />
      <OneLine name="Review" line={review} />
      <Places column={column} lines={findings} />
      {marks.length > 0 && <h4>Marks</h4>}
      <Places column={column} lines={marks} />
    </Popup>
  );
}

/** What is somewhere in the candidate's files, each with the way there. */
function Places(props: { readonly column: Column; readonly lines: readonly MarkLine[] }): JSX.Element | null {
  const { column, lines } = props;
  if (lines.length === 0) return null;
  return (
    <ul>
      {lines.map((line, index) => (
        <li key={index}>
          <MarkText column={column} mark={line} />
          <Detail line={line} />
        </li>
      ))}
    </ul>
  );
}

function OneLine(props: { readonly name: string; readonly line: EvidenceLine | undefined }): JSX.Element | null {
  const { name, line } = props;
  if (!line) return null;
  return (
    <>
      <h4>{name}</h4>
      <EvidenceText line={line} />
      <Detail line={line} />
    </>
  );
}
