import * as v from 'valibot';
import type { Edit } from '../edits/applyEdits.ts';
import type { FileChange } from '../edits/fileChanges.ts';
import { readChanges } from '../edits/readChanges.ts';
import { changeFiles } from './changeFiles.ts';
import { defineTool } from './tool.ts';

const text = v.string();
const edit = v.object({ oldText: text, newText: text, replaceAll: v.nullish(v.boolean()) });

/** Other names that models are trained to give the arguments. */
const otherNames: Readonly<Record<string, string>> = {
  file_path: 'path',
  filePath: 'path',
  old_string: 'oldText',
  oldString: 'oldText',
  old_str: 'oldText',
  old_text: 'oldText',
  new_string: 'newText',
  newString: 'newText',
  new_str: 'newText',
  new_text: 'newText',
  replace_all: 'replaceAll',
};

/** `edit_file`: replacements in one file, all of them or none. */
export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces text in a file. Each oldText must be in the file once (or set replaceAll), copied as it is there, indentation included, without line numbers. The edits are made one after another; if one can\'t be made, none is. Give "edits", or "oldText" and "newText" for a single edit.',
  properties: {
    path: { type: 'string', description: 'Relative to the folder, with forward slashes.' },
    edits: {
      type: 'array',
      items: {
        type: 'object',
        properties: { oldText: { type: 'string' }, newText: { type: 'string' }, replaceAll: { type: 'boolean' } },
        required: ['oldText', 'newText'],
        additionalProperties: false,
      },
    },
    oldText: { type: 'string', description: 'The text to replace, when there is a single edit.' },
    newText: { type: 'string', description: 'What stands there afterwards; empty to remove the text.' },
    replaceAll: { type: 'boolean', description: 'Replaces oldText wherever it is.' },
  },
  required: ['path'],
  schema: v.pipe(
    v.unknown(),
    v.transform(withUsualNames),
    v.object({
      path: v.pipe(text, v.nonEmpty('must not be empty')),
      edits: v.nullish(v.union([v.array(edit), text])),
      oldText: v.nullish(text),
      newText: v.nullish(text),
      replaceAll: v.nullish(v.boolean()),
      patch: v.nullish(text),
    }),
    v.rawTransform(({ dataset, addIssue, NEVER }): FileChange & { readonly path: string } => {
      const { path, edits, oldText, newText, replaceAll, patch } = dataset.value;
      const names = [path];
      if (typeof edits === 'object' && edits !== null && edits.length > 0) {
        return { path, kind: 'update', names, edits: edits.map(textEdit) };
      }
      // Some models write a diff or SEARCH/REPLACE blocks for one file, wherever there is room for it.
      const written = (typeof edits === 'string' && edits) || patch || (typeof oldText !== 'string' && newText) || '';
      if (written !== '') {
        const read = readChanges(written, path);
        const [change] = read.ok ? read.changes : [];
        if (change) return { path, ...change };
        if (!read.ok) addIssue({ message: read.message.replace(/\.$/, '') });
        return NEVER;
      }
      if (typeof oldText === 'string' && typeof newText === 'string') {
        return { path, kind: 'update', names, edits: [textEdit({ oldText, newText, replaceAll })] };
      }
      addIssue({ message: 'Give "edits" with at least one edit, or "oldText" and "newText"' });
      return NEVER;
    }),
  ),
  target: ({ path }) => path,
  run: ({ path: _, ...change }, { copy, signal }) => changeFiles([change], copy, signal),
});

function textEdit({ oldText, newText, replaceAll }: v.InferOutput<typeof edit>): Edit {
  return { kind: 'text', oldText, newText, ...(replaceAll && { replaceAll }) };
}

function withUsualNames(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(withUsualNames);
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      otherNames[name] ?? name,
      name === 'edits' ? withUsualNames(value) : value,
    ]),
  );
}
