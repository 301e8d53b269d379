import type { FileChange } from '../../domain.ts';
import type { Mark } from '../../evidence.ts';
import { isTestFile } from '../testFiles.ts';
import { type ChangedFile, type ReadBlob, readChangedFiles } from './changedFile.ts';
import { debugLeftovers } from './debugLeftovers.ts';
import { differInLayoutOnly } from './formatting.ts';
import { languageOf } from './languages.ts';
import { scan } from './scan.ts';
import { syntaxProblem } from './syntaxProblem.ts';
import { testChangeMarks } from './testChanges.ts';

/** More marks of one kind say nothing new. */
const mostOfAKind = 20;

/**
 * The marks of a patch. Gates, which keep it from being picked: it does not parse, leaves conflict markers, or changes nothing but layout
 * (and, told by whoever applies it, `doesNotApply`). The others are for people to look at, and lower its rank below its equals; a patch
 * that touches tests may do so for good reasons, so none of these keeps it from being merged.
 */
export async function marksOf(
  changes: readonly FileChange[],
  readBlob: ReadBlob,
  signal?: AbortSignal,
): Promise<readonly Mark[]> {
  return marksOfFiles(await readChangedFiles(changes, readBlob, signal));
}

/** The same for files that have been read. Pure. */
export function marksOfFiles(files: readonly ChangedFile[]): readonly Mark[] {
  const nothing = files.every(isLayoutOnly) ? [changesNothing(files)] : [];
  const all = [
    ...nothing,
    ...files.flatMap(parseMarks),
    ...files.flatMap(conflictMarks),
    ...(nothing.length > 0 ? [] : testChangeMarks(files)),
    ...files.flatMap(debugLeftovers),
  ];
  const seen = new Map<string, number>();
  return all.filter(({ kind }) => {
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return (seen.get(kind) ?? 0) <= mostOfAKind;
  });
}

/** The mark of a patch that could not be put on its base, with what git said of it in a few words. */
export function doesNotApply(reason: string): Mark {
  const first =
    reason
      .trim()
      .split('\n', 1)[0]
      ?.replace(/^(?:error|fatal): /, '') ?? '';
  return { kind: 'does-not-apply', isGate: true, text: `The patch does not apply${first === '' ? '' : `: ${first}`}.` };
}

/** How much there is to read: lines that a patch adds and removes outside of tests, so that nobody is worse for bringing tests. Pure. */
export function sizeOf(changes: readonly FileChange[]): number {
  const counted = changes.filter(({ base, after }) => !isTestFile((after ?? base)?.path ?? ''));
  return counted.reduce((size, { lines }) => size + (lines ? lines.added + lines.removed : 1), 0);
}

function isLayoutOnly({ change, path, before, after }: ChangedFile): boolean {
  if (change.kind !== 'modified' || change.base?.mode !== change.after?.mode) return false;
  return before !== undefined && after !== undefined && differInLayoutOnly(path, before, after);
}

function changesNothing(files: readonly ChangedFile[]): Mark {
  const text = files.length === 0 ? 'The patch is empty.' : 'Changes nothing but how the code is laid out.';
  return { kind: 'changes-nothing', isGate: true, text };
}

/** Only for what the patch broke: the base has to parse by the same rules. An added file has no base to excuse it. */
function parseMarks({ change, path, before, after, isTest }: ChangedFile): readonly Mark[] {
  if (after === undefined || before === after) return [];
  if (before === undefined && (change.kind !== 'added' || isTest || isTemplate(path, after))) return [];
  const problem = syntaxProblem(path, after);
  if (!problem || (before !== undefined && syntaxProblem(change.base?.path ?? path, before))) return [];
  const text = `${path} doesn't parse: ${problem.text.replace(/\.$/, '').replace(/\s+/g, ' ')}.`;
  return [
    { kind: 'does-not-parse', isGate: true, path, ...(problem.line !== undefined && { line: problem.line }), text },
  ];
}

/** Something that a language's file is made of, and that needn't be of the language itself. */
function isTemplate(path: string, text: string): boolean {
  return (
    /(?:^|\/)(?:_?templates?|skeletons?|stubs?|fixtures?|scaffold\w*|examples?)\//i.test(path) ||
    /\{\{|\{%|<%/.test(text)
  );
}

/**
 * At least two of the three kinds of marker, in their order, among the added lines; a line of `=` alone underlines a heading. Not what a
 * text or a document shows: there they stand in a literal, or in a block of code.
 */
function conflictMarks({ path, added, after = '', isTest }: ChangedFile): readonly Mark[] {
  const isCode = languageOf(path) !== undefined;
  if (isTest && !isCode) return [];
  const kinds = [/^<{7}(?: |$)/, /^={7}$/, /^>{7}(?: |$)/];
  const found = added.flatMap(({ line, text }) => {
    const kind = kinds.findIndex((pattern) => pattern.test(text));
    return kind < 0 ? [] : [{ line, kind }];
  });
  if (!found.some(({ kind }) => kind !== 1)) return [];
  const shown = isCode ? linesInLiterals(path, after) : linesInFences(after);
  const [first, ...others] = found.filter(({ line }) => !shown.has(line));
  if (!first || !others.some(({ kind }) => kind > first.kind)) return [];
  const text = `Leaves conflict markers in ${path}.`;
  return [{ kind: 'conflict-marker', isGate: true, path, line: first.line, text }];
}

function linesInLiterals(path: string, text: string): ReadonlySet<number> {
  const language = languageOf(path);
  const literals = language ? scan(text, language).filter(({ kind, isOpen }) => kind === 'literal' && !isOpen) : [];
  return new Set(
    literals.flatMap((literal) =>
      literal.text
        .split('\n')
        .map((_, index) => literal.line + index)
        .slice(1),
    ),
  );
}

function linesInFences(text: string): ReadonlySet<number> {
  let isInside = false;
  return new Set(
    text.split('\n').flatMap((line, index) => {
      if (/^\s*(?:```|~~~)/.test(line)) isInside = !isInside;
      return isInside ? [index + 1] : [];
    }),
  );
}
