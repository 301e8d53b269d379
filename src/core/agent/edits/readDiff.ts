import { cleanPath, type FileChange, type ParsedChanges, unreadable } from './fileChanges.ts';
import type { Hunk } from './hunks.ts';
import { newLinesOf } from './lineChanges.ts';
import { changeOf, readHunks } from './readPatch.ts';

const noLineEnd = '\\ No newline at end of file';

export function looksLikeDiff(lines: readonly string[]): boolean {
  return lines.some(
    (line, index) => isFileHeader(lines, index) || /^@@ -\d+/.test(line) || line.startsWith('diff --git '),
  );
}

/** One file of a diff. */
interface Section {
  readonly head: string[];
  readonly body: string[];
}

/** A unified diff, with Git's headers or without. Line numbers are a hint, counts are not read. */
export function readDiff(lines: readonly string[], hasWindowsEnds: boolean, path?: string): ParsedChanges {
  const changes: FileChange[] = [];
  for (const section of sectionsOf(lines)) {
    const change = readSection(section, hasWindowsEnds, path);
    if (typeof change === 'string') return unreadable(change);
    if (change) changes.push(change);
  }
  return { ok: true, changes };
}

function sectionsOf(lines: readonly string[]): readonly Section[] {
  const sections: Section[] = [];
  let isInHead = false;
  for (const [index, line] of lines.entries()) {
    const opens = line.startsWith('diff --git ') || line.startsWith('Index: ');
    const namesFile = isFileHeader(lines, index);
    const goesOn = isInHead && namesFile && !isOfAnother(sections.at(-1)?.head ?? [], lines[index + 1] ?? '');
    if (opens || (namesFile && !goesOn)) {
      sections.push({ head: [], body: [] });
      isInHead = true;
    }
    if (line.startsWith('@@')) {
      if (sections.length === 0) sections.push({ head: [], body: [] });
      isInHead = false;
    }
    const section = sections.at(-1);
    if (section) (isInHead ? section.head : section.body).push(line);
  }
  return sections;
}

/** Whether a head is complete already, so that a `+++ ` line belongs to the next one: a move without changes has none. */
function isOfAnother(head: readonly string[], newName: string): boolean {
  const movedTo = head.find((line) => line.startsWith('rename to '))?.slice('rename to '.length);
  const isMoved = movedTo !== undefined && !namesOf([nameOf(newName.slice(4))]).includes(cleanPath(movedTo));
  return isMoved || head.some((line) => line.startsWith('--- '));
}

/** `--- ` with `+++ ` below it: a line that goes can look like the one, but not with the other behind it and a hunk after that. */
function isFileHeader(lines: readonly string[], index: number): boolean {
  const [first, second, third] = lines.slice(index, index + 3);
  if (!first?.startsWith('--- ') || !second?.startsWith('+++ ')) return false;
  return third === undefined || third.trim() === '' || third.startsWith('@@') || /^[-+ ]/.test(third);
}

function readSection(
  { head, body }: Section,
  hasWindowsEnds: boolean,
  path: string | undefined,
): FileChange | string | undefined {
  const after = (start: string) => head.find((line) => line.startsWith(start))?.slice(start.length);
  const [from, to] = [nameOf(after('--- ')), nameOf(after('+++ '))];
  const [movedFrom, movedTo] = [after('rename from '), after('rename to ')];
  const git = /^diff --git "?a\/(.+?)"? "?b\/(.+?)"?$/.exec(head[0] ?? '');
  const names = movedFrom === undefined ? namesOf([to, from, git?.[2] && `b/${git[2]}`]) : [cleanPath(movedFrom)];
  if (names.length === 0 && path !== undefined) names.push(path);
  if (names.length === 0)
    return body.length === 0
      ? undefined
      : 'The diff does not say which file it is for. Write "--- a/PATH" and "+++ b/PATH" in front.';
  if (to === devNull || after('deleted file mode') !== undefined) return { kind: 'delete', names };
  const lines = body.filter((line) => line.trimEnd() !== noLineEnd);
  const finalLineEnd = finalLineEndOf(body);
  if (from === devNull || after('new file mode') !== undefined) {
    const text = newLinesOf(
      lines.filter((line) => !line.startsWith('@@')).map((line) => changeOf(line, line.slice(1))),
    ).join('\n');
    return { kind: 'add', names, content: text === '' || finalLineEnd === false ? text : `${text}\n` };
  }
  const moveTo = movedTo === undefined ? {} : { moveTo: cleanPath(movedTo) };
  if (lines.length === 0 && movedTo !== undefined) return { kind: 'update', names, edits: [], ...moveTo };
  const hunks = readHunks(lines, hasWindowsEnds);
  if (typeof hunks === 'string') return hunks;
  const edit = {
    kind: 'lines',
    hunks: hunks.map(withoutHeading),
    ...(finalLineEnd !== undefined && { finalLineEnd }),
  } as const;
  return { kind: 'update', names, edits: [edit], ...moveTo };
}

/** What Git writes behind the numbers of a hunk only helps people; where there are no numbers it says where. */
function withoutHeading(hunk: Hunk): Hunk {
  return hunk.row === undefined ? hunk : { ...hunk, anchors: [] };
}

const devNull = '/dev/null';

/** Without the date behind the name. */
function nameOf(written: string | undefined): string | undefined {
  const name = written?.replace(/\t.*$/, '').replace(/(?<!\s)\s+\d{4}-\d\d-\d\d .*$/, '');
  return name === undefined || name.trim() === '' ? undefined : cleanPath(name);
}

/** The names as they are, and without the `a/` and `b/` that Git puts in front; the likelier ones first. */
function namesOf(written: readonly (string | undefined)[]): string[] {
  const names = written.filter((name) => name !== undefined && name !== '' && name !== devNull) as string[];
  return [...new Set([...names.map((name) => name.replace(/^[ab]\//, '')), ...names])];
}

/** What the marks for a missing line end say of the file afterwards; undefined where there are none. */
function finalLineEndOf(body: readonly string[]): boolean | undefined {
  const marked = body.flatMap((line, index) => (line.trimEnd() === noLineEnd ? [body[index - 1]?.[0]] : []));
  if (marked.length === 0) return undefined;
  return !marked.some((kind) => kind !== '-');
}
