import type { CopyEntry } from '../workspace/copy.ts';
import { counted } from './tools/bounded.ts';

/** How much of a folder is listed. */
export interface ListingLimits {
  readonly maxLines: number;
  readonly maxCharacters: number;
}

interface Directory {
  /** With a slash at the end; empty for the top. */
  readonly path: string;
  readonly depth: number;
  readonly files: CopyEntry[];
  readonly children: Map<string, Directory>;
  fileCount: number;
}

/**
 * The files as lines, in the order of their paths. Where they are too many, deep directories are folded into one line each
 * ("src/deep/ … 134 files"); the directories on the way to `focus`, and those in it, are opened first.
 */
export function listFolder(entries: readonly CopyEntry[], limits: ListingLimits, focus = ''): string {
  const top = treeOf(entries);
  const shown = new Map<Directory, string[]>();
  let lines = 0;
  let characters = 0;
  for (const directory of inOpeningOrder(top, focus)) {
    const isVisible = directory === top || shown.has(parentOf(directory, top));
    if (!isVisible) continue;
    const own = [...directory.files.map(fileLine), ...[...directory.children.values()].map(foldedLine)];
    const size = own.reduce((sum, line) => sum + line.length + 1, 0);
    // What this directory's own folded line took is given back.
    const gain = directory === top ? 0 : foldedLine(directory).length + 1;
    const fits = lines + own.length <= limits.maxLines && characters + size - gain <= limits.maxCharacters;
    if (!fits && directory !== top) continue;
    shown.set(directory, own);
    lines += own.length - (directory === top ? 0 : 1);
    characters += size - gain;
  }
  return cutToLimits(linesUnder(top, shown), limits, entries.length);
}

function treeOf(entries: readonly CopyEntry[]): Directory {
  const top = newDirectory('', 0);
  for (const entry of entries) {
    const names = entry.path.split('/');
    let directory = top;
    directory.fileCount++;
    for (const name of names.slice(0, -1)) {
      let child = directory.children.get(name);
      if (child === undefined) {
        child = newDirectory(`${directory.path}${name}/`, directory.depth + 1);
        directory.children.set(name, child);
      }
      directory = child;
      directory.fileCount++;
    }
    directory.files.push(entry);
  }
  return top;
}

function newDirectory(path: string, depth: number): Directory {
  return { path, depth, files: [], children: new Map(), fileCount: 0 };
}

/** Shallow directories first, but those on the way to the focus, and those in it, before all others. */
function inOpeningOrder(top: Directory, focus: string): Directory[] {
  const all: Directory[] = [top];
  for (const directory of all) all.push(...directory.children.values());
  if (focus === '') return all;
  const wanted = `${focus}/`;
  const isNear = ({ path }: Directory) => wanted.startsWith(path) || path.startsWith(wanted);
  return [...all.filter(isNear), ...all.filter((directory) => !isNear(directory))];
}

function parentOf(directory: Directory, top: Directory): Directory {
  let parent = top;
  for (const name of directory.path.split('/').slice(0, -2)) parent = parent.children.get(name) ?? parent;
  return parent;
}

function linesUnder(directory: Directory, shown: ReadonlyMap<Directory, unknown>): string[] {
  const items = [
    ...directory.files.map((file) => ({ name: file.path, lines: () => [fileLine(file)] })),
    ...[...directory.children.values()].map((child) => ({
      name: child.path,
      lines: () => (shown.has(child) ? linesUnder(child, shown) : [foldedLine(child)]),
    })),
  ];
  items.sort((a, b) => (a.name < b.name ? -1 : 1));
  return items.flatMap((item) => item.lines());
}

/** Only the top directory can be longer than the limits; everything else was left folded. */
function cutToLimits(lines: readonly string[], limits: ListingLimits, total: number): string {
  const kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    characters += line.length + 1;
    if (kept.length >= limits.maxLines || characters > limits.maxCharacters) break;
    kept.push(line);
  }
  if (kept.length < lines.length) kept.push(`… ${lines.length - kept.length} more entries (${total} files in all)`);
  return kept.join('\n');
}

/** One file as a line: its path, and what it is when it is not a plain file. */
export function fileLine({ path, mode }: CopyEntry): string {
  const name = printable(path);
  if (mode === '120000') return `${name} (symbolic link)`;
  if (mode === '160000') return `${name} (submodule)`;
  return name;
}

function foldedLine({ path, fileCount }: Directory): string {
  return `${printable(path)} … ${counted(fileCount, 'file')}`;
}

/** A path is somebody else's text: one with a line break in it must not look like two. */
function printable(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(path) ? JSON.stringify(path) : path;
}
