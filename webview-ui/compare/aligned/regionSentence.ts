import type { RegionVersions, ShownColumn } from './versions.ts';

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** How far the shown runs agree on a region. `single`: there is only one of them. */
export type Verdict = 'agreed' | 'disputed' | 'single';

/** A count in words as far as one reads those faster. */
export function numberWord(count: number): string {
  return numbers[count] ?? String(count);
}

/** Whether the shown runs agree on a region. */
export function verdictOf(versions: RegionVersions): Verdict {
  const groups = groupsOf(versions);
  if (groups.flatMap(({ columns }) => columns).length < 2) return 'single';
  return groups.length === 1 ? 'agreed' : 'disputed';
}

/** Who has what, in a few words: "two versions: Claude | GPT and Gemini", "all different", "all three agree", "only Gemini". */
export function regionSentence(versions: RegionVersions): string {
  const groups = groupsOf(versions);
  const count = groups.flatMap(({ columns }) => columns).length;
  if (count === 0) return versions.taken ? 'only your composition' : '';
  const changing = groups.filter(({ alternative }) => alternative !== 0);
  if (count === 1) return '';
  if (groups.length === 1)
    return changing.length === 0 ? 'unchanged' : `${count === 2 ? 'both' : `all ${numberWord(count)}`} agree`;
  if (changing.length === 1) return `only ${namesOf(changing[0]?.columns ?? [])}`;
  if (groups.length === count) return count === 2 ? 'two versions' : 'all different';
  const names = groups.map(({ alternative, columns }) => `${namesOf(columns)}${alternative === 0 ? ' unchanged' : ''}`);
  return `${numberWord(groups.length)} versions: ${names.join(' | ')}`;
}

/** Names as a list for people. */
export function namesOf(columns: readonly Pick<ShownColumn, 'label'>[]): string {
  const labels = columns.map(({ label }) => label);
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`;
}

/** Where a region is, in the base's lines counted from 1. */
export function lineText({ region }: RegionVersions): string {
  const first = region.start + 1;
  if (region.length === 0) return region.start === 0 ? 'At the top' : `After line ${region.start}`;
  return region.length === 1 ? `Line ${first}` : `Lines ${first}–${region.start + region.length}`;
}

interface Group {
  readonly alternative: number;
  readonly columns: ShownColumn[];
}

/** The shown runs by what they have, in the order of the columns; a candidate that leads comes first. */
function groupsOf({ columns, alternatives, leadColumn, reference }: RegionVersions): Group[] {
  const groups: Group[] = leadColumn ? [{ alternative: reference, columns: [leadColumn] }] : [];
  for (const [index, alternative] of alternatives.entries()) {
    const column = columns[index];
    if (alternative < 0 || !column?.isRun) continue;
    const group = groups.find((other) => other.alternative === alternative);
    if (group) group.columns.push(column);
    else groups.push({ alternative, columns: [column] });
  }
  return groups;
}
