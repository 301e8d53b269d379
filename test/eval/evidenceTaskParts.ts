import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Check } from '../../src/core/evidence.ts';
import { objectOf, textOf } from '../../src/core/providers/untrusted.ts';

/** A patch as it stands in a task. */
export interface CandidatePatch {
  readonly name: string;
  readonly text: string;
}

/** Files of a task: those of a folder, or texts by path. */
export type Files = { readonly folder: string } | { readonly texts: Readonly<Record<string, string>> };

export type Spec = Readonly<Record<string, unknown>>;

/** What of a task can't be read, and what is expected there. */
export class UnreadableTask extends Error {}

const usualSeconds = 60;

/** The first of these members that is there. */
export function firstOf(spec: Spec, names: readonly string[]): unknown {
  return spec[names.find((name) => spec[name] !== undefined && spec[name] !== null) ?? ''];
}

/** A path from `folder`, or an object of texts by path; undefined where there is nothing. */
export function filesOf(value: unknown, folder: string, what: string): Files | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && isFolder(join(folder, value))) return { folder: join(folder, value) };
  const texts = Object.entries(objectOf(value) ?? {});
  const isSound = texts.every(
    ([path, text]) => typeof text === 'string' && !/^\/|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(path),
  );
  if (texts.length === 0 || !isSound) {
    throw new UnreadableTask(`${what} has to be the path of a folder, or an object of texts by relative path.`);
  }
  return { texts: Object.fromEntries(texts.map(([path, text]) => [path, String(text)])) };
}

/** A command, an object with one, a list of these, or an object of these by name. None is no mistake: marks can be told without. */
export function checksOf(value: unknown): readonly Check[] {
  if (value === undefined || value === null) return [];
  const named = objectOf(value);
  const isOne = typeof value === 'string' || (named && hasCommand(named));
  const entries: readonly (readonly [string, unknown])[] = isOne
    ? [['', value]]
    : Array.isArray(value)
      ? value.map((each) => ['', each] as const)
      : Object.entries(named ?? {});
  const checks = entries.map(([name, each], index) => {
    const check = checkOf(each, name || `check ${index + 1}`);
    if (check) return check;
    throw new UnreadableTask(`checks[${name || index}] has to be a command, or an object with a command.`);
  });
  // Verdicts are told apart by the name.
  return checks.map((check, index) => {
    const isTaken = checks.slice(0, index).some(({ name }) => name === check.name);
    return isTaken ? { ...check, name: `${check.name} (${index + 1})` } : check;
  });
}

/** The hidden command; where there are only files of it, a script among them, or the visible checks with these files laid over. */
export function hiddenOf(value: unknown, files: Files | undefined, checks: readonly Check[]): Check {
  const list = Array.isArray(value) ? value.map((each) => checkOf(each, 'hidden')) : [checkOf(value, 'hidden')];
  const [first, ...others] = list;
  if (first && others.length === 0) return first;
  if (first && others.every((each) => each !== undefined)) return inOne([first, ...others]);
  const own = objectOf(value);
  const isNothing = value === undefined || value === null || (own !== undefined && !hasCommand(own));
  const script = isNothing && files ? scripts.find((name) => hasFile(files, name)) : undefined;
  if (script !== undefined) return { name: 'hidden', command: `sh ./${script}`, timeoutSeconds: usualSeconds };
  if (isNothing && files && checks.length > 0) return inOne(checks);
  throw new UnreadableTask('hidden in task.json has to be a command, or an object with a command.');
}

const scripts = ['hidden.sh', 'check.sh', 'run.sh', 'test.sh'];

function inOne(checks: readonly Check[]): Check {
  const commands = checks.map(({ command, folder }) => `(cd ${quoted(`./${folder ?? ''}`)} && { ${command}\n})`);
  const timeoutSeconds = checks.reduce((total, check) => total + check.timeoutSeconds, 0);
  return { name: 'hidden', command: commands.join(' && '), timeoutSeconds };
}

