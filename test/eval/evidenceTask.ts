import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Check } from '../../src/core/evidence.ts';
import { objectOf } from '../../src/core/providers/untrusted.ts';
import {
  type CandidatePatch,
  candidatesOf,
  checksOf,
  type Files,
  filesOf,
  firstOf,
  hiddenOf,
  isFile,
  isFolder,
  namesOf,
  type Spec,
  UnreadableTask,
} from './evidenceTaskParts.ts';
import { UnreadableFile } from './report.ts';

/** A task of the harness; its shape is in `evidenceTasks/README.md`. */
export interface EvidenceTask {
  readonly name: string;
  readonly language: string;
  readonly checks: readonly Check[];
  /** Tells whether a candidate is right, with `hiddenFiles` laid over it. */
  readonly hidden: Check;
  readonly base: Files;
  readonly hiddenFiles?: Files;
  /** By when they finished. */
  readonly candidates: readonly CandidatePatch[];
}

/** A task that can't be run, and why: which file or member is wrong, and what is expected there. */
export interface BrokenTask {
  readonly name: string;
  readonly broken: string;
}

interface Place {
  readonly name: string;
  /** What paths in it start from. */
  readonly folder: string;
  readonly read: () => unknown;
}

const specFiles = ['task.json', 'meta.json', 'spec.json', 'manifest.json'];
const baseFolders = ['base', 'repo', 'before', 'workspace', 'project'];
const hiddenFolders = ['hidden', 'hidden_tests', 'hidden-tests', 'hiddenTests'];

/** The tasks of a folder, by name. Throws `UnreadableFile` where there is none. */
export function readTasks(folder: string): readonly (EvidenceTask | BrokenTask)[] {
  const places = isFolder(folder) ? placesIn(folder) : [];
  if (places.length === 0) {
    throw new UnreadableFile(`${folder} has no tasks in it: folders with a task.json, or JSON files of tasks.`);
  }
  return places.map((place) => {
    try {
      return readTask(place);
    } catch (error) {
      return { name: place.name, broken: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** A folder that is a task itself, folders of tasks, folders of such folders, and files that hold tasks as JSON. */
function placesIn(folder: string): readonly Place[] {
  if (isTaskFolder(folder)) return [placeOf(folder, basename(folder))];
  return namesIn(folder).flatMap((name): readonly Place[] => {
    const path = join(folder, name);
    if (!isFolder(path)) return /\.jsonl?$/.test(name) ? placesInFile(folder, name) : [];
    const inner = isTaskFolder(path) ? [] : namesIn(path).filter((own) => isTaskFolder(join(path, own)));
    return inner.length > 0 ? inner.map((own) => placeOf(join(path, own), `${name}/${own}`)) : [placeOf(path, name)];
  });
}

function placesInFile(folder: string, file: string): readonly Place[] {
  const stem = basename(file, extname(file));
  const parse = (text: string) => parseJson(text, file);
  const text = readFileSync(join(folder, file), 'utf8');
  if (file.endsWith('.jsonl')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line, index) => ({ name: `${stem}-${index + 1}`, folder, read: () => parse(line) }));
  }
  const whole = valueOr(() => parse(text));
  const list = Array.isArray(whole) ? whole : objectOf(whole)?.tasks;
  const { base, candidates, patches } = objectOf(whole) ?? { base: true };
  // A package.json, say.
  if (!Array.isArray(list) && (base ?? candidates ?? patches) === undefined) return [];
  if (!Array.isArray(list)) return [{ name: stem, folder, read: () => parse(text) }];
  return list.map((value, index) => ({ name: `${stem}-${index + 1}`, folder, read: () => value }));
}

function placeOf(folder: string, name: string): Place {
  const file = specFiles.find((own) => existsSync(join(folder, own)));
  return { name, folder, read: () => (file ? parseJson(readFileSync(join(folder, file), 'utf8'), file) : {}) };
}

function readTask({ name, folder, read }: Place): EvidenceTask {
  const spec: Spec | undefined = objectOf(read());
  if (!spec) throw new UnreadableTask('task.json has to hold a JSON object.');
  const base = filesOf(spec.base, folder, 'base') ?? folderAmong(folder, baseFolders);
  if (!base) throw new UnreadableTask('There is no folder base, nor a base in task.json.');
  const checks = checksOf(firstOf(spec, ['checks', 'visible', 'visibleChecks', 'visible_checks', 'check']));
  const inSpec = firstOf(spec, ['hidden', 'hiddenCheck', 'hidden_check', 'hiddenChecks', 'hidden_checks']);
  const hiddenFiles = filesOf(objectOf(inSpec)?.files, folder, 'hidden.files') ?? folderAmong(folder, hiddenFolders);
  const candidates = candidatesOf(spec.candidates ?? spec.patches, folder);
  if (candidates.length === 0) throw new UnreadableTask('There are no candidates: candidates/NAME.patch.');
  const finished = namesOf(firstOf(spec, ['finished', 'finishOrder', 'order']));
  const place = ({ name: own }: CandidatePatch) => (finished.includes(own) ? finished.indexOf(own) : finished.length);
  return {
    name: typeof spec.name === 'string' && spec.name !== '' ? spec.name : name,
    language: typeof spec.language === 'string' ? spec.language : '',
    checks,
    hidden: hiddenOf(inSpec, hiddenFiles, checks),
    base,
    ...(hiddenFiles && { hiddenFiles }),
    candidates: candidates.toSorted((a, b) => place(a) - place(b)),
  };
}

function folderAmong(folder: string, names: readonly string[]): Files | undefined {
  const name = names.find((own) => isFolder(join(folder, own)));
  return name === undefined ? undefined : { folder: join(folder, name) };
}

function isTaskFolder(folder: string): boolean {
  if (!isFolder(folder)) return false;
  return [...specFiles, ...baseFolders].some((name) => existsSync(join(folder, name)));
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && (isFolder(join(folder, name)) || isFile(join(folder, name))))
    .sort();
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UnreadableTask(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function valueOr(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
