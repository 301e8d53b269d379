import { UnreadableFile, type WrongRow } from './report.ts';

const expectations = ['reject', 'reject-portable', 'reject-win', 'contain', 'allow'] as const;
export type Expectation = (typeof expectations)[number];

/** One path and what is to come of a model's asking for it. */
export interface PathRow {
  readonly line: number;
  readonly category: string;
  readonly expectation: Expectation;
  readonly path: string;
}

/** Reads `category<TAB>expectation<TAB>JSON string[<TAB>source]`; lines that begin with `#` are comments. */
export function parsePathRows(text: string): {
  readonly rows: readonly PathRow[];
  readonly malformed: readonly WrongRow[];
} {
  const rows: PathRow[] = [];
  const malformed: WrongRow[] = [];
  for (const [index, written] of text.split('\n').entries()) {
    const content = written.replace(/\r$/, '');
    if (content.trim() === '' || content.startsWith('#')) continue;
    const row = parseRow(content, index + 1);
    if (typeof row === 'string') {
      malformed.push({ row: String(index + 1), fault: 'malformed', what: content.slice(0, 200), reason: row });
    } else {
      rows.push(row);
    }
  }
  if (rows.length + malformed.length === 0) throw new UnreadableFile('There is no row in this file.');
  return { rows, malformed };
}

function parseRow(content: string, line: number): PathRow | string {
  const [category = '', written = '', json] = content.split('\t');
  if (json === undefined) return 'It has fewer than three columns.';
  const expectation = expectations.find((candidate) => candidate === written);
  if (!expectation) return `${JSON.stringify(written)} is none of ${expectations.join(', ')}.`;
  try {
    const path: unknown = JSON.parse(json);
    return typeof path === 'string' ? { line, category, expectation, path } : 'The third column is not a JSON string.';
  } catch {
    return 'The third column is not JSON.';
  }
}
