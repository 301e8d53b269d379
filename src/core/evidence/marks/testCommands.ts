import type { Mark } from '../../evidence.ts';
import { objectOf } from '../../providers/untrusted.ts';
import type { ChangedFile } from './changedFile.ts';

/** A command that ends well whatever its tests do. */
const neverFails = /(?:\|\|\s*(?:true|:|exit 0)|;\s*(?:true|exit 0)\s*(?:$|"))|--pass-?with-?no-?tests|^\t-\S/i;
const aboutTests = /test|check|prove|unittest|node|mocha|jest|\$\(/i;
const commandFiles = /(?:^|\/)(?:package\.json|GNUmakefile|[Mm]akefile|[^/]*\.mk|tox\.ini|[^/]*\.(?:sh|ya?ml))$/;

/** What leaves tests out, in files that say which are run. */
const leavesOut: readonly (readonly [files: RegExp, line: RegExp])[] = [
  [
    /(?:^|\/)(?:conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml)$/,
    /\bcollect_ignore(?:_glob)?\b|--(?:deselect|ignore(?:-glob)?)\b|-k\s+['"]?not\b|\bnorecursedirs\b|\bpytest_(?:collection_modifyitems|ignore_collect)\b/,
  ],
  [
    /(?:^|\/)(?:(?:jest|vitest|playwright|karma)\.config\.\w+|\.mocharc(?:\.\w+)?)$/,
    /\b(?:testPathIgnorePatterns|passWithNoTests|testIgnore|exclude|ignore|grep)\b/,
  ],
  [
    /(?:^|\/)\.(?:github\/workflows|gitlab-ci|circleci|travis)\b.*\.ya?ml$/,
    /\b(?:continue-on-error|allow_failure)\s*:\s*true\b|\bif\s*:\s*(?:\$\{\{\s*)?false\b/,
  ],
];

/** Marks for what keeps a project's own commands from running tests, or from telling that they fail. Pure. */
export function testCommandMarks(file: ChangedFile): readonly Mark[] {
  const { path, added, removed } = file;
  const mark = (text: string, line?: number): readonly Mark[] => [
    { kind: 'weakens-tests', isGate: false, path, ...(line !== undefined && { line }), text },
  ];
  const careless = commandFiles.test(path)
    ? added.find(({ text }) => neverFails.test(text) && aboutTests.test(text))
    : undefined;
  if (careless) return mark(`Lets a command in ${path} end well when tests fail.`, careless.line);
  const omitting = leavesOut.flatMap(([files, line]) =>
    files.test(path) ? added.filter(({ text }) => line.test(text) && !removed.some((old) => line.test(old.text))) : [],
  )[0];
  if (omitting) return mark(`Keeps tests from running by what it changes in ${path}.`, omitting.line);
  const changed = changedCommand(file);
  return changed === undefined ? [] : mark(`Changes the command “${changed}” in ${path}, which runs tests.`);
}

/** The name of a command for tests that no longer does all it did; additions to one are fine, unless they choose tests. */
function changedCommand({ path, before, after = '' }: ChangedFile): string | undefined {
  const read = commandsOf(path);
  if (!read || before === undefined) return undefined;
  const now = read(after);
  return [...read(before)].find(([name, command]) => !doesAllOf(now.get(name) ?? '', command))?.[0];
}

function doesAllOf(now: string, before: string): boolean {
  const [words, old] = [wordsOf(now), wordsOf(before)];
  const added = words.filter((word) => !old.includes(word));
  const chooses =
    /^--?(?:ignore|deselect|exclude|skip|grep|k|t|run|testPathIgnore|testNamePattern)\b|(?:^|\/)tests?\/|[._-](?:test|spec)s?\.\w+/;
  return old.every((word) => words.includes(word)) && !added.some((word) => chooses.test(word));
}

const wordsOf = (command: string) => command.split(/[\s'"]+/).filter((word) => word !== '');
const testName = /^(?:pre|post)?(?:tests?|check|checks|verify|ci)\b/;

/** How commands that run tests are found in a file, by name. */
function commandsOf(path: string): ((text: string) => ReadonlyMap<string, string>) | undefined {
  if (/(?:^|\/)package\.json$/.test(path)) return scriptsIn;
  if (/(?:^|\/)(?:GNUmakefile|[Mm]akefile|[^/]*\.mk)$/.test(path)) return recipesIn;
  return /(?:^|\/)\.(?:github\/workflows|gitlab-ci|circleci|travis)\b.*\.ya?ml$/.test(path) ? stepsIn : undefined;
}

function scriptsIn(text: string): ReadonlyMap<string, string> {
  try {
    const scripts = Object.entries(objectOf(objectOf(JSON.parse(text))?.scripts) ?? {});
    return new Map(scripts.flatMap(([name, script]) => (testName.test(name) ? [[name, String(script)] as const] : [])));
  } catch {
    // That it doesn't parse is marked elsewhere.
    return new Map();
  }
}

/** Recipes of the targets whose names are about tests. */
function recipesIn(text: string): ReadonlyMap<string, string> {
  const rules = text.matchAll(/^([\w./-]+)\s*:(?!=)[^\n]*\n((?:\t[^\n]*(?:\n|$))+)/gm);
  return new Map(
    Array.from(rules, ([, name = '', recipe = '']) => [name, recipe] as const).filter(([name]) => testName.test(name)),
  );
}

/** Steps of a build server that name tests; each is its own name. */
function stepsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => line.replace(/^[\s-]*(?:run|script)?\s*:?\s*/, '').trim());
  return new Map(
    lines
      .filter((line) => /\b(?:tests?|pytest|check|verify)\b/.test(line) && !/^\w+:/.test(line))
      .map((line) => [line, line]),
  );
}
