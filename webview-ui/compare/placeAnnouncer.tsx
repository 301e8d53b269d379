import type { JSX } from 'preact';
import { useCandidates } from './compareContext.ts';
import { usePanel } from './panelContext.ts';
import { arrivalText, groupsText } from './places.ts';

/** Tells screen readers, politely, which place was gone to. */
export function PlaceAnnouncer(): JSX.Element {
  const panel = usePanel();
  const marks = useCandidates();
  const { files } = panel.content;
  const index = panel.target ? (files?.places.findIndex((place) => panel.isCurrent(place)) ?? -1) : -1;
  const place = files?.places[index];
  return (
    <div class="hidden-text" role="status" data-testid="place-announcer">
      {files &&
        place &&
        arrivalText(place, index, { count: files.places.length, groups: groupsText(place, files.columns, marks) })}
    </div>
  );
}
