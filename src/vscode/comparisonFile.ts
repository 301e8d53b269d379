import type { ComparedFile, PlaceGroup, RoundComparison } from '../core/comparison.ts';
import type { FindingView } from '../protocol/compareEvidence.ts';
import type { FileId, OpenFile, PlaceView } from '../protocol/comparePanel.ts';
import { regionIdOf } from './comparisonIds.ts';

/** What a file of a comparison is called in the panel, and what was found out about it. */
export interface OpenFileFacts {
  readonly id: FileId;
  /** VS Code's name of its language. */
  readonly language: string | undefined;
  /** One per region: the function or class around it. */
  readonly insides: readonly (string | undefined)[];
  readonly findings: readonly FindingView[];
}

/** A file as the aligned view shows it. */
export function openFile({ columns }: RoundComparison, file: ComparedFile, facts: OpenFileFacts): OpenFile {
  const { id, language, insides, findings } = facts;
  return {
    id,
    path: file.path,
    columns,
    kinds: file.cells.map((cell) => cell?.kind ?? null),
    type: file.type,
    regions: file.regions.map(({ start, length, alternatives }, index) => {
      const inside = insides[index];
      return {
        id: regionIdOf({ start, length }),
        start,
        length,
        alternatives,
        ...(inside !== undefined && { inside }),
      };
    }),
    places: file.places.map(placeView),
    findings,
    ...(language !== undefined && { language }),
  };
}

function placeView({ place, version, columns }: PlaceGroup): PlaceView {
  const { path, mode } = place ?? version ?? {};
  return { ...(path !== undefined && { path }), ...(mode !== undefined && { mode }), columns };
}
