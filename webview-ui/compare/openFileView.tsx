import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Column, OpenFile } from '../../src/protocol/comparePanel.ts';
import { AlignedFile } from './aligned/alignedFile.tsx';
import type { AlignedProps } from './aligned/alignedProps.ts';
import { placeOfLine } from './aligned/placeOfLine.ts';
import { usePanel } from './panelContext.ts';
import type { Target } from './panelView.ts';
import type { StageContentProps } from './stageContent.tsx';
import { useSame } from './useSame.ts';

/** The open file in the aligned view. */
export function OpenFileView(
  props: StageContentProps & {
    readonly file: OpenFile;
    readonly baseText: string;
    /** Another file was asked for, and is being read. */
    readonly isStale: boolean;
  },
): JSX.Element {
  const { file, baseText, isStale, lead, scroller, headsHeight, shown } = props;
  const { content, view, target } = usePanel();
  // What checks say changes all the time while they run, and isn't shown here.
  const columns = useSame(props.visible.map(withoutEvidence));
  const composition = useSame(shown.composition && withoutEvidence(shown.composition));
  const goal = useMemo(() => (target && !isStale ? goalIn(file, target) : undefined), [target, file.id, isStale]);
  return (
    <AlignedFile
      file={file}
      baseText={baseText}
      columns={columns}
      {...(composition && { composition })}
      {...(lead && { lead })}
      isUnfolded={view.isUnfolded}
      {...(content.theme && { theme: content.theme })}
      scroller={scroller}
      headsHeight={headsHeight}
      {...(goal && { target: goal })}
    />
  );
}

/** Where to go in the file; its regions' names are known only now that it is open. */
function goalIn(file: OpenFile, target: Target): NonNullable<AlignedProps['target']> {
  const { line, candidate, region, nonce } = target;
  if (line !== undefined && candidate !== undefined) return { nonce, ...placeOfLine(file, candidate, line) };
  const regionId = region === undefined ? undefined : file.regions[region]?.id;
  return { nonce, ...(line !== undefined && { line }), ...(regionId !== undefined && { regionId }) };
}

function withoutEvidence<Shown extends Column>(column: Shown): Shown {
  const { evidence: _, ...others } = column;
  return others as Shown;
}
