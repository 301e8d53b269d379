import type { OpenFile, PlaceView } from '../../../src/protocol/comparePanel.ts';

/** What one candidate made of a file as a whole, in a few words, and the codicon beside them. */
export interface PlaceText {
  readonly icon: string;
  readonly text: string;
}

/** Which of the file's places a column has; the base's where it left the file alone. */
export function placeIndex(file: OpenFile, column: number): number {
  return Math.max(
    0,
    file.places.findIndex(({ columns }) => columns.includes(column)),
  );
}

/** What the file's place of that index is, compared with the base's. */
export function placeText(file: OpenFile, index: number): PlaceText {
  const base = file.places[0];
  const place = file.places[index];
  if (index === 0 || !place || !base) return basePlaceText(base);
  if (place.path === undefined) return { icon: 'trash', text: 'deleted' };
  const facts: string[] = [];
  if (base.path === undefined) facts.push('new file');
  else if (place.path !== base.path) facts.push(`moved to ${place.path}`);
  if (place.mode !== base.mode) facts.push(...modeTexts(place.mode, base.mode));
  if (facts.length === 0) facts.push(versionText(file, index));
  return { icon: base.path === undefined ? 'new-file' : 'file-binary', text: facts.join(', ') };
}

function basePlaceText(base: PlaceView | undefined): PlaceText {
  return base?.path === undefined
    ? { icon: 'circle-slash', text: 'no such file' }
    : { icon: 'file', text: 'unchanged' };
}

/** Versions are told apart by letters: nothing in them can be shown beside each other. */
function versionText(file: OpenFile, index: number): string {
  const others = file.places.slice(1).filter(({ path }) => path !== undefined);
  const place = file.places[index];
  if (others.length < 2 || !place) return 'another version';
  return `version ${String.fromCharCode(65 + (others.indexOf(place) % 26))}`;
}

function modeTexts(mode: PlaceView['mode'], before: PlaceView['mode']): string[] {
  switch (mode) {
    case '100755':
      return ['executable'];
    case '120000':
      return ['symbolic link'];
    case '160000':
      return ['submodule'];
    case '100644':
      return before === '100755' ? ['no longer executable'] : before === undefined ? [] : ['regular file'];
    case undefined:
      return [];
    default:
      return mode satisfies never;
  }
}
