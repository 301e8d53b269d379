import { cleanPath, type FileChange, type ParsedChanges, unreadable } from './fileChanges.ts';
import type { Hunk } from './hunks.ts';
import type { LineChange } from './lineChanges.ts';

const begin = '*** Begin Patch';
const end = '*** End Patch';
const header = /^\*\*\* (Add|Create|Update|Edit|Delete|Remove|Move|Rename) File: *(.+)$/;

/** The envelope that OpenAI's models are trained to write, or its inside without the envelope. */
export function looksLikePatch(lines: readonly string[]): boolean {
  return lines.some((line) => header.test(line.trim()) || line.trim() === begin || line.trim() === end);
}

export function readPatch(all: readonly string[], hasWindowsEnds: boolean): ParsedChanges {
  const isBegin = (line: string) => line.trim() === begin;
  const first = all.findIndex(isBegin);
  const last = all.findLastIndex((line) => line.trim() === end);
  if (first !== -1 && last < first) {
    return unreadable(
      `The patch has no "${end}", so it may have been cut off. Send all of it, or several smaller ones.`,
    );
  }
  const lines = all
    .slice(first + 1, last === -1 ? all.length : last)
    .filter((line) => !isBegin(line) && line.trim() !== end);
  const start = lines.findIndex((line) => line.startsWith('*** '));
  const changes: FileChange[] = [];
  for (const section of sectionsOf(lines.slice(Math.max(0, start)))) {
    const change = readSection(section, hasWindowsEnds);
    if (typeof change === 'string') return unreadable(change);
    changes.push(change);
  }
  return { ok: true, changes };
}

/** The lines from each header to the one before the next. */
function sectionsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const sections: string[][] = [];
  for (const line of lines) {
    const opens = /^\*\*\* \w+ File\b/.test(line);
    const section = opens ? undefined : sections.at(-1);
    if (section) section.push(line);
    else if (opens || line.trim() !== '') sections.push([line]);
  }
  return sections;
}

function readSection([head = '', ...body]: readonly string[], hasWindowsEnds: boolean): FileChange | string {
  const [, verb, rest = ''] = header.exec(head.trim()) ?? [];
  const names = [cleanPath(rest)];
  switch (verb) {
    case 'Add':
    case 'Create':
      return { kind: 'add', names, content: contentOf(body) };
    case 'Delete':
    case 'Remove':
      return { kind: 'delete', names };
    case 'Move':
    case 'Rename': {
      const [from = '', to] = rest.split(/(?<!\s)\s+(?:->|=>|→|to:?)\s+/i);
      const target = to ?? moveTarget(body)?.path;
      if (target === undefined)
        return `"${head}" does not say where to. Write "*** Move to: PATH" below "*** Update File: PATH".`;
      return { kind: 'update', names: [cleanPath(from)], edits: [], moveTo: cleanPath(target) };
    }
    case 'Update':
    case 'Edit':
      return readUpdate(names, body, hasWindowsEnds);
    default:
      return `"${head.slice(0, 100)}" is no header of a patch. The headers are "*** Add File: PATH", "*** Update File: PATH" and "*** Delete File: PATH".`;
  }
}

function readUpdate(names: readonly string[], body: readonly string[], hasWindowsEnds: boolean): FileChange | string {
  const target = moveTarget(body);
  const lines = body.filter((_, index) => index !== target?.index);
  const hunks = lines.every((line) => line.trim() === '') ? [] : readHunks(lines, hasWindowsEnds);
  if (typeof hunks === 'string') return target && /no change/.test(hunks) ? moved(names, target.path) : hunks;
  if (hunks.length > 0) {
    return { kind: 'update', names, edits: [{ kind: 'lines', hunks }], ...(target && { moveTo: target.path }) };
  }
  return target ? moved(names, target.path) : `There is no change below "*** Update File: ${names[0]}".`;
}

function moved(names: readonly string[], moveTo: string): FileChange {
  return { kind: 'update', names, edits: [], moveTo };
}

function moveTarget(body: readonly string[]): { readonly path: string; readonly index: number } | undefined {
  const index = body.findIndex((line) => /^\*\*\* (?:Move|Rename) to:/i.test(line));
  const path = /^\*\*\* \w+ to: *(.+)$/i.exec(body[index] ?? '')?.[1];
  return path === undefined ? undefined : { path: cleanPath(path), index };
}

/** A new file's lines; the `+` in front may be missing. */
function contentOf(body: readonly string[]): string {
  const last = body.findLastIndex((line) => line.trim() !== '');
  const lines = body.slice(0, last + 1).filter((line) => !/^@@(?: .*)?$/.test(line) && line !== '*** End of File');
  const marked = lines.some((line) => line.startsWith('+'));
  return lines.map((line) => `${marked && line.startsWith('+') ? line.slice(1) : line}\n`).join('');
}

interface OpenHunk {
  readonly anchors: string[];
  readonly lines: string[];
  row?: number;
  isAtEnd?: boolean;
}

/** Hunks with `@@` lines between them; what follows an `@@` is a line above the place, and several of them are one below the other. */
export function readHunks(lines: readonly string[], hasWindowsEnds: boolean): readonly Hunk[] | string {
  const open: OpenHunk[] = [{ anchors: [], lines: [] }];
  for (const line of lines) {
    const current = open.at(-1);
    if (line.startsWith('@@')) {
      const anchor = /^@@ ?(.*?)(?: ?@@)?$/.exec(line)?.[1] ?? '';
      const row = /^-(\d+)(?:,(\d+))? \+\d+/.exec(anchor);
      const isStacked = current && current.anchors.length > 0 && current.lines.length === 0;
      const hunk: OpenHunk = isStacked ? current : { anchors: [], lines: [] };
      if (row) hunk.row = Math.max(0, Number(row[1]) - (row[2] === '0' ? 0 : 1));
      else if (anchor.trim() !== '') hunk.anchors.push(anchor);
      if (!isStacked) open.push(hunk);
    } else if (line.trim() === '*** End of File') {
      if (current) current.isAtEnd = true;
    } else {
      current?.lines.push(line);
    }
  }
  const hunks = open
    .map((hunk) => hunkOf(hunk, hasWindowsEnds))
    .filter(({ changes }) => changes.some(({ kind }) => kind !== 'keep'));
  return hunks.length > 0 ? hunks : 'There is no change in the patch: no line begins with "-" or "+".';
}

function hunkOf({ anchors, lines, row, isAtEnd }: OpenHunk, hasWindowsEnds: boolean): Hunk {
  const changes = lines.map((line) => changeOf(line, line.startsWith(' ') ? line.slice(1) : line));
  const isOpen = lines.some((line) => line.startsWith(' '));
  return {
    changes,
    anchors,
    hasWindowsEnds,
    ...(isOpen && { bare: lines.map((line) => changeOf(line, line)) }),
    ...(row !== undefined && { row }),
    ...(isAtEnd && { isAtEnd }),
  };
}

/** `kept`: what the line is when it is one that stays. */
export function changeOf(line: string, kept: string): LineChange {
  if (line.startsWith('+')) return { kind: 'add', text: line.slice(1) };
  return line.startsWith('-') ? { kind: 'remove', text: line.slice(1) } : { kind: 'keep', text: kept };
}