function hasFile(files: Files, name: string): boolean {
  return 'folder' in files ? existsSync(join(files.folder, name)) : Object.hasOwn(files.texts, name);
}

/** Patches of the folder `candidates`, or what the task says: a list, or an object by name, of patches or paths of patches. */
export function candidatesOf(value: unknown, folder: string): readonly CandidatePatch[] {
  if (Array.isArray(value)) return value.map((each, index) => candidateOf(each, folder, `candidate-${index + 1}`));
  const named = Object.entries(objectOf(value) ?? {});
  if (named.length > 0) return named.map(([name, each]) => candidateOf(each, folder, name));
  const place = typeof value === 'string' ? join(folder, value) : undefined;
  const inFolder = [place, join(folder, 'candidates'), join(folder, 'patches')].find((path) => path && isFolder(path));
  return inFolder === undefined ? [] : candidatesIn(inFolder);
}

function candidateOf(value: unknown, folder: string, usualName: string): CandidatePatch {
  const spec = objectOf(value) ?? { patch: value };
  const given = firstOf(spec, ['patch', 'diff', 'text', 'file', 'path']);
  const path = typeof given === 'string' && given !== '' && !given.includes('\n') ? given : undefined;
  const found =
    path && [path, join('candidates', path), join('patches', path)].find((own) => isFile(join(folder, own)));
  const name = textOf(spec.name) || textOf(spec.id) || (path && basename(path, extname(path))) || usualName;
  if (typeof given !== 'string' || (path !== undefined && !found)) {
    throw new UnreadableTask(`The candidate ${name} has to be a patch, or the path of one.`);
  }
  return { name, text: found ? readFileSync(join(folder, found), 'utf8') : given };
}

/** `NAME.patch`, `NAME.diff`, or a folder NAME with one such file in it. */
function candidatesIn(folder: string): readonly CandidatePatch[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name): readonly CandidatePatch[] => {
      const path = join(folder, name);
      if (!isFolder(path)) {
        return isPatch(name) ? [{ name: basename(name, extname(name)), text: readFileSync(path, 'utf8') }] : [];
      }
      const [file, ...others] = readdirSync(path).filter(isPatch);
      if (file === undefined || others.length > 0) {
        throw new UnreadableTask(`candidates/${name} has to hold one file NAME.patch or NAME.diff.`);
      }
      return [{ name, text: readFileSync(join(path, file), 'utf8') }];
    });
}

const isPatch = (name: string) => /\.(?:patch|diff)$/.test(name);

function checkOf(value: unknown, usualName: string): Check | undefined {
  const spec = typeof value === 'string' || Array.isArray(value) ? { command: value } : (objectOf(value) ?? {});
  const given = firstOf(spec, commandNames);
  // A list is a program with its arguments.
  const command = Array.isArray(given) ? given.map(String).map(quoted).join(' ') : textOf(given);
  if (command.trim() === '') return undefined;
  const folder = textOf(firstOf(spec, ['folder', 'cwd', 'dir']));
  const report = firstOf(spec, ['report', 'reportFile']);
  const reportPath = textOf(objectOf(report)?.path ?? report);
  return {
    name: textOf(spec.name) || usualName,
    command,
    timeoutSeconds: secondsOf(spec),
    ...(folder !== '' && folder !== '.' && { folder }),
    ...(reportPath !== '' && { report: reportPath }),
    ...(spec.network === true && { network: true }),
  };
}

const commandNames = ['command', 'cmd', 'run', 'script'];

function hasCommand(spec: Spec): boolean {
  return firstOf(spec, commandNames) !== undefined;
}

function secondsOf(spec: Spec): number {
  const seconds = Number(firstOf(spec, ['timeoutSeconds', 'timeout', 'timeout_seconds']) ?? 0);
  const milliseconds = Number(firstOf(spec, ['timeoutMs', 'timeout_ms']) ?? 0);
  return seconds > 0 ? seconds : milliseconds > 0 ? Math.ceil(milliseconds / 1000) : usualSeconds;
}

export function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((each) => textOf(objectOf(each)?.name ?? each)) : [];
}

function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
