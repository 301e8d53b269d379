import { isUtf8 } from 'node:buffer';
import type { ComparedFile, LineEdit, RoundComparison } from '../comparison.ts';
import type { ComposedFile, Composition } from '../composition.ts';
import type { CandidateId, Round } from '../domain.ts';
import { UserError } from '../problem.ts';
import type { ComposedTreeFile } from '../workspace/workspace.ts';
import type { CompareModules } from './compareModules.ts';
import { decodeText } from './comparisons.ts';
import { gone } from './gone.ts';

/** What is taken into a composition. Files go by their keys in the comparison, a region by the base's lines it is about. */
export type TakenPart =
  | { readonly type: 'region'; readonly key: string; readonly start: number; readonly length: number }
  | { readonly type: 'file'; readonly key: string }
  | { readonly type: 'all' };

/** What a choice is made in. */
export interface Scene {
  readonly modules: CompareModules;
  readonly comparison: RoundComparison;
  readonly round: Round;
  /** The open composition; undefined where the choice begins one. */
  readonly before: Composition | undefined;
}

/** The files of the composition after a choice. Throws `UserError` (`not-found`) when the choice is about what is no longer there. */
export function chosenFiles(scene: Scene, part: TakenPart, from: 'base' | CandidateId): readonly ComposedFile[] {
  const { modules, comparison, before } = scene;
  if (before && from === before.id) return before.files;
  const column = from === 'base' ? 'base' : columnOf(comparison, from);
  if (part.type === 'all') return allFilesOf(scene, from);
  const file = comparison.files.find(({ key }) => key === part.key);
  if (!file || (part.type === 'region' && !hasRegion(file, part))) throw changedMeanwhile();
  const files = before?.files ?? firstFiles(scene, from);
  const composed = files.find(({ key }) => key === part.key);
  const taken =
    part.type === 'file' ? modules.takeFile(file, column) : modules.takeRegion(file, composed, part, column);
  return withFile(scene, files, part.key, taken);
}

/** The files of the open composition with one changed by hand; `base` is the file before, undefined where there was none. */
export function editedFiles(
  scene: Scene,
  key: string,
  text: string,
  base: Uint8Array | undefined,
): readonly ComposedFile[] {
  const { modules, comparison, before } = scene;
  const file = comparison.files.find((candidate) => candidate.key === key);
  if (!file || !before) throw gone();
  const composed = before.files.find((candidate) => candidate.key === key);
  if (file.type === 'whole' || composed?.result.type === 'whole' || (base && !isUtf8(base))) throw notAText(file.path);
  const edited = modules.editText(file, composed, { base: decodeText(base ?? new Uint8Array()), typed: text });
  return withFile(scene, before.files, key, edited);
}

/** How a composed file is to be written. */
export function treeFileOf({ key, result }: ComposedFile, { composedText }: CompareModules): ComposedTreeFile {
  if (result.type === 'whole') {
    const { version } = result;
    return { key, ...(version && { after: { path: version.path, mode: version.mode, content: version.blob } }) };
  }
  const { place, edits } = result;
  if (!place) return { key };
  // One character stands for one byte, so that what no candidate changed stays as it is, whatever its encoding.
  const content = (base: Uint8Array) =>
    Buffer.from(composedText(Buffer.from(base).toString('latin1'), edits.map(bytesOf)), 'latin1');
  return { key, after: { path: place.path, mode: place.mode, content } };
}

function bytesOf({ start, removed, added }: LineEdit): LineEdit {
  const asBytes = (line: string) => Buffer.from(line, 'utf8').toString('latin1');
  return { start, removed: removed.map(asBytes), added: added.map(asBytes) };
}

/** A composition begins as what was chosen already, else as the candidate that the first choice is from. */
function firstFiles(scene: Scene, from: 'base' | CandidateId): readonly ComposedFile[] {
  const { chosenRunId } = scene.round;
  const isThere = chosenRunId !== undefined && scene.comparison.columns.includes(chosenRunId);
  return allFilesOf(scene, isThere ? chosenRunId : from);
}

function allFilesOf({ modules, comparison, round }: Scene, from: 'base' | CandidateId): readonly ComposedFile[] {
  if (from === 'base') return [];
  const composition = round.compositions.find(({ id }) => id === from);
  return composition?.files ?? inOrder(modules.takeAll(comparison, columnOf(comparison, from)));
}

/** Where the file as it is now can't be beside what was there, the latter falls back to the base. */
function withFile(
  { modules, comparison }: Scene,
  files: readonly ComposedFile[],
  key: string,
  file: ComposedFile | undefined,
): readonly ComposedFile[] {
  const others = files.filter((other) => other.key !== key);
  return inOrder(modules.withoutCollisions(comparison, file ? [...others, file] : others, [key]));
}

function inOrder(files: readonly ComposedFile[]): readonly ComposedFile[] {
  return files.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function columnOf({ columns }: RoundComparison, id: CandidateId): number {
  const column = columns.indexOf(id);
  if (column === -1) throw changedMeanwhile();
  return column;
}

function hasRegion({ regions }: ComparedFile, wanted: { readonly start: number; readonly length: number }): boolean {
  return regions.some(({ start, length }) => start === wanted.start && length === wanted.length);
}

function changedMeanwhile(): UserError {
  return new UserError({
    code: 'not-found',
    message:
      'The candidates changed in the meantime, so this place is no longer as you saw it. Nothing was taken. Look at it again, then choose.',
  });
}

function notAText(path: string): UserError {
  return new UserError({
    code: 'bad-request',
    message: `${path} is not a text in UTF-8, so it can't be changed by hand here. Take a candidate's version of it as a whole instead.`,
  });
}
