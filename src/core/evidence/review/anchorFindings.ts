import type { Finding } from '../../evidence.ts';
import type { ReviewedFile } from './readCandidates.ts';

/** Where findings of one candidate may be. */
export interface Places {
  /** The candidate's changed files. */
  readonly files: readonly ReviewedFile[];
  /** The base's files that were shown; those that the candidate left alone are its files as well. */
  readonly base: ReadonlyMap<string, readonly string[]>;
}

/** A file of a candidate: how many lines it has, and which of them are changed. */
interface Target {
  readonly path: string;
  readonly length: number;
  readonly changed: readonly number[];
}

/**
 * The finding at a place that is there: a line outside its file goes to the nearest changed one. Undefined where no file of the
 * candidate is meant. What is said of a file that is gone, or has no lines, is at line 1.
 */
export function anchorFinding(finding: Finding, places: Places): Finding | undefined {
  const target = findTarget(finding.path, places);
  if (target === undefined) return undefined;
  return { ...finding, path: target.path, line: lineIn(target, finding.line) };
}

function lineIn({ length, changed }: Target, line: number): number {
  if (line >= 1 && line <= length) return line;
  const within = Math.min(Math.max(1, line), Math.max(1, length));
  const distance = (other: number) => Math.abs(other - line);
  return changed.reduce((best, other) => (distance(other) < distance(best) ? other : best), changed[0] ?? within);
}

function findTarget(written: string, places: Places): Target | undefined {
  const path = plainPath(written);
  const targets = targetsOf(places);
  const bySuffix = () => {
    const ending = targets.filter((target) => target.path.endsWith(`/${path}`) || path.endsWith(`/${target.path}`));
    return ending.length === 1 ? ending[0] : undefined;
  };
  const named = (name: string) => targets.find((target) => target.path === name);
  const movedTo = places.files.find(({ basePath }) => basePath === path)?.path;
  return named(path) ?? named(path.replace(/^[ab]\//, '')) ?? (movedTo ? named(movedTo) : bySuffix());
}

function targetsOf({ files, base }: Places): readonly Target[] {
  const touched = new Set(files.flatMap(({ path, basePath = path }) => [path, basePath]));
  return [
    ...files.map(({ path, length, lines }) => ({ path, length, changed: changedLines(lines, length) })),
    ...[...base]
      .filter(([path]) => !touched.has(path))
      .map(([path, lines]) => ({ path, length: lines.length, changed: [] })),
  ];
}

/** The lines of the candidate's file that are new, or stand where some were removed. */
function changedLines(lines: ReviewedFile['lines'], length: number): readonly number[] {
  const changed = new Set<number>();
  let next = 1;
  for (const { type, newLine } of lines) {
    if (type !== 'same') changed.add(Math.min(newLine ?? next, Math.max(1, length)));
    if (newLine !== undefined) next = newLine + 1;
  }
  return [...changed];
}

/** As the reviewer was shown it, without what models put around a path. */
function plainPath(written: string): string {
  const path = written.trim().replace(/^`|`$/g, '').replaceAll('\\', '/');
  return path.replace(/^(?:\.\/)+/, '');
}
