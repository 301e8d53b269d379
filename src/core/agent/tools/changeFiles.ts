import type { Copy, CopyFile } from '../../workspace/copy.ts';
import { applyEdits, type EditResult } from '../edits/applyEdits.ts';
import type { FileChange } from '../edits/fileChanges.ts';
import type { StageName } from '../edits/stages.ts';
import { misreadBackslashes } from './backslashes.ts';
import { counted } from './bounded.ts';
import { carryOutPlan, type PlannedFile } from './carryOutPlan.ts';
import { decodeFile, encodeFile, lineEndOf, linesOf, withLineEnds } from './fileText.ts';
import { lineDelta } from './lineDelta.ts';
import { noSuchFile } from './noSuchFile.ts';
import { notAFile } from './notAFile.ts';
import { failed, type ToolOutcome } from './tool.ts';

/** Makes all the changes, or none: nothing is written before every one of them is known to fit, and what was is taken back when one is refused. */
export async function changeFiles(
  changes: readonly FileChange[],
  copy: Copy,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const plan = new Plan(copy, signal);
  for (const change of changes) {
    const problem = await plan.take(change);
    if (problem) return changes.length === 1 ? problem : ofNone(problem, change.names[0] ?? '');
  }
  signal.throwIfAborted();
  await carryOutPlan(plan.files, copy, signal);
  return describe(plan.files);
}

function ofNone(problem: ToolOutcome, path: string): ToolOutcome {
  return { ...problem, content: `Nothing was changed, because of ${path}: ${problem.content}` };
}

/** The files of a call as they are to be, one change after another. */
class Plan {
  readonly #copy: Copy;
  readonly #signal: AbortSignal;
  readonly #files = new Map<string, PlannedFile>();

  constructor(copy: Copy, signal: AbortSignal) {
    this.#copy = copy;
    this.#signal = signal;
  }

  get files(): readonly PlannedFile[] {
    return [...this.#files.values()];
  }

  /** What is wrong with a change, or nothing. */
  async take(change: FileChange): Promise<ToolOutcome | undefined> {
    const file = await this.#find(change.names);
    switch (change.kind) {
      case 'add':
        return this.#write(file, change.content);
      case 'delete':
        // Some models delete the old file after they moved it.
        if (this.#isMovedAway(file.path)) return undefined;
        if (file.bytes === undefined) return noSuchFile(file.path, this.#copy, this.#signal);
        this.#delete(file);
        return undefined;
      case 'update':
        return this.#update(file, change);
      default:
        return change satisfies never;
    }
  }

  /** The first of the names that is a file; the first of all where none is. */
  async #find(names: readonly string[]): Promise<PlannedFile> {
    let missing: PlannedFile | undefined;
    for (const name of names) {
      const file = await this.#load(name);
      if (file.bytes !== undefined) return file;
      missing ??= file;
    }
    return missing ?? { path: '', original: undefined, bytes: undefined, stages: [] };
  }

  async #load(path: string): Promise<PlannedFile> {
    const planned = this.#files.get(path);
    if (planned) return planned;
    if (this.#isMovedAway(path)) return { path, original: undefined, bytes: undefined, stages: [] };
    const original = await this.#copy.read(path, this.#signal);
    return { path, original, bytes: original?.bytes, stages: [] };
  }

  #put(file: PlannedFile): void {
    this.#files.set(file.path, file);
  }

  #isMovedAway(path: string): boolean {
    return !this.#files.has(path) && this.files.some(({ movedFrom }) => movedFrom === path);
  }

