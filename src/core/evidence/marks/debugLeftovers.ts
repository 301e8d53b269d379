import type { Mark } from '../../evidence.ts';
import type { ChangedFile } from './changedFile.ts';
import { languageOf } from './languages.ts';
import { scan } from './scan.ts';

interface Leftover {
  readonly what: string;
  readonly files: RegExp;
  readonly code: RegExp;
  /** Whether a program might do so on purpose; then it isn't looked for in new files that are run by people. */
  readonly isOrdinary?: boolean;
}

const leftovers: readonly Leftover[] = [
  { what: 'a debugger statement', files: /\.[mc]?[jt]sx?$/, code: /(?:^|[;{}\s])debugger\s*(?:;|$)/ },
  {
    what: 'console output',
    files: /\.[mc]?[jt]sx?$/,
    code: /\bconsole\s*\.\s*(?:log|debug|trace|dir|table)\s*\(/,
    isOrdinary: true,
  },
  { what: 'a breakpoint', files: /\.pyi?$/, code: /\bbreakpoint\s*\(\s*\)|\bi?pdb\b/ },
  { what: 'printing', files: /\.py$/, code: /(?:^|[:;\s])print\s*\(/, isOrdinary: true },
  { what: 'dbg!', files: /\.rs$/, code: /\bdbg!\s*\(/ },
  { what: 'a breakpoint', files: /\.rb$/, code: /\bbinding\.(?:pry|irb)\b|\bbyebug\b/ },
  { what: 'a dump', files: /\.php$/, code: /\b(?:var_dump|print_r|dd)\s*\(/ },
  { what: 'a dump', files: /\.(?:pl|pm)$/, code: /\bData::Dumper\b|\bDumper\s*\(|\bprint\s+STDERR\b/ },
  { what: 'printing', files: /\.go$/, code: /\b(?:fmt\.Print(?:ln|f)?|println|spew\.Dump)\s*\(/, isOrdinary: true },
  { what: 'printing', files: /\.java$/, code: /\bSystem\.(?:out|err)\.print|\.printStackTrace\s*\(/, isOrdinary: true },
  {
    what: 'printing',
    files: /\.(?:c|cc|cpp|cxx)$/,
    code: /\bfprintf\s*\(\s*stderr\b|\bstd::cerr\b|\bprintf\s*\(/,
    isOrdinary: true,
  },
];

/** As a note to oneself is written; a program may also be about things to do. */
const toDo = /^\W*(?:TODO|FIXME|XXX|HACK)\b|\b(?:TODO|FIXME|XXX|HACK)\s*[:(]/;
const runByPeople = /(?:^|\/)(?:bin|scripts?|tools?|examples?|bench|cmd)\/|(?:^|\/)(?:cli|main|__main__|index)\.\w+$/i;

/** Where a program begins, which may well print. */
const entry = /\bint\s+main\s*\(|\bstatic\s+void\s+main\s*\(|__name__\s*==|\bfunc\s+main\s*\(|\bfn\s+main\s*\(|^#!/;

/** What somebody who looked for a fault may have left in the lines that a patch adds; not in tests, nor where the file did so before. */
export function debugLeftovers(file: ChangedFile): readonly Mark[] {
  if (file.isTest || file.after === undefined || file.added.length === 0) return [];
  const [now, before] = [linesOf(file.path, file.after), linesOf(file.path, file.before ?? '')];
  const mark = (line: number, what: string): Mark => ({
    kind: 'debug-leftover',
    isGate: false,
    path: file.path,
    line,
    text: `Leaves ${what} in ${file.path}.`,
  });
  const found = leftovers.flatMap(({ what, files, code, isOrdinary }) => {
    if (!files.test(file.path) || before.some((line) => code.test(line.code))) return [];
    if (isOrdinary && (runByPeople.test(file.path) || entry.test(file.after ?? ''))) return [];
    const first = file.added.find(({ line }) => code.test(now[line - 1]?.code ?? ''));
    return first ? [mark(first.line, what)] : [];
  });
  const open = file.added.find(({ line }) => toDo.test(now[line - 1]?.comment ?? ''));
  const isKnown = before.some(({ comment }) => toDo.test(comment));
  return open && !isKnown ? [...found, mark(open.line, 'something to do')] : found;
}

/** Code and comments of each line, without literals. */
function linesOf(path: string, text: string): readonly { code: string; comment: string }[] {
  const lines = text.split('\n').map(() => ({ code: '', comment: '' }));
  const language = languageOf(path);
  if (!language) return lines;
  for (const { kind, text: part, line } of scan(text, language)) {
    if (kind === 'literal') continue;
    for (const [index, own] of part.split('\n').entries()) {
      const at = lines[line - 1 + index];
      if (at) at[kind === 'comment' ? 'comment' : 'code'] += own;
    }
  }
  return lines;
}
