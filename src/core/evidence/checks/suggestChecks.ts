import type { Check } from '../../evidence.ts';
import { usualTimeoutSeconds } from './checkSetting.ts';
import { suggestForNode } from './suggestForNode.ts';
import { suggestForPython } from './suggestForPython.ts';
import { suggestFromTables } from './suggestFromTables.ts';
import { suggestFromTargets } from './suggestFromTargets.ts';
import type { CheckKind, FolderView, KnownFolder, Suggestion } from './suggestion.ts';

/** A check that could be put into the setting. */
export interface SuggestedCheck {
  readonly check: Check;
  readonly kind: CheckKind;
  readonly from: string;
}

const quickestFirst: readonly CheckKind[] = ['types', 'lint', 'build', 'test'];

/** Of a folder whose parts have checks of their own, so many are looked at. */
const mostParts = 40;
const mostSuggested = 20;
/** A folder of a project's, by a name that the setting may hold. */
const partPattern = /^[\w@][\w@ .+-]{0,59}$/;
const noParts: ReadonlySet<string> = new Set([
  'node_modules',
  'vendor',
  'target',
  'dist',
  'build',
  'out',
  'bin',
  'obj',
]);

/**
 * The checks that a folder seems to have, quickest first, with a report where its runner can write one as it is installed; where it has
 * no tests, those of the folders in it too. Only reads files; nothing is run.
 */
export async function suggestChecks(view: FolderView): Promise<readonly SuggestedCheck[]> {
  const whole = knownFolder(view, await view.names());
  const found = await suggestionsOf(whole);
  const parts = found.some(({ kind }) => kind === 'test') ? [] : await suggestionsOfParts(view, whole);
  return [...found, ...parts]
    .toSorted((one, other) => quickestFirst.indexOf(one.kind) - quickestFirst.indexOf(other.kind))
    .slice(0, mostSuggested)
    .map(({ kind, from, ...check }) => ({ kind, from, check: { ...check, timeoutSeconds: usualTimeoutSeconds } }));
}

async function suggestionsOf(folder: KnownFolder): Promise<readonly Suggestion[]> {
  const parts = await Promise.all([suggestForNode(folder), suggestForPython(folder), suggestFromTables(folder)]);
  const found = parts.flat();
  // A Makefile's target mostly does what was found already.
  const targets = (await suggestFromTargets(folder)).filter(({ kind }) => !found.some((one) => one.kind === kind));
  return [...new Map([...found, ...targets].map((suggestion) => [suggestion.name, suggestion])).values()];
}

async function suggestionsOfParts(view: FolderView, whole: KnownFolder): Promise<readonly Suggestion[]> {
  const names = whole.all.filter((name) => partPattern.test(name) && !noParts.has(name)).slice(0, mostParts);
  const parts = names.map(async (part) => {
    const read = (path: string) => view.read(`${part}/${path}`);
    const folder = knownFolder({ ...view, read }, await view.names(part), whole);
    const found = await suggestionsOf(folder);
    return found.map((one) => ({ ...one, name: `${part}: ${one.name}`, from: `${part}/${one.from}`, folder: part }));
  });
  return (await Promise.all(parts)).flat();
}

function knownFolder(
  view: Pick<FolderView, 'platform' | 'read'>,
  all: readonly string[],
  outer?: KnownFolder,
): KnownFolder {
  const names = new Set(all);
  return {
    platform: view.platform,
    read: async (path) => (names.has(path.split('/', 1)[0] ?? '') ? view.read(path) : undefined),
    has: (...wanted) => wanted.some((name) => names.has(name)),
    first: (...wanted) => wanted.find((name) => names.has(name)),
    all,
    ...(outer && { outer }),
  };
}
