import { type EditRow, type Files, parseEditRows } from './editRows.ts';
import { runToolCall } from './editTrial.ts';

/** `right`: the expected files came out. `refused`: the call failed and nothing changed, as it must in tier `error`. `wrong`: neither. */
export interface EditFigures {
  rows: number;
  right: number;
  refused: number;
  wrong: number;
}

export interface WrongEdit {
  readonly id: string;
  readonly tier: string;
  readonly expected: Readonly<Record<string, string>> | 'a refusal';
  readonly actual: Readonly<Record<string, string>>;
  /** The policy that makes it so; absent where there is none. */
  readonly explained?: string;
}

export interface EditReport extends EditFigures {
  readonly malformed: number;
  /** Wrong ones that no policy explains. */
  readonly unexplained: number;
  readonly byTier: Readonly<Record<string, EditFigures>>;
  readonly byFormat: Readonly<Record<string, EditFigures>>;
  readonly bySource: Readonly<Record<string, EditFigures>>;
  /** Right by what upstream asserts, where what came out there is no more than that. */
  readonly rightByAssertion: readonly string[];
  readonly refusedRows: readonly { readonly id: string; readonly tier: string; readonly reason: string }[];
  readonly wrongRows: readonly WrongEdit[];
  readonly malformedRows: readonly string[];
}

/** Carries out every edit with the real tools, each on files of its own. */
export async function evalEdits(text: string): Promise<EditReport> {
  const { rows, malformed } = parseEditRows(text);
  const all = noFigures();
  const [byTier, byFormat, bySource]: Record<string, EditFigures>[] = [{}, {}, {}];
  const rightByAssertion: string[] = [];
  const refusedRows: { id: string; tier: string; reason: string }[] = [];
  const wrongRows: WrongEdit[] = [];
  for (const row of rows) {
    const { files, refusal } = await runToolCall(row);
    const verdict = judge(row, files, refusal);
    if (verdict === 'asserted') rightByAssertion.push(row.id);
    if (verdict === 'refused' && row.tier !== 'error')
      refusedRows.push({ id: row.id, tier: row.tier, reason: refusal ?? '' });
    if (verdict === 'wrong') wrongRows.push(wrongEdit(row, files));
    const kind = verdict === 'asserted' ? 'right' : verdict;
    for (const figures of [
      all,
      figuresOf(byTier, row.tier),
      figuresOf(byFormat, row.format),
      figuresOf(bySource, row.source),
    ]) {
      figures.rows++;
      figures[kind]++;
    }
  }
  const unexplained = wrongRows.filter(({ explained }) => explained === undefined).length;
  return {
    ...all,
    rows: all.rows + malformed.length,
    malformed: malformed.length,
    unexplained,
    byTier: byTier ?? {},
    byFormat: byFormat ?? {},
    bySource: bySource ?? {},
    rightByAssertion,
    refusedRows,
    wrongRows,
    malformedRows: malformed,
  };
}

function judge(row: EditRow, files: Files, refusal: string | undefined): 'right' | 'asserted' | 'refused' | 'wrong' {
  if (refusal !== undefined) return isSame(files, row.before) ? 'refused' : 'wrong';
  if (!row.after) return 'wrong';
  if (isSame(files, row.after)) return 'right';
  const asserted = row.asserted;
  const holds = (text: string) => withoutIndent(text).includes(withoutIndent(asserted ?? ''));
  return asserted !== undefined && [...files.values()].some(holds) ? 'asserted' : 'wrong';
}

function wrongEdit(row: EditRow, files: Files): WrongEdit {
  const explained = explain(row, files);
  return {
    id: row.id,
    tier: row.tier,
    expected: row.after ? Object.fromEntries(row.after) : 'a refusal',
    actual: Object.fromEntries(files),
    ...(explained !== undefined && { explained }),
  };
}

/** Which of our policies makes the difference, by what is the same without it. */
function explain({ after, hasOptions }: EditRow, files: Files): string | undefined {
  if (!after) {
    return hasOptions
      ? 'Upstream refuses an option of its own that the tools do not have; the edit itself fits exactly.'
      : undefined;
  }
  const policies: readonly (readonly [string, (text: string) => string])[] = [
    [
      'A file keeps its final line end, or goes on without one; a file that a patch adds ends with one.',
      withoutFinalEnd,
    ],
    ['Lines that come in get the line end of the lines they replace.', (text) => withoutFinalEnd(withPlainEnds(text))],
    [
      'Lines that come in get the indentation the file has at the place.',
      (text) => withoutFinalEnd(withoutIndent(text)),
    ],
  ];
  const endsDiffer = [...after].every(([path, text]) =>
    [text, withoutFinalEnd(text)].includes(withoutFinalEnd(files.get(path) ?? '')),
  );
  if (endsDiffer && after.size === files.size) return policies[0]?.[0];
  return policies.find(([, without]) => isSame(mapped(files, without), mapped(after, without)))?.[0];
}

const withoutFinalEnd = (text: string) => text.replace(/(?:\r\n|\n|\r)$/, '');
const withPlainEnds = (text: string) => text.replace(/\r\n|\r/g, '\n');
const withoutIndent = (text: string) =>
  withPlainEnds(text)
    .split('\n')
    .map((line) => line.trim())
    .join('\n');

function mapped(files: Files, change: (text: string) => string): Files {
  return new Map([...files].map(([path, text]) => [path, change(text)]));
}

function isSame(one: Files, other: Files): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}

function noFigures(): EditFigures {
  return { rows: 0, right: 0, refused: 0, wrong: 0 };
}

function figuresOf(groups: Record<string, EditFigures> | undefined, name: string): EditFigures {
  const figures = groups?.[name] ?? noFigures();
  if (groups) groups[name] = figures;
  return figures;
}

/** A table for people. */
export function showEdits(report: EditReport): string {
  const line = (name: string, { rows, right, refused, wrong }: EditFigures) =>
    [name.padEnd(24), ...[rows, right, refused, wrong].map((figure) => String(figure).padStart(9))].join('');
  const groups = [report.byTier, report.byFormat, report.bySource].flatMap((group) => [
    '',
    ...Object.entries(group).map(([name, figures]) => line(name, figures)),
  ]);
  return [
    ['', 'rows', 'right', 'refused', 'wrong']
      .map((head, index) => (index === 0 ? ''.padEnd(24) : head.padStart(9)))
      .join(''),
    line('all', report),
    ...groups,
    '',
    `${report.malformed} malformed, ${report.unexplained} wrong without an explanation`,
    ...report.wrongRows.map(({ id, explained }) => `wrong  ${id}\n    ${explained ?? 'not explained'}`),
  ].join('\n');
}
