/** How one row came out when it did not come out right. */
export type Fault = 'wrong' | 'escaped' | 'falselyRefused' | 'malformed';

export interface WrongRow {
  /** The line number or the id. */
  readonly row: string;
  readonly fault: Fault;
  /** What the row is about: a path, an attempt. */
  readonly what: string;
  readonly reason: string;
}

/** `right + wrong + malformed` is the number of rows; `wrong` includes what escaped and what was falsely refused. */
export interface Report {
  readonly rows: number;
  readonly right: number;
  readonly wrong: number;
  readonly escaped: number;
  readonly falselyRefused: number;
  readonly malformed: number;
  readonly wrongRows: readonly WrongRow[];
}

/** Runs the text of a file of cases. `say` prints progress. Throws `UnreadableFile` where there are no cases in it at all. */
export type Harness = (text: string, say: (line: string) => void) => Promise<Report>;

/** There is nothing to run, and the message says why. */
export class UnreadableFile extends Error {}

/** Sums up: every row has at most one fault in the list. */
export function reportOf(rows: number, wrongRows: readonly WrongRow[]): Report {
  const count = (fault: Fault) => wrongRows.filter((row) => row.fault === fault).length;
  const malformed = count('malformed');
  return {
    rows,
    right: rows - wrongRows.length,
    wrong: wrongRows.length - malformed,
    escaped: count('escaped'),
    falselyRefused: count('falselyRefused'),
    malformed,
    wrongRows,
  };
}

/** A table for people. */
export function showReport({ wrongRows, ...figures }: Report): string {
  const lines = Object.entries(figures).map(([name, figure]) => `${name.padEnd(16)}${String(figure).padStart(6)}`);
  const rows = wrongRows.map(({ row, fault, what, reason }) => `${fault}  ${row}  ${what}\n    ${reason}`);
  return [...lines, ...(rows.length > 0 ? ['', ...rows] : [])].join('\n');
}

/** The worst of several faults of one row. */
export function worst(faults: readonly WrongRow[]): WrongRow | undefined {
  const order: readonly Fault[] = ['escaped', 'falselyRefused', 'wrong', 'malformed'];
  return order.flatMap((fault) => faults.filter((row) => row.fault === fault))[0];
}
