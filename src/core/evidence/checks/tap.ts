import { mostTests, type ReportedTest } from './testNames.ts';

/** One line that says how a test ended. */
interface Point {
  readonly depth: number;
  readonly isOk: boolean;
  readonly name: string;
  readonly directive: 'skip' | 'todo' | undefined;
  /** The tests in it, where it is a test of several. */
  readonly children: ReportedTest[];
  diagnostics: string;
}

/** What else a line has may hold characters that end a line elsewhere. */
const pointPattern = /^(\s*)(not )?ok\b[ \t]*(\d*)(.*)$/s;
/** Indents count up to here, by four for each level: what is deeper is part of the same test. */
const deepestIndent = 80;
const longestDiagnostics = 20_000;
const longestLine = 4000;

/** Reads TAP 13 or 14, subtests too. Throws `SyntaxError` when it has neither a plan nor a test. */
export function readTap(text: string): readonly ReportedTest[] {
  const reader = new TapReader();
  for (const line of text.split('\n')) reader.take(line.slice(0, longestLine).trimEnd());
  return reader.end();
}

class TapReader {
  /** Ended tests that wait for the test which they are part of, by depth. */
  readonly #waiting: ReportedTest[][] = [];
  /** Tests whose parts follow in braces. */
  readonly #braced: Point[] = [];
  #last: Point | undefined;
  #diagnostics: { readonly indent: string } | undefined;
  #count = 0;
  #hasPlan = false;

  take(line: string): void {
    if (this.#diagnostics && this.#takesDiagnostics(line, this.#diagnostics.indent)) return;
    const trimmed = line.trim();
    if (trimmed === '---' && this.#last) {
      this.#diagnostics = { indent: line.slice(0, line.indexOf('---')) };
      return;
    }
    const point = pointPattern.exec(line);
    if (point) this.#takePoint(point);
    else if (trimmed === '}' && this.#braced.length > 0) {
      const ended = this.#braced.pop();
      if (ended) this.#settle({ ...ended, children: this.#partsBelow(ended.depth) });
    } else if (/^\s*1\.\.\d+/.test(line)) this.#hasPlan = true;
    else if (/^Bail out!/i.test(line)) {
      this.#flush();
      this.#add(0, { path: ['Bail out!'], status: 'failed', message: line });
    }
  }

  end(): readonly ReportedTest[] {
    this.#flush();
    for (const point of this.#braced.toReversed())
      this.#settle({ ...point, isOk: false, children: this.#partsBelow(point.depth) });
    this.#flush();
    // What was to be part of a test that never ended is there nevertheless.
    const tests = this.#waiting.flat();
    if (tests.length === 0 && !this.#hasPlan) throw new SyntaxError('it has neither a plan nor a test');
    return tests;
  }

  /** False where they ended without saying so. */
  #takesDiagnostics(line: string, indent: string): boolean {
    const isIn = line === '' || line.startsWith(indent);
    if (!isIn || line === `${indent}...`) this.#diagnostics = undefined;
    else if (this.#last && this.#last.diagnostics.length < longestDiagnostics) this.#last.diagnostics += `${line}\n`;
    return isIn;
  }

  #takePoint([, indent = '', not, number = '', rest = '']: RegExpExecArray): void {
    this.#flush();
    if (++this.#count > mostTests) throw new SyntaxError(`it has more than ${mostTests} tests`);
    const isBraced = /\s\{\s*$/.test(rest);
    const { name, directive } = describe(isBraced ? rest.replace(/\s\{\s*$/, '') : rest);
    const point: Point = {
      depth: Math.min(deepestIndent, indent.replaceAll('\t', '    ').length),
      isOk: not === undefined,
      name: name === '' ? `test ${number}` : name,
      directive,
      children: [],
      diagnostics: '',
    };
    if (isBraced) this.#braced.push(point);
    else this.#last = { ...point, children: this.#partsBelow(point.depth) };
  }

  #flush(): void {
    const last = this.#last;
    this.#last = undefined;
    this.#diagnostics = undefined;
    if (last) this.#settle(last);
  }

  /** A test of several is told by them, unless it failed and none of them did. */
  #settle(point: Point): void {
    const { children, depth, name } = point;
    const status = statusOf(point);
    for (const child of children) this.#add(depth, { ...child, path: [name, ...child.path] });
    if (children.length > 0 && (status !== 'failed' || children.some((child) => child.status === 'failed'))) return;
    const message = point.diagnostics === '' ? undefined : point.diagnostics;
    this.#add(depth, { path: [name], status, message: status === 'failed' ? message : undefined, ...placeIn(point) });
  }

  #add(depth: number, test: ReportedTest): void {
    const waiting = this.#waiting[depth];
    if (waiting) waiting.push(test);
    else this.#waiting[depth] = [test];
  }

  #partsBelow(depth: number): ReportedTest[] {
    this.#flush();
    return this.#waiting.splice(depth + 1).flat();
  }
}

function statusOf({ isOk, directive }: Point): ReportedTest['status'] {
  // Nobody relies yet on what is to be done, whether it works by now or not.
  if (directive !== undefined) return 'skipped';
  return isOk ? 'passed' : 'failed';
}

/** What stands behind `ok 1`: a description, and a directive behind a `#` that no backslash stands in front of. */
function describe(rest: string): Pick<Point, 'name' | 'directive'> {
  const hash = /(^|[^\\])#\s*(.*)$/s.exec(rest.replaceAll('\\\\', '\0'));
  const directive = /^(skip|todo)/i.exec(hash?.[2] ?? '')?.[1]?.toLowerCase();
  // Some runners put how long it took behind a `#`, and some a number into the description.
  const isComment = directive !== undefined || /^(time|duration)/i.test(hash?.[2] ?? '');
  const text = rest.replaceAll('\\\\', '\0');
  const name = (isComment && hash ? text.slice(0, hash.index + (hash[1]?.length ?? 0)) : text)
    .replaceAll('\\#', '#')
    .replaceAll('\0', '\\')
    .replace(/^\s*-\s+/, '')
    .trim();
  return { name, directive: directive === 'skip' || directive === 'todo' ? directive : undefined };
}

/** What the common runners' diagnostics say about where a test is. */
function placeIn({ diagnostics }: Point): Pick<ReportedTest, 'file' | 'line'> {
  const found =
    /^[ \t]*(?:location|at|file):[ \t]*['"]?(?:.*\()?((?:file:\/\/)?[^'"\s():]+(?::[\\/][^'"\s():]+)?):(\d+)/m.exec(
      diagnostics,
    );
  return found ? { file: found[1], line: Number(found[2]) } : {};
}
