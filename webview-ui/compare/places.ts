import type { CandidateId } from '../../src/core/domain.ts';
import type { Place } from '../../src/protocol/comparePanel.ts';
import type { CandidateMark } from './compareContext.ts';
import type { PlaceName } from './panelView.ts';

export function samePlace(place: Place, name: PlaceName): boolean {
  return place.fileId === name.fileId && place.region === name.region;
}

/** The place one step from the last one, around the ends of the list; the first one where there is no last. */
export function nextPlace(places: readonly Place[], last: PlaceName | undefined, step: 1 | -1): Place | undefined {
  const index = last ? places.findIndex((place) => samePlace(place, last)) : -1;
  if (index < 0) return places.at(step > 0 ? 0 : -1);
  return places[(index + step + places.length) % places.length];
}

/** "upload.ts:41", the name of the file alone. */
export function placeTitle({ path, line }: Place): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return line === undefined ? name : `${name}:${line}`;
}

/** Who agrees with whom: "Claude | GPT and Gemini". */
export function groupsText(
  place: Place,
  columns: readonly CandidateId[],
  marks: ReadonlyMap<CandidateId, CandidateMark>,
): string {
  const label = (column: number) => {
    const id = columns[column];
    return (id && marks.get(id)?.label) ?? 'another';
  };
  return place.groups.map((group) => listText(group.map(label))).join(' | ');
}

/** How much they differ, in words: "2 versions", "all different". */
export function disputeText({ groups }: Place): string {
  return isAllDifferent({ groups }) ? 'all different' : `${groups.length} versions`;
}

/** Whether no two of several candidates have the same. */
export function isAllDifferent({ groups }: Pick<Place, 'groups'>): boolean {
  return groups.length > 2 && groups.every((group) => group.length === 1);
}

/** What a screen reader says on arrival: "Place 2 of 3: src/upload.ts line 41, in send(). Claude | GPT and Gemini." */
export function arrivalText(
  place: Place,
  index: number,
  list: { readonly count: number; readonly groups: string },
): string {
  const line = place.line === undefined ? '' : ` line ${place.line}`;
  const inside = place.inside ? `, in ${place.inside}` : '';
  return `Place ${index + 1} of ${list.count}: ${place.path}${line}${inside}. ${list.groups}.`;
}

function listText(labels: readonly string[]): string {
  return labels.length < 2 ? labels.join() : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`;
}
