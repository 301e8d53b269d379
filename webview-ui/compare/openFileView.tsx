import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { OpenFile } from '../../src/protocol/comparePanel.ts';
import { AlignedFile } from './aligned/alignedFile.tsx';
import type { AlignedProps } from './aligned/alignedProps.ts';
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
  const columns = useSame(props.visible);
  const composition = useSame(shown.composition);
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
function goalIn(file: OpenFile, { line, region, nonce }: Target): NonNullable<AlignedProps['target']> {
  const regionId = region === undefined ? undefined : file.regions[region]?.id;
  return { nonce, ...(line !== undefined && { line }), ...(regionId !== undefined && { regionId }) };
}
