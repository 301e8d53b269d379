import * as v from 'valibot';
import { UnreadableFile, type WrongRow } from './report.ts';

/** A path relative to T that stays in it. */
const place = v.pipe(
  v.string(),
  v.check((path) => isPlace(path), 'must be a path in T, without ".."'),
);
const places = v.array(place);

const setupStep = v.union([
  v.object({ dir: place }),
  v.object({ symlink: place, target: v.string() }),
  v.object({ file: place, content: v.optional(v.string(), '') }),
]);

/** One thing that is asked of the tools. What `op` may be is known where it is carried out. */
export interface Attempt {
  readonly op: string;
  readonly path?: string | undefined;
  /** Where `path` is moved to. */
  readonly to?: string | undefined;
  readonly content?: string | undefined;
  readonly pattern?: string | undefined;
  readonly cmd?: string | undefined;
  readonly steps?: readonly Attempt[] | undefined;
}

const attempt: v.GenericSchema<unknown, Attempt> = v.object({
  op: v.string(),
  path: v.optional(v.string()),
  to: v.optional(v.string()),
  content: v.optional(v.string()),
  pattern: v.optional(v.string()),
  cmd: v.optional(v.string()),
  steps: v.optional(v.array(v.lazy(() => attempt))),
});

const symlinkCase = v.looseObject({
  id: v.string(),
  setup: v.array(setupStep),
  attempt,
  must_be_absent: v.optional(places, []),
  must_be_unchanged: v.optional(places, []),
  must_be_unchanged_or_reported: v.optional(places, []),
  must_hold: v.optional(places, []),
  must_terminate_ms: v.optional(v.number()),
  max_hits: v.optional(v.number()),
});

export type SetupStep = v.InferOutput<typeof setupStep>;
export type SymlinkCase = v.InferOutput<typeof symlinkCase>;

/** Reads `{"cases": […]}` or the array alone. */
export function parseSymlinkCases(text: string): {
  readonly cases: readonly SymlinkCase[];
  readonly malformed: readonly WrongRow[];
} {
  const cases: SymlinkCase[] = [];
  const malformed: WrongRow[] = [];
  for (const [index, written] of listIn(text).entries()) {
    const parsed = v.safeParse(symlinkCase, written);
    if (parsed.success) {
      cases.push(parsed.output);
      continue;
    }
    const reason = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'It'}: ${issue.message}.`).join(' ');
    malformed.push({ row: String(index + 1), fault: 'malformed', what: JSON.stringify(written).slice(0, 200), reason });
  }
  if (cases.length + malformed.length === 0) throw new UnreadableFile('There is no case in this file.');
  return { cases, malformed };
}

/** Expectations of a case that this harness knows nothing of, so that it can't say whether they are met. */
export function unknownExpectations(symlinks: SymlinkCase): readonly string[] {
  const known = new Set(Object.keys(symlinkCase.entries));
  return Object.keys(symlinks).filter((key) => /^(must|max|min)_/.test(key) && !known.has(key));
}

function listIn(text: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UnreadableFile(`This file is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const list = typeof parsed === 'object' && parsed !== null && 'cases' in parsed ? parsed.cases : parsed;
  if (!Array.isArray(list)) throw new UnreadableFile('This file has no list of cases.');
  return list;
}

function isPlace(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..');
}
