import type { JSX } from 'preact';
import { useCallback } from 'preact/hooks';
import type { CandidateId } from '../../src/core/domain.ts';
import type { FilesState, Place } from '../../src/protocol/comparePanel.ts';
import { CandidateDot } from '../shared/candidateDot.tsx';
import { fullCount } from '../shared/figures.ts';
import { Icon } from '../shared/icon.tsx';
import { useCandidates } from './compareContext.ts';
import { usePanel } from './panelContext.ts';
import { disputeText, groupsText, isAllDifferent, placeTitle } from './places.ts';
import { type RailButton, RailList } from './railList.tsx';

/** The places where candidates differ, the most disputed first. */
export function PlaceList(props: { readonly files: FilesState; readonly onGo: () => void }): JSX.Element {
  const { files, onGo } = props;
  const { places, placeCount, columns } = files;
  const panel = usePanel();
  const keyOf = useCallback(
    (index: number) => `${places[index]?.fileId ?? ''} ${places[index]?.region ?? ''}`,
    [places],
  );
  const row = useCallback(
    (index: number, button: RailButton) => {
      const place = places[index];
      if (!place) return undefined;
      const go = () => {
        panel.goTo(place);
        onGo();
      };
      return <PlaceButton place={place} columns={columns} button={button} onGo={go} />;
    },
    [places, columns, panel, onGo],
  );
  return (
    <section class="places" aria-labelledby="places-heading">
      <h2 id="places-heading">
        Places that differ{' '}
        <span class="number count">
          {places.length < placeCount ? `${places.length} of ${fullCount(placeCount)}` : placeCount}
        </span>
      </h2>
      <RailList
        class="place-list"
        labelledBy="places-heading"
        count={places.length}
        selected={places.findIndex((place) => panel.isCurrent(place))}
        keyOf={keyOf}
        row={row}
      />
    </section>
  );
}

function PlaceButton(props: {
  readonly place: Place;
  readonly columns: readonly CandidateId[];
  readonly button: RailButton;
  readonly onGo: () => void;
}): JSX.Element {
  const { place, columns, button, onGo } = props;
  const marks = useCandidates();
  const groups = groupsText(place, columns, marks);
  return (
    <button
      type="button"
      {...button}
      class={`rail-row place ${isAllDifferent(place) ? 'all-different' : ''}`}
      title={`${place.path}, ${disputeText(place)}: ${groups}`}
      data-testid="place"
      data-path={place.path}
      onClick={onGo}
    >
      <Icon name="circle-filled" />
      <span class="one-line">
        <b>{placeTitle(place)}</b>
        {place.inside && <span class="quiet"> in {place.inside}</span>}
      </span>
      <span class="hidden-text">
        , {disputeText(place)}: {groups}
      </span>
      <span class="groups" aria-hidden="true">
        {place.groups.map((group) => (
          <span key={group.join()} class="group">
            {group.map((column) => (
              <span key={column} class={marks.get(columns[column] as CandidateId)?.className}>
                <CandidateDot />
              </span>
            ))}
          </span>
        ))}
      </span>
    </button>
  );
}
