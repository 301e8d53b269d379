import type { AlignedProps } from './alignedProps.ts';
import { placeIndex } from './placeText.ts';
import type { RegionLayout } from './rowModel.ts';
import { type Sides, shownColumns } from './versions.ts';

/** A version that can be taken, where it stands: in the lead or in a column. */
export interface Choice {
  /** A column by its index among the shown ones. */
  readonly at: 'lead' | number;
  readonly from: 'base' | 'lead' | number;
  readonly isTaken: boolean;
  /** `radio`: one of the versions. `copy`: the same as one that stands further left. */
  readonly role: 'radio' | 'copy';
  /** The column whose version this differs from in formatting only, or the base. */
  readonly formattingOf?: 'base' | number;
}

/** Whose the lead is, and what takes choices. */
export interface ChoiceSides {
  readonly lead: AlignedProps['lead'] | undefined;
  readonly composition: AlignedProps['composition'] | undefined;
}

/** The versions of a region that can be taken, from left to right. The open composition's own can't: it is what was taken. */
export function choicesOf(region: RegionLayout, { lead, composition }: ChoiceSides): Choice[] {
  const choices: Choice[] = [];
  const offered = new Set<number>();
  if (lead !== undefined && lead !== composition?.id) {
    const from = region.reference === 0 ? 'base' : 'lead';
    choices.push({ at: 'lead', from, isTaken: region.taken === region.reference, role: 'radio' });
    offered.add(region.reference);
  }
  for (const [index, alternative] of region.alternatives.entries()) {
    const column = region.columns[index];
    if (alternative < 0 || !column?.isRun) continue;
    if (region.isSpanning && choices.some(({ at }) => at !== 'lead')) break;
    choices.push({
      at: index,
      from: alternative === 0 ? 'base' : index,
      isTaken: region.taken === alternative,
      role: offered.has(alternative) ? 'copy' : 'radio',
      ...formattingOf(region, alternative),
    });
    offered.add(alternative);
  }
  return choices;
}

function formattingOf(region: RegionLayout, alternative: number): Pick<Choice, 'formattingOf'> {
  const other = region.region.alternatives[alternative]?.formattingOf;
  if (other === undefined) return {};
  const column = region.alternatives.indexOf(other);
  if (other !== 0 && column < 0) return {};
  return { formattingOf: other === 0 ? 'base' : column };
}

/** The versions of a file as a whole that can be taken, from left to right. */
export function placeChoices(sides: Sides): Choice[] {
  const { file, composition, lead } = sides;
  const isWhole = file.type === 'whole';
  const columns = shownColumns(sides);
  const indexes = columns.map(({ at }) => (at < 0 ? -1 : placeIndex(file, at)));
  const composedAt = composition ? file.columns.indexOf(composition.id) : -1;
  // A text file is taken with its lines, so that its place alone doesn't say whose it is.
  const taken = composedAt < 0 || !isWhole ? undefined : placeIndex(file, composedAt);
  const choices: Choice[] = [];
  if (lead === 'base') choices.push({ at: 'lead', from: 'base', isTaken: taken === 0, role: 'radio' });
  for (const [at, index] of indexes.entries()) {
    if (index < 0 || !columns[at]?.isRun) continue;
    const isCopy = isWhole && (indexes.indexOf(index) < at || (index === 0 && lead === 'base'));
    const from = isWhole && index === 0 ? 'base' : at;
    choices.push({ at, from, isTaken: taken === index, role: isCopy ? 'copy' : 'radio' });
  }
  return choices;
}
