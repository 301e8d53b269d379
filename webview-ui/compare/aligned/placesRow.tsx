import type { JSX } from 'preact';
import { Icon } from '../../shared/icon.tsx';
import { useCandidates } from '../compareContext.ts';
import type { AlignedProps } from './alignedProps.ts';
import { placeChoices } from './choices.ts';
import { placeIndex, placeText } from './placeText.ts';
import { useRegionActions } from './regionActions.ts';
import { TakeRow } from './takeRow.tsx';
import { shownColumns } from './versions.ts';

type PlacesProps = Pick<AlignedProps, 'file' | 'columns' | 'composition' | 'lead'>;

/** The file as a whole: which version each candidate has, or where it has it. */
export function PlacesRow(props: PlacesProps): JSX.Element {
  const { file, lead } = props;
  const actions = useRegionActions();
  const columns = shownColumns(props);
  const indexes = columns.map(({ at }) => (at < 0 ? -1 : placeIndex(file, at)));
  const hasLead = lead !== undefined;
  const isWhole = file.type === 'whole';
  return (
    <div class={`places-row ${isWhole ? 'is-whole' : ''}`}>
      {isWhole && <p class="stays quiet">It has no lines to set beside each other. Open a version to look at it.</p>}
      {hasLead && (
        <PlaceCell file={file} index={lead === 'base' ? 0 : placeIndex(file, file.columns.indexOf(lead))} isLead />
      )}
      {columns.map(({ id }, column) => (
        <PlaceCell
          key={id}
          file={file}
          index={indexes[column] ?? -1}
          sameAs={columns[indexes.indexOf(indexes[column] ?? -1)]?.id}
          id={id}
        />
      ))}
      <div class="take-line">
        <TakeRow
          label={`Version of ${file.path}`}
          choices={placeChoices(props)}
          columns={columns}
          leadLabel={undefined}
          hasLead={hasLead}
          isSpanning={false}
          what={isWhole ? 'this version' : 'the whole file'}
          take={(from) => actions.take(undefined, from)}
          openDiff={(column) => actions.openDiff(undefined, column)}
          {...(isWhole && { openText: 'Open' })}
        />
      </div>
    </div>
  );
}

interface PlaceCellProps {
  readonly file: AlignedProps['file'];
  readonly index: number;
  readonly id?: string;
  /** The first column with the same. */
  readonly sameAs?: AlignedProps['columns'][number]['id'] | undefined;
  readonly isLead?: boolean;
}

function PlaceCell({ file, index, id, sameAs, isLead }: PlaceCellProps): JSX.Element {
  const marks = useCandidates();
  if (index < 0) return <span class="place-cell absent" />;
  const { icon, text } = placeText(file, index);
  const mark = sameAs !== undefined && sameAs !== id && index > 0 ? marks.get(sameAs) : undefined;
  return (
    <span class={`place-cell ${isLead ? 'lead' : ''} ${index === 0 ? 'quiet' : ''}`}>
      <Icon name={icon} />
      <span class="one-line" title={text}>
        {text}
      </span>
      {mark && (
        <span class={`place-same quiet candidate-name ${mark.className}`} title={`same as ${mark.label}`}>
          = <span class="dot" aria-hidden="true" />
          <span class="one-line">{mark.label}</span>
        </span>
      )}
    </span>
  );
}
