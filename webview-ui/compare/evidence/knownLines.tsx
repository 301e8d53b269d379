import type { JSX } from 'preact';
import type { CheckLine, MarkLine } from '../../../src/protocol/compareEvidence.ts';
import type { Column } from '../../../src/protocol/comparePanel.ts';
import { ask } from '../../host.ts';
import { useCompareHost } from '../compareContext.ts';
import { usePanel } from '../panelContext.ts';
import { EvidenceText } from './evidenceLine.tsx';

/** A check of a candidate, which opens what it printed. */
export function CheckText(props: {
  readonly column: Pick<Column, 'id' | 'label'>;
  readonly line: CheckLine;
  /** Whether it has to say which check it is. */
  readonly isNamed: boolean;
}): JSX.Element {
  const { column, line, isNamed } = props;
  const { check, hasOutput } = line;
  const host = useCompareHost();
  return (
    <EvidenceText
      line={line}
      about={isNamed ? check : undefined}
      does={`Show what ${check} printed for ${column.label}`}
      testId="check"
      onOpen={hasOutput ? () => ask(host.showCheckOutput({ id: column.id, check })) : undefined}
    />
  );
}

/** A mark of a patch or a finding, which opens its place. */
export function MarkText(props: {
  readonly column: Pick<Column, 'id' | 'label'>;
  readonly mark: MarkLine;
}): JSX.Element {
  const { column, mark } = props;
  const { fileId, line } = mark;
  const panel = usePanel();
  return (
    <EvidenceText
      line={mark}
      does={`Go to the place in ${column.label}`}
      testId="mark"
      onOpen={fileId === undefined ? undefined : () => panel.openFile(fileId, { line, candidate: column.id })}
    />
  );
}
