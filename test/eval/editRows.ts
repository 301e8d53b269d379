import * as v from 'valibot';
import { UnreadableFile } from './report.ts';

/** Texts of files by path. */
export type Files = ReadonlyMap<string, string>;

/** An edit as a model wrote it, the files it is for, and what is to come of it. */
export interface EditRow {
  readonly id: string;
  readonly tier: string;
  readonly format: string;
  readonly source: string;
  readonly before: Files;
  /** Undefined where the edit must be refused. */
  readonly after?: Files;
  readonly tool: 'edit_file' | 'apply_patch';
  readonly arguments: unknown;
  /** Where upstream only asserts that the result holds a text, that text; `after` is then just what came out there. */
  readonly asserted?: string;
  /** Upstream was given options of its own, which no model writes. */
  readonly hasOptions: boolean;
}

const replacement = v.object({
  old_string: v.string(),
  new_string: v.string(),
  replace_all: v.optional(v.boolean()),
  allow_multiple: v.optional(v.boolean()),
  file_path: v.optional(v.string()),
});

const files = v.record(v.string(), v.nullable(v.string()));

const rowSchema = v.object({
  id: v.string(),
  tier: v.string(),
  format: v.string(),
  style: v.string(),
  source: v.string(),
  edit: v.union([v.string(), replacement, v.array(replacement)]),
  file_name: v.optional(v.string()),
  file_before: v.optional(v.string()),
  file_after: v.optional(v.string()),
  files_before: v.optional(files),
  files_after: v.optional(files),
  note: v.optional(v.string()),
  options: v.optional(v.unknown()),
});

type RawRow = v.InferOutput<typeof rowSchema>;

/** The rows of a file of edit cases. `malformed`: the ids, or else the places, of those that can't be read. Throws `UnreadableFile`. */
export function parseEditRows(text: string): {
  readonly rows: readonly EditRow[];
  readonly malformed: readonly string[];
} {
  const list = parseList(text);
  const rows: EditRow[] = [];
  const malformed: string[] = [];
  for (const [index, each] of list.entries()) {
    const parsed = v.safeParse(rowSchema, each);
    const row = parsed.success ? rowOf(parsed.output) : undefined;
    if (row) rows.push(row);
    else malformed.push(idOf(each) ?? `row ${index + 1}`);
  }
  return { rows, malformed };
}

function parseList(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch (error) {
    throw new UnreadableFile(`The file is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  throw new UnreadableFile('The file holds no list of edits.');
}

function rowOf(raw: RawRow): EditRow | undefined {
  const { id, tier, format, source } = raw;
  const name = raw.file_name;
  const before = raw.files_before
    ? filesOf(raw.files_before)
    : name !== undefined && raw.file_before !== undefined
      ? new Map([[name, raw.file_before]])
      : undefined;
  const after = raw.files_after
    ? filesOf(raw.files_after)
    : name !== undefined && raw.file_after !== undefined
      ? new Map([[name, raw.file_after]])
      : undefined;
  const call = callOf(raw);
  if (!before || !call || (tier !== 'error' && !after)) return undefined;
  const single = Array.isArray(raw.edit) ? raw.edit[0] : raw.edit;
  const isLoose = raw.note?.includes('asserts only that the result contains new_string') ?? false;
  return {
    id,
    tier,
    format,
    source,
    before,
    ...call,
    ...(tier !== 'error' && after && { after }),
    ...(isLoose && typeof single === 'object' && { asserted: single.new_string }),
    hasOptions: raw.options !== undefined,
  };
}

/** The call of a tool that carries the edit: texts for a single file go with its path, others name their files themselves. */
function callOf({ edit, file_name: name }: RawRow): Pick<EditRow, 'tool' | 'arguments'> | undefined {
  if (typeof edit === 'string') {
    return name === undefined
      ? { tool: 'apply_patch', arguments: { patch: edit } }
      : { tool: 'edit_file', arguments: { path: name, edits: edit } };
  }
  const edits = Array.isArray(edit) ? edit : [edit];
  const path = edits[0]?.file_path ?? name;
  if (path === undefined) return undefined;
  const own = edits.map(({ old_string, new_string, replace_all, allow_multiple }) => ({
    oldText: old_string,
    newText: new_string,
    replaceAll: replace_all ?? allow_multiple ?? false,
  }));
  return { tool: 'edit_file', arguments: Array.isArray(edit) ? { path, edits: own } : { path, ...own[0] } };
}

/** Folders stand in there without a text. */
function filesOf(record: Readonly<Record<string, string | null>>): Files {
  return new Map(Object.entries(record).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
}

function idOf(row: unknown): string | undefined {
  return typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' ? row.id : undefined;
}
