import type { ComparedFile, FileResult, RoundComparison } from '../comparison.ts';
import type { ComposedFile } from '../composition.ts';

/** A file of the comparison as it stands: with what was chosen for it, or as it was. */
interface Standing {
  readonly file: ComparedFile;
  result?: FileResult;
  /** Whether it belongs to the latest choice, or had to make way for it: then it stays. */
  isLatest: boolean;
}

/**
 * The files of a composition without any two at one path, or one where another needs a folder. The latest choice (by the files' keys) stays.
 * What collides with it goes back to what it was; and what was there all along makes way as it does in a candidate with that choice.
 */
export function withoutCollisions(
  comparison: RoundComparison,
  files: readonly ComposedFile[],
  latest: readonly string[],
): readonly ComposedFile[] {
  const chosen = new Map(files.map(({ key, result }) => [key, result]));
  const isLatest = new Set(latest);
  const standing = comparison.files.map((file): Standing => {
    const result = chosen.get(file.key);
    return { file, ...(result && { result }), isLatest: isLatest.has(file.key) };
  });
  for (let pair = findCollision(standing); pair; pair = findCollision(standing)) settle(pair);
  const known = new Set(comparison.files.map(({ key }) => key));
  return [
    ...files.filter(({ key }) => !known.has(key)),
    ...standing.flatMap(({ file, result }) => (result ? { key: file.key, result } : [])),
  ];
}

/** Each step takes one choice back, or makes one file more give way, which happens once to each; so it comes to an end. */
function settle([one, other]: readonly [Standing, Standing]): void {
  if (one.result && other.result) {
    const loser = one.isLatest && !other.isLatest ? other : other.isLatest && !one.isLatest ? one : other;
    delete loser.result;
    return;
  }
  const [taken, obstacle] = one.result ? [one, other] : [other, one];
  const way = taken.isLatest && !obstacle.isLatest ? wayFor(taken, obstacle) : undefined;
  if (way) Object.assign(obstacle, { result: way, isLatest: true });
  else delete taken.result;
}

/** What becomes of a file in a candidate that has the other one where it is. */
function wayFor({ file, result }: Standing, obstacle: Standing): FileResult | undefined {
  const path = result && pathIn(result);
  const column = file.results.findIndex((other) => other && pathIn(other) === path);
  return obstacle.file.results[column] ?? undefined;
}

function pathIn(result: FileResult): string | undefined {
  return result.type === 'lines' ? result.place?.path : result.version?.path;
}

function findCollision(files: readonly Standing[]): readonly [Standing, Standing] | undefined {
  const byPath = new Map<string, Standing>();
  const pathOf = ({ file, result }: Standing) => (result ? pathIn(result) : file.base?.path);
  for (const file of files) {
    const path = pathOf(file);
    if (path === undefined) continue;
    const other = byPath.get(path);
    if (other) return [other, file];
    byPath.set(path, file);
  }
  for (const [path, file] of byPath) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const other = byPath.get(path.slice(0, end));
      if (other) return [other, file];
    }
  }
  return undefined;
}