  /** A file that the call itself moved is deleted where it was, and not moved. */
  #delete(file: PlannedFile): void {
    const { movedFrom, path, original } = file;
    if (movedFrom === undefined) {
      this.#put({ ...file, bytes: undefined });
      return;
    }
    this.#files.delete(path);
    this.#put({ bytes: undefined, stages: [], ...this.#files.get(movedFrom), path: movedFrom, original });
  }

  async #write(file: PlannedFile, content: string): Promise<ToolOutcome | undefined> {
    const special = await this.#unwritable(file);
    if (special) return special;
    this.#put({ ...file, bytes: contentFor(file.bytes, content) });
    return undefined;
  }

  async #update(file: PlannedFile, change: Extract<FileChange, { kind: 'update' }>): Promise<ToolOutcome | undefined> {
    const { edits, moveTo } = change;
    const [first] = edits;
    const makesFile =
      file.bytes === undefined &&
      moveTo === undefined &&
      first?.kind === 'text' &&
      first.oldText === '' &&
      edits.length === 1;
    if (makesFile && first.newText !== '') return this.#write(file, first.newText);
    if (file.bytes === undefined) return noSuchFile(file.path, this.#copy, this.#signal);
    const edited = edits.length === 0 ? file : editedFile(file, file.bytes, edits);
    if ('outcome' in edited) return edited;
    if (moveTo === undefined || moveTo === file.path) {
      if (edits.length === 0) return failed('no change', `There is no change for ${file.path}.`);
      this.#put(edited);
      return undefined;
    }
    const target = await this.#load(moveTo);
    if (target.bytes !== undefined)
      return failed('in the way', `There is a file ${moveTo} already; a move does not replace it.`);
    const misread = await misreadBackslashes(moveTo, this.#copy, this.#signal);
    if (misread) return misread;
    this.#files.delete(file.path);
    const { movedFrom = file.path, ...rest } = edited;
    this.#put({ ...rest, path: moveTo, ...(file.original && movedFrom !== moveTo && { movedFrom }) });
    return undefined;
  }

  async #unwritable({ path, original, bytes }: PlannedFile): Promise<ToolOutcome | undefined> {
    if (original) return notAFile(original);
    return bytes === undefined ? misreadBackslashes(path, this.#copy, this.#signal) : undefined;
  }
}

function editedFile(
  file: PlannedFile,
  bytes: Uint8Array,
  edits: Parameters<typeof applyEdits>[1],
): PlannedFile | ToolOutcome {
  const special = file.original && notAFile(file.original);
  if (special) return special;
  const before = decodeFile(bytes);
  if (before.kind !== 'text') {
    const what = before.kind === 'binary' ? 'binary' : 'not UTF-8';
    return failed(what, `${file.path} is ${what}, so it can't be edited.`);
  }
  const result: EditResult = applyEdits(before.text, edits);
  if (!result.ok) return failed(result.detail, result.message);
  return { ...file, bytes: encodeFile(result.text, before.bom), stages: [...file.stages, ...result.stages] };
}

/** Content as a file gets it: models write plain line ends, and a file that has others would come out changed in every line. */
export function contentFor(before: Uint8Array | undefined, content: string): Uint8Array {
  const old = before && decodeFile(before);
  const text = old?.kind === 'text' && old.text !== '' ? withLineEnds(content, lineEndOf(old.text)) : content;
  return encodeFile(text, old?.kind === 'text' && old.bom);
}

function describe(files: readonly PlannedFile[]): ToolOutcome {
  const changed = files.filter(({ movedFrom, original, bytes }) => movedFrom !== undefined || !isSame(original, bytes));
  if (changed.length === 0) return failed('no change', 'Every file has this content already.');
  const lines = changed.map((file) => describeFile(file));
  const [only] = lines;
  return {
    outcome: 'ok',
    content: lines.map(({ content }) => content).join('\n'),
    detail: only && lines.length === 1 ? only.detail : counted(lines.length, 'file'),
    mutated: true,
  };
}

function describeFile({ path, original, bytes, movedFrom, stages }: PlannedFile): { content: string; detail: string } {
  if (bytes === undefined) return { content: `Deleted ${path}.`, detail: 'deleted' };
  const after = textOf(bytes);
  if (!original) {
    const size = counted(linesOf(after).length, 'line');
    return { content: `Made ${path} (${size}).`, detail: `new, ${size}` };
  }
  const detail = lineDelta(textOf(original.bytes), after);
  if (movedFrom !== undefined) return { content: `Moved ${movedFrom} to ${path} (${detail}).`, detail: 'moved' };
  return { content: `Edited ${path} (${detail}).${howFound(stages)}`, detail };
}

/** Tells the model where its text was not quite the file's, so that it can look. */
function howFound(stages: readonly StageName[]): string {
  const loose = [...new Set(stages)].filter((stage) => stage !== 'exact' && stage !== 'line ends');
  return loose.length === 0 ? '' : ` The old text was found but for ${loose.join(', ')}.`;
}

function isSame(original: CopyFile | undefined, bytes: Uint8Array | undefined): boolean {
  if (original === undefined || bytes === undefined) return original === undefined && bytes === undefined;
  return Buffer.compare(original.bytes, bytes) === 0;
}

function textOf(bytes: Uint8Array): string {
  const decoded = decodeFile(bytes);
  return decoded.kind === 'binary' ? '' : decoded.text;
}
