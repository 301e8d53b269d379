import type { ChangedFile, Line } from './changedFile.ts';

const values = /'[^']*'|"[^"]*"|`[^`]*`|\b\d[\w.]*\b|\b(?:true|false|null|undefined|None|True|False|undef|nil)\b/g;
/** What a test is called says nothing about what it expects. */
const title = /\b(it|test|describe|context|specify|subtest)((?:\.\w+)*\s*\(\s*)(?:'[^']*'|"[^"]*"|`[^`]*`)/g;
/** Where a name comes from neither. */
const origin = /^\s*(?:import\b|export\b.*\bfrom\b|from\b|use\b|require\b|source\b|#\s*include\b|.*\brequire\()/;

const untitled = (text: string) => text.replace(title, '$1$2#');
const skeleton = (text: string) => untitled(text).replace(values, '#').replace(/\s+/g, '');
const bare = (text: string) => untitled(text).replace(/\s+/g, '').replace(/['"`]/g, '"');

/** Whether a file of tests is nothing but what they compare with: a snapshot, an expected output. By its path. */
export function isExpectation(path: string): boolean {
  return /\.snap$|\.(?:approved|golden|expected)\b|(?:^|\/)(?:__snapshots__|snapshots?|golden|expected)(?:\/|[^/]*$)/i.test(
    path,
  );
}

/** The first line after `from` of an old test that differs from what it was in its values only, or of a snapshot that is another. */
export function otherValues({ path, removed, added }: ChangedFile, from = 0): Line | undefined {
  if (isExpectation(path)) return removed.length > 0 ? (added[0] ?? { line: 1, text: '' }) : undefined;
  const here = added.filter(({ line, text }) => line > from && !origin.test(text));
  const kept = new Set(here.map(({ text }) => bare(text)));
  const gone = removed.filter(({ text }) => !kept.has(bare(text)) && /#/.test(skeleton(text)));
  const forms = new Set(gone.map(({ text }) => skeleton(text)));
  const removedTexts = new Set(removed.map(({ text }) => bare(text)));
  return here.find(({ text }) => forms.has(skeleton(text)) && !removedTexts.has(bare(text)));
}

/** How many rows of a table of cases are gone; where it isn't known how tests are written, lines of any kind. */
export function casesGone({ path, removed, added, after = '' }: ChangedFile, isUnknown: boolean): number {
  if (isExpectation(path)) return 0;
  if (isUnknown) return Math.max(0, linesWithText(removed) - linesWithText(added));
  const isRow = ({ text }: Line) => /^\s*[[({'"`].*[,\])}]\s*$/.test(text) && /#/.test(skeleton(text));
  const forms = new Set(after.split('\n').map(skeleton));
  const gone = removed.filter((line) => isRow(line) && forms.has(skeleton(line.text))).length;
  return Math.max(0, gone - added.filter(isRow).length);
}

const linesWithText = (lines: readonly Line[]) =>
  lines.filter(({ text }) => /\w/.test(text) && !/^\s*(?:#|\/\/)/.test(text)).length;
