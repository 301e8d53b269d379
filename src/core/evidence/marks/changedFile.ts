import { diffArrays } from 'diff';
import { type FileChange, type FileVersion, type ObjectName, pathOf } from '../../domain.ts';
import { isTestFile } from '../testFiles.ts';

/** A line of a file, counted from 1. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/** One file of a patch with its texts; a text is absent where the file isn't there, is no text, or is too large to look at. */
export interface ChangedFile {
  readonly change: FileChange;
  readonly path: string;
  /** Whether it is a test before or after. */
  readonly isTest: boolean;
  readonly before?: string;
  readonly after?: string;
  /** Lines that only the base has; empty where the texts differ too much to say. */
  readonly removed: readonly Line[];
  /** Lines that only the candidate has; all lines of an added file. */
  readonly added: readonly Line[];
}

/** Reads a blob of the task's object store. */
export type ReadBlob = (blob: ObjectName, signal?: AbortSignal) => Promise<Uint8Array>;

/** Of a patch with more files only as many are looked into. */
const maxFiles = 400;
const maxBytes = 1_000_000;
/** Its time grows with the square. */
const maxEditLength = 3000;

/** Reads both sides of every file of a patch. Rejects only as `readBlob` does. */
export async function readChangedFiles(
  changes: readonly FileChange[],
  readBlob: ReadBlob,
  signal?: AbortSignal,
): Promise<readonly ChangedFile[]> {
  const read = async (version: FileVersion | undefined, isRead: boolean) => {
    const isText = version?.mode === '100644' || version?.mode === '100755';
    return version && isText && isRead ? textOf(await readBlob(version.blob, signal)) : undefined;
  };
  const files: ChangedFile[] = [];
  for (const [index, change] of changes.entries()) {
    const isRead = index < maxFiles;
    files.push(changedFile(change, await read(change.base, isRead), await read(change.after, isRead)));
  }
  return files;
}

/** A file of a patch from its texts. Pure. */
export function changedFile(change: FileChange, before: string | undefined, after: string | undefined): ChangedFile {
  const paths = [change.base?.path, change.after?.path].filter((path) => path !== undefined);
  return {
    change,
    path: pathOf(change),
    isTest: paths.some(isTestFile),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...changedLines(change, before, after),
  };
}

function changedLines({ base, after: version }: FileChange, before: string | undefined, after: string | undefined) {
  // A side that is there and has no text can't be compared with.
  if ((base && before === undefined) || (version && after === undefined)) return { removed: [], added: [] };
  const parts = diffArrays(linesOf(before), linesOf(after), { maxEditLength });
  const removed: Line[] = [];
  const added: Line[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const part of parts ?? []) {
    for (const text of part.value) {
      if (part.removed) removed.push({ line: oldLine++, text });
      else if (part.added) added.push({ line: newLine++, text });
      else [oldLine, newLine] = [oldLine + 1, newLine + 1];
    }
  }
  return { removed, added };
}

function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\n$/, '').split(/\r?\n/);
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > maxBytes || bytes.subarray(0, 8000).includes(0)) return undefined;
  return new TextDecoder().decode(bytes);
}
